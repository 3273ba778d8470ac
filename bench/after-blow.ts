import type { CallEvent } from '../contracts/call-event.ts';
import type { AgentSound, HeardWord } from '../emulators/caller/caller.ts';
import type { Saying } from './booking.ts';
import { playedOnUs } from './booking-caller.ts';
import { plainWords } from './narration.ts';

/** What one caller went through, as the ear and the record tell it. Times are µs of the monotonic clock. */
export interface Ordeal {
  blowUs: number;
  /** When the caller hung up, or found the call over. */
  toUs: number;
  said: readonly { saying: Saying; utterance: { startedUs: number; endedUs: number } }[];
  sounds: readonly AgentSound[];
  words: readonly HeardWord[];
  /** The final record's journal. */
  events: readonly CallEvent[];
}

/**
 * From the blow, or from the caller's last sound before the agent's next, to that next sound, ms. Where the agent was
 * never heard again it is the time until the call was over, and `heard` is false.
 */
export function audibleAgain({ blowUs, toUs, said, sounds }: Ordeal): { ms: number; heard: boolean } {
  const again = sounds.find(({ startUs }) => startUs > blowUs + playedOnUs);
  const atUs = again?.startUs ?? toUs;
  const spokenUs = said.map(({ utterance }) => utterance.endedUs).filter(endedUs => endedUs <= atUs);
  return { ms: (atUs - Math.max(blowUs, ...spokenUs)) / 1000, heard: again !== undefined };
}

/** Whether something that was said after the blow was answered. */
export function wentOn({ blowUs, said, words }: Ordeal): boolean {
  return said.some(({ saying, utterance }) => {
    if (utterance.startedUs <= blowUs) return false;
    return hears(wordsAfter(words, utterance.endedUs), saying.answer);
  });
}

/** Turns that were heard to have happened before the blow and are not in the record. */
export function lostTurns({ blowUs, said, words, events }: Ordeal): { caller: number; agent: number } {
  const spoken = (type: 'caller-spoke' | 'agent-spoke') =>
    events.flatMap(event => (event.type === type ? [plainWords(event.text)] : []));
  const callers = spoken('caller-spoke');
  const agents = spoken('agent-spoke');
  const before = words.filter(({ endUs }) => endUs <= blowUs);
  const lost = { caller: 0, agent: 0 };
  for (const { saying, utterance } of said) {
    const reply = wordsAfter(before, utterance.endedUs);
    if (!hears(reply, saying.answer)) continue;
    if (!callers.some(text => text.includes(plainWords(saying.word)[0] ?? ''))) lost.caller++;
    if (!agents.some(text => hears(text, saying.answer))) lost.agent++;
  }
  return lost;
}

/** Whether the agent still knew, at the end, who had been calling. */
export function knewWho({ said, words }: Ordeal, question: Saying): boolean {
  const asked = said.find(({ saying }) => saying.text === question.text);
  return asked !== undefined && hears(wordsAfter(words, asked.utterance.endedUs), question.answer);
}

/** The longest silence between two sounds of the agent after the blow in which the caller said nothing, ms. */
export function longestPauseMs({ blowUs, said, sounds }: Ordeal): number {
  const pauses = sounds.slice(1).map((sound, i) => {
    const fromUs = sounds[i]?.endUs ?? 0;
    const callerSpoke = said.some(({ utterance }) => utterance.startedUs < sound.startUs && utterance.endedUs > fromUs);
    return callerSpoke || sound.startUs < blowUs ? 0 : (sound.startUs - fromUs) / 1000;
  });
  return Math.max(0, ...pauses);
}

const wordsAfter = (words: readonly HeardWord[], fromUs: number): string[] =>
  words.filter(({ startUs }) => startUs >= fromUs).flatMap(({ text }) => plainWords(text));

/** Whether these words occur in a row. */
export function hears(words: readonly string[], text: string): boolean {
  const wanted = plainWords(text);
  return words.some((_, i) => wanted.every((word, j) => words[i + j] === word));
}
