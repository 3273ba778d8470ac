import { setTimeout as after } from 'node:timers/promises';
import { callIdOf } from '../contracts/call-id.ts';
import { finishedJournal } from './finished-journal.ts';
import { agentIsDone, ring } from './turn-call.ts';
import { missing } from './turn-facts.ts';
import { turnSpeech, type WholeSystem } from './whole-system.ts';

/**
 * Speech recognition is gone for two seconds while callers are in the middle of a sentence: every connection is cut and new
 * ones are refused. What they said meanwhile must still reach the record.
 */
export interface DeafSeconds {
  callers: number;
  sentenceWords: number;
  /** Words that the records lack, of each caller. */
  wordsMissing: number[];
  /** From the caller's last sound to the agent's first, ms. */
  replyMs: number[];
}

const sentence =
  'On the way home from the station my daughter found a small brown dog without a collar and now we would like to know what to do';
const outageMs = 2000;
/** Into the sentence. */
const afterMs = 1500;

export async function deafSeconds(whole: WholeSystem, callers: number, firstNumber: number): Promise<DeafSeconds> {
  const ringing = Array.from({ length: callers }, (_, i) => {
    const seed = firstNumber + i;
    return ring(whole.acs.line, `+1555${String(seed)}`, { seed, wordGapMs: 0 });
  });
  const calls = await Promise.all(ringing);
  await Promise.all(calls.map(({ caller, fromUs }) => agentIsDone(caller, fromUs, 800)));
  const saying = Promise.all(calls.map(({ caller }) => caller.say(sentence)));
  await after(afterMs);
  await turnSpeech(whole.speechUrl, 'faults', { stt: { refuse: { status: 503 } } });
  await fetch(`${whole.speechUrl}/emulator/close`, {
    method: 'POST',
    body: JSON.stringify({ service: 'stt', abort: true }),
  });
  await after(outageMs);
  await turnSpeech(whole.speechUrl, 'faults', { stt: { refuse: null } });
  const said = await saying;
  const found = await Promise.all(
    calls.map(async ({ caller }, i) => {
      const { endedUs } = said[i]!;
      await agentIsDone(caller, endedUs, 3000);
      const reply = caller.agentSounds.find(({ startUs }) => startUs >= endedUs);
      await caller.hangUp();
      const journal = await finishedJournal(whole.store, callIdOf(caller.correlationId));
      const texts = new Map(
        journal.flatMap(event => (event.type === 'caller-spoke' ? [[event.turn, event.text] as const] : [])),
      );
      return {
        wordsMissing: missing(sentence, [...texts.values()].join(' ')),
        replyMs: reply ? [(reply.startUs - endedUs) / 1000] : [],
      };
    }),
  );
  return {
    callers,
    sentenceWords: sentence.split(' ').length,
    wordsMissing: found.map(one => one.wordsMissing),
    replyMs: found.flatMap(one => one.replyMs),
  };
}
