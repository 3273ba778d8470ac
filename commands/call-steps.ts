import type { Step } from '../emulators/caller/conversation.ts';
import { type Recording, readRecording } from './recording.ts';

/** Turns the options of `npm run call` into the steps of a conversation. */
export type Asked = { say: string } | { wav: string } | { dtmf: string } | { coughMs: number };

export interface Plan {
  steps: Step[];
  /** Recordings whose words are known: the offline ear must learn them first. */
  recordings: Recording[];
}

/** What interrupts when there is only one utterance. */
const interruption = 'Wait, stop.';
/** A cough comes this long after the agent began, unless told otherwise. */
const coughAfterMs = 400;

export async function planCall(
  asked: readonly Asked[],
  { bargeInMs, words }: { bargeInMs?: number | undefined; words?: string | undefined } = {},
): Promise<Plan> {
  const recordings: Recording[] = [];
  const steps: Step[] = [];
  let spoken = 0;
  const cutIn = () => (bargeInMs !== undefined && spoken++ > 0 ? { bargeInMs } : {});
  for (const one of asked) {
    if ('say' in one) steps.push({ say: one.say, ...cutIn() });
    else if ('dtmf' in one) steps.push({ dtmf: one.dtmf, reply: false });
    else if ('coughMs' in one) steps.push({ coughMs: one.coughMs, bargeInMs: bargeInMs ?? coughAfterMs });
    else {
      const recording = await readRecording(one.wav, words);
      if (recording.words !== undefined) recordings.push(recording);
      steps.push({ wav: { pcm: samplesOf(recording.pcm), words: recording.words ?? '' }, ...cutIn() });
    }
  }
  if (bargeInMs !== undefined && spoken === 1) steps.push({ say: interruption, bargeInMs });
  return { steps, recordings };
}

function samplesOf(pcm: Buffer): Int16Array {
  const samples = new Int16Array(pcm.length / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = pcm.readInt16LE(i * 2);
  return samples;
}

/** Tells the speech stand-in what a recording says. */
export async function teachWords(speechUrl: string, { name, pcm, words }: Recording): Promise<void> {
  const answer = await fetch(new URL('/emulator/phrasebook', speechUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, words, pcmBase64: pcm.toString('base64') }),
  });
  if (!answer.ok)
    throw new Error(
      `The speech stand-in did not take ${name} (${answer.status}): ${(await answer.text()).slice(0, 300)}`,
    );
}
