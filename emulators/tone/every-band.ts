/** Hears words in whichever band they come, as long as the stream has room for it: callers in one, agents in the other. */
import { BANDS, type Band, type ToneWord } from './alphabet.ts';
import { createToneDecoder, type ToneDecoder } from './decode.ts';

/** Words that ended in the same push are told in the order in which they began. */
export function createEveryBandDecoder({ sampleRate }: { sampleRate: number }): ToneDecoder {
  const decoders = (Object.keys(BANDS) as Band[])
    .filter(band => sampleRate >= BANDS[band].leastSampleRate)
    .map(band => createToneDecoder({ sampleRate, band }));
  return {
    push(pcm) {
      const words: ToneWord[] = [];
      for (const decoder of decoders) for (const word of decoder.push(pcm)) words.push(word);
      return words.length > 1 ? words.sort((a, b) => a.startSample - b.startSample) : words;
    },
    soundingSince() {
      const since = decoders.map(decoder => decoder.soundingSince()).filter(sample => sample !== undefined);
      return since.length > 0 ? Math.min(...since) : undefined;
    },
    reset() {
      for (const decoder of decoders) decoder.reset();
    },
  };
}
