import { expect, test } from 'vitest';
import type { CallEvent } from '../contracts/call-event.ts';
import { audibleAgain, knewWho, longestPauseMs, lostTurns, type Ordeal, wentOn } from './after-blow.ts';
import { asksWho, books } from './booking.ts';

const second = 1_000_000;

/** Words of the agent, a fifth of a second each. */
const heard = (text: string, fromUs: number): Ordeal['words'] =>
  text.split(' ').map((word, i) => {
    const startUs = fromUs + (i * second) / 5;
    return { text: word, startUs, endUs: startUs + second / 5, atMs: startUs / 1000, utterance: 0 };
  });

const sound = (startUs: number, endUs: number) => ({ startUs, endUs, soundMs: (endUs - startUs) / 1000, over: true });
const saidAt = (saying: Ordeal['said'][number]['saying'], startedUs: number) => ({
  saying,
  utterance: { startedUs, endedUs: startedUs + second },
});
const callerSpoke = (text: string): CallEvent => ({
  ...{ type: 'caller-spoke', turn: 1, text, startMs: 0, endMs: 1000, seq: 0, at: 0 },
});
const agentSpoke = (text: string): CallEvent => ({
  ...{ type: 'agent-spoke', turn: 1, agent: 'booker', text, heard: text, interrupted: false },
  ...{ startMs: 0, endMs: 1000, seq: 1, at: 0 },
});

/** Asked for at 1 s, answered at 3 s, the blow in the middle of the answer. */
const ordeal = (more: Partial<Ordeal>): Ordeal => ({
  blowUs: 5 * second,
  toUs: 30 * second,
  said: [saidAt(books('delta'), second)],
  sounds: [sound(3 * second, 5.1 * second)],
  words: heard('Table delta is booked for you.', 3 * second),
  events: [],
  ...more,
});

test('what ACS still played of the dead host is not the agent being audible again', () => {
  const sounds = [sound(3 * second, 5.1 * second), sound(5.2 * second, 5.25 * second), sound(7 * second, 8 * second)];
  expect(audibleAgain(ordeal({ sounds }))).toEqual({ ms: 2000, heard: true });
});

test('who spoke after the blow waits from the end of that', () => {
  const said = [saidAt(books('delta'), second), saidAt(books('echo'), 6 * second)];
  const sounds = [sound(9 * second, 10 * second)];
  expect(audibleAgain(ordeal({ said, sounds }))).toEqual({ ms: 2000, heard: true });
});

test('an agent who is never heard again was waited for until the call was over', () => {
  expect(audibleAgain(ordeal({}))).toEqual({ ms: 25_000, heard: false });
});

test('a turn that was heard before the blow and is in no record is lost on both sides', () => {
  expect(lostTurns(ordeal({}))).toEqual({ caller: 1, agent: 1 });
  const events = [callerSpoke('Please book table Delta.'), agentSpoke('Table delta is booked for you. It stands')];
  expect(lostTurns(ordeal({ events }))).toEqual({ caller: 0, agent: 0 });
});

test('an answer that had not been heard is not missed', () => {
  expect(lostTurns(ordeal({ blowUs: 3.3 * second }))).toEqual({ caller: 0, agent: 0 });
});

test('a call went on when what was said after the blow was answered, and not by any other answer', () => {
  const said = [saidAt(books('delta'), second), saidAt(books('echo'), 6 * second)];
  const answered = (text: string) => wentOn(ordeal({ said, words: heard(text, 8 * second) }));
  expect(answered('Table echo is booked for you.')).toBe(true);
  expect(answered('Table delta is booked for you.')).toBe(false);
  expect(wentOn(ordeal({}))).toBe(false);
});

test('the agent knew who called when it says the name after the question', () => {
  const question = asksWho('Clara');
  const said = [saidAt(question, 10 * second)];
  expect(knewWho(ordeal({ said, words: heard('You are Clara.', 12 * second) }), question)).toBe(true);
  expect(knewWho(ordeal({ said, words: heard('I did not catch that.', 12 * second) }), question)).toBe(false);
});

test('a pause in which the caller spoke is not the agent’s', () => {
  const sounds = [sound(4 * second, 5.5 * second), sound(6 * second, 7 * second), sound(11 * second, 12 * second)];
  expect(longestPauseMs(ordeal({ sounds, said: [saidAt(books('echo'), 8 * second)] }))).toBe(500);
});
