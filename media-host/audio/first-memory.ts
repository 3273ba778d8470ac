import { modelSamples, type VoiceModel, windowSamples } from './voice-model.ts';

/**
 * The memory a call begins with. A model that has heard nothing yet takes the first keys, coughs and chords it hears for a
 * voice; one that has heard ten seconds of bursts of hiss does not, and notices a voice 10 ms later at most.
 */
export async function firstMemory(model: VoiceModel): Promise<Float32Array> {
  const sound = bursts();
  const memory = model.noMemory();
  const context = modelSamples - windowSamples;
  for (let from = context; from + windowSamples <= sound.length; from += windowSamples) {
    const read = (into: Float32Array, at: number) => into.set(sound.subarray(from - context, from + windowSamples), at);
    await model.judge([{ read, memory }]);
  }
  return memory;
}

const burstSamples = 3200;
const everySamples = 8000;
const count = 20;

/** 200 ms from -24 dBFS down, every half second, on a line at -62 dBFS; always the same. */
function bursts(): Float32Array {
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return (seed / 2 ** 32) * 2 - 1;
  };
  return Float32Array.from({ length: count * everySamples }, (_, i) => {
    const into = i % everySamples;
    const burst = into < burstSamples ? 0.1 * Math.exp((-4 * into) / burstSamples) : 0;
    return random() * (0.0014 + burst);
  });
}
