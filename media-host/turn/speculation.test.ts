import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  guessesAt,
  noSpeculation,
  nothingGuessed,
  type SpeculationEvent,
  type SpeculationRules,
  speculate,
} from './speculation.ts';

const rules: SpeculationRules = { ...noSpeculation, tries: 2 };

/** Runs the events, waking where the fold asks to; the intents with the time they came. */
function run(events: SpeculationEvent[], own: Partial<SpeculationRules> = {}, until = 20_000) {
  const all = { ...rules, ...own };
  const done: string[] = [];
  let state = nothingGuessed;
  const apply = (event: SpeculationEvent) => {
    const step = speculate(state, event, all);
    state = step.state;
    for (const intent of step.intents)
      done.push(intent.do === 'guess' ? `${event.at} guess ${intent.text}` : `${event.at} drop`);
  };
  const wakeBefore = (at: number) => {
    const due = guessesAt(state, all);
    if (due !== undefined && due < at) apply({ type: 'wake', at: due });
  };
  for (const event of events) {
    wakeBefore(event.at);
    apply(event);
  }
  wakeBefore(until);
  return done;
}

const words = (at: number, text: string): SpeculationEvent => ({ type: 'words', at, text });
const voice = (at: number, on: boolean): SpeculationEvent => ({ type: 'voice', at, on });

describe('a guess is made', () => {
  test('when words and voice have come to rest, whichever is later', () => {
    expect(run([voice(0, true), words(300, 'are you'), voice(600, false), words(650, 'are you open')])).toEqual([
      '770 guess are you open',
    ]);
    expect(run([voice(0, true), words(300, 'are you open'), voice(900, false)])).toEqual(['1020 guess are you open']);
  });

  test('not while the caller’s voice sounds, however long the words stay the same', () => {
    expect(run([voice(0, true), words(300, 'are you open')])).toEqual([]);
  });

  test('from the words alone where nobody listens for the voice, slower than they come while the caller speaks', () => {
    expect(run([words(300, 'are'), words(600, 'are you'), words(900, 'are you open')])).toEqual([
      '1300 guess are you open',
    ]);
  });

  test('of the words as they are best written', () => {
    expect(run([voice(0, true), voice(400, false), words(500, 'are you open'), words(560, 'Are you open?')])).toEqual([
      '620 guess Are you open?',
    ]);
  });

  test('never by default', () => {
    expect(run([voice(0, true), words(300, 'are you open'), voice(400, false)], noSpeculation)).toEqual([]);
  });

  test('not of a turn that lasts longer than allowed', () => {
    const told = [voice(0, true), words(5000, 'it all began'), voice(9900, false)];
    expect(run(told)).toEqual([]);
    expect(run(told, { maxSpeechMs: 10_020 })).toEqual(['10020 guess it all began']);
  });

  test('not of nothing', () => {
    expect(run([voice(0, true), words(100, '…'), voice(200, false)])).toEqual([]);
  });
});

describe('a guess is dropped', () => {
  test('when other words come, and made again of those within the tries', () => {
    const pause = (at: number, text: string) => [voice(at, true), words(at + 100, text), voice(at + 200, false)];
    const told = [...pause(0, 'i want'), ...pause(1000, 'i want to pay'), ...pause(2000, 'i want to pay my bill')];
    expect(run(told)).toEqual(['320 guess i want', '1100 drop', '1320 guess i want to pay', '2100 drop']);
  });

  test('not when only case and punctuation change, and the same words are not guessed twice', () => {
    const told = [
      words(0, 'are you open'),
      words(600, 'Are you open?'),
      words(700, 'are you'),
      words(800, 'Are you open'),
    ];
    expect(run(told)).toEqual(['400 guess are you open', '700 drop']);
  });

  test('when it was no speech, or the caller took the floor', () => {
    expect(run([words(0, 'hm'), words(600, '')])).toEqual(['400 guess hm', '600 drop']);
    expect(run([words(0, 'hm'), { type: 'barge-in', at: 600 }])).toEqual(['400 guess hm', '600 drop']);
  });
});

test('a turn that is taken leaves its guess to who answers, and the next has all its tries', () => {
  const told: SpeculationEvent[] = [words(0, 'open'), { type: 'taken', at: 500 }, words(3000, 'open')];
  expect(run(told)).toEqual(['400 guess open', '3400 guess open']);
});

test('in any order of events no turn has more guesses than tries, none is made twice, and every drop had a guess', () => {
  const event = fc.oneof(
    fc.record({ type: fc.constant('words' as const), text: fc.constantFrom('', 'a', 'A.', 'a b', 'a b c', 'A, b') }),
    fc.record({ type: fc.constant('voice' as const), on: fc.boolean() }),
    fc.record({ type: fc.constantFrom('wake' as const, 'taken' as const, 'barge-in' as const) }),
  );
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), event), { maxLength: 60 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 3 }), (all, tries) => {
      let state = nothingGuessed;
      let at = 0;
      let guessed: string[] = [];
      let alive = false;
      for (const [gap, what] of all) {
        at += gap;
        const step = speculate(state, { ...what, at }, { ...rules, tries });
        if (what.type === 'taken' || what.type === 'barge-in') guessed = [];
        for (const intent of step.intents) {
          if (intent.do === 'drop') {
            expect(alive).toBe(true);
            alive = false;
          } else {
            const plain = intent.text.toLowerCase().replace(/[^a-z ]/g, '');
            expect(guessed).not.toContain(plain);
            expect(step.state.voice).not.toBe('sounds');
            guessed.push(plain);
            alive = true;
          }
        }
        if (what.type === 'taken') alive = false;
        expect(guessed.length).toBeLessThanOrEqual(tries);
        state = step.state;
      }
    }),
    { numRuns: 500 },
  );
});
