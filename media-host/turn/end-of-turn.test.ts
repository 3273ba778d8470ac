import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { typicalPauses } from './caller-pauses.ts';
import {
  type EndOfTurn,
  type EndOfTurnEvent,
  type EndOfTurnRules,
  endOfTurn,
  nothingSaid,
  saidSoFar,
  turnEndsAt,
} from './end-of-turn.ts';

const rules: EndOfTurnRules = { language: 'en-US', expects: 'anything', sttLagMs: 1000 };
const silenceMs = { complete: 200, likely: 300, open: 600, unfinished: 1200, collecting: 1500 };
const plain: EndOfTurnRules = { ...rules, silenceMs };

const on = (at: number): EndOfTurnEvent => ({ type: 'voice', on: true, at });
const off = (at: number): EndOfTurnEvent => ({ type: 'voice', on: false, at });
const partial = (at: number, text: string): EndOfTurnEvent => ({ type: 'partial', text, at });
const final = (at: number, text: string): EndOfTurnEvent => ({ type: 'final', text, at });
const taken = (at: number): EndOfTurnEvent => ({ type: 'taken', at });

function told(events: readonly EndOfTurnEvent[], from: EndOfTurn = nothingSaid, by: EndOfTurnRules = plain): EndOfTurn {
  return events.reduce((state, event) => endOfTurn(state, event, by), from);
}
const endsAt = (events: readonly EndOfTurnEvent[], by: EndOfTurnRules = plain): number | undefined =>
  turnEndsAt(told(events, nothingSaid, by), by);

const endsAfter = (state: EndOfTurn): number => (turnEndsAt(state, plain) ?? Number.NaN) - state.voiceOffAt;

describe('a turn ends', () => {
  test('not before anything is said, nor while the caller speaks', () => {
    expect(endsAt([])).toBeUndefined();
    expect(endsAt([on(0), off(900)])).toBeUndefined();
    expect(endsAt([on(0), partial(500, 'i want to pay')])).toBeUndefined();
  });

  test.each([
    ['can i pay by card', 200],
    ['i want to pay my bill', 300],
    ['if i pay today', 600],
    ['i want to pay my', 1200],
    ['five five five one two three', 1500],
  ])('after "%s" with %i ms of silence', (text, silence) => {
    expect(endsAt([on(0), off(1000), partial(1150, text)])).toBe(1000 + silence);
  });

  test('on a hypothesis, long before its final', () => {
    const events = [on(0), partial(900, 'i want to pay my'), off(1000), partial(1200, 'i want to pay my bill')];
    expect(endsAt(events)).toBe(1300);
  });

  test('not before a hypothesis could have brought the last word, and not much later either', () => {
    expect(endsAt([on(0), partial(900, 'can i pay by card'), off(1000)])).toBe(900 + 300 + 60);
    expect(endsAt([on(0), partial(1050, 'can i pay by card'), off(1000)])).toBe(1050 + 300 + 60);
    expect(endsAt([on(0), partial(900, 'can i pay by card'), off(1000), partial(1160, 'can i pay by card')])).toBe(
      1200,
    );
    expect(endsAt([on(0), partial(300, 'can i pay by card'), off(1000)])).toBe(1000 + 200);
  });

  test('as soon as it may where the words told reach to the end of the voice', () => {
    const until = (at: number, saidUntil: number): EndOfTurnEvent => ({
      type: 'partial',
      text: 'can i pay by card',
      at,
      saidUntil,
    });
    expect(endsAt([on(0), until(1010, 990), off(1000)])).toBe(1200);
    expect(endsAt([on(0), until(1010, 940), off(1000)])).toBe(1200);
    // A word may lie between: the next hypothesis would bring it.
    expect(endsAt([on(0), until(1010, 880), off(1000)])).toBe(1010 + 300 + 60);
    expect(endsAt([on(0), until(1010, 880), off(1000), until(1250, 990)])).toBe(1250);
    // Nobody hears a word before it has ended: such a time is no proof.
    expect(endsAt([on(0), until(1010, 1150), off(1000)])).toBe(1010 + 300 + 60);
    // And one that came with words of a stretch before says nothing of this one.
    expect(endsAt([on(0), until(1010, 990), off(1000), on(1100), off(1300)])).toBe(1700);
  });

  test('later for who says words one by one, who has not paused for all that', () => {
    const gap = (n: number): EndOfTurnEvent[] => [
      on(n * 400),
      off(n * 400 + 280),
      partial(n * 400 + 290, `w${'o'.repeat(n)}`),
    ];
    const slow = told([0, 1, 2, 3, 4, 5, 6].flatMap(gap));
    expect(slow.hasPaused).toBe(false);
    expect(slow.caller.pausing).toBe(typicalPauses.pausing);
    const silence = (caller: EndOfTurn) =>
      endsAfter(told([taken(5000), on(6000), off(7000), partial(7150, 'can i pay by card')], caller));
    expect(silence(slow)).toBeGreaterThan(silence(nothingSaid));
  });

  test('waits for words of a voice that came after the last final', () => {
    const events = [on(0), off(500), final(1100, 'I want to pay my bill.'), on(1150), off(1400)];
    expect(endsAt(events)).toBe(1400 + 300 + 100);
  });

  test('sooner when the final ends with a full stop, later when with a comma', () => {
    const heard = (text: string) => endsAt([on(0), off(1000), final(1100, text)]);
    expect(heard('I want to pay my bill.')).toBe(1200);
    expect(heard('I want to pay my bill')).toBe(1300);
    expect(heard('I want to pay my bill,')).toBe(1600);
    expect(heard('I want to.')).toBe(2200);
  });

  test('when noise after a final brings no words', () => {
    expect(endsAt([on(0), off(500), final(1100, 'I want to pay.'), on(1200)])).toBe(1200 + 2500);
  });

  test('by the words that came last, when voice detection misses a soft voice', () => {
    expect(endsAt([on(0), off(500), partial(1500, 'i want to pay my bill')])).toBe(1500 + 300 + 100);
  });

  test('without voice detection, a long word after the last hypothesis or at its final', () => {
    expect(endsAt([partial(1000, 'i want to pay my bill')])).toBe(2000);
    expect(endsAt([partial(1000, 'i want to pay my bill'), final(1900, 'I want to pay my bill.')])).toBe(1900);
    expect(endsAt([partial(1000, 'i want to'), final(1900, 'I want to')])).toBe(1000 - 100 + 1200);
    expect(endsAt([final(1900, 'I want to')])).toBe(1900 - 500 + 1200);
  });

  test('as soon as the digits asked for are there', () => {
    const pin: EndOfTurnRules = { ...plain, expects: 'digits', digits: 4 };
    expect(endsAt([on(0), off(1000), partial(1150, 'four four')], pin)).toBe(2500);
    expect(endsAt([on(0), off(1000), partial(1150, 'four four seven one')], pin)).toBe(1200);
  });
});

describe('what was said', () => {
  test('is the finals and the open phrase', () => {
    const state = told([final(1000, 'I want to pay.'), partial(1500, 'my'), partial(1800, 'my bill')]);
    expect(saidSoFar(state)).toEqual({ text: 'I want to pay. my bill', finals: ['I want to pay.'], open: 'my bill' });
  });

  test('loses the open phrase when it was no speech', () => {
    expect(saidSoFar(told([final(1000, 'Yes.'), partial(1500, 'h'), { type: 'no-match', at: 2000 }])).text).toBe(
      'Yes.',
    );
  });

  test('begins anew once the turn is taken', () => {
    const state = told([on(0), off(900), partial(1000, 'yes'), taken(1300)]);
    expect(saidSoFar(state).text).toBe('');
    expect(turnEndsAt(state, plain)).toBeUndefined();
  });
});

describe('this caller', () => {
  /** One turn of "i want to pay", with a pause of so many ms inside. */
  const pausing = (from: number, ms: number): EndOfTurnEvent[] => [
    ...[on(from), off(from + 500), partial(from + 620, 'i want')],
    ...[
      on(from + 500 + ms),
      off(from + 1000 + ms),
      partial(from + 1120 + ms, 'i want to pay'),
      taken(from + 1400 + ms),
    ],
  ];
  const silenceAfter = (events: readonly EndOfTurnEvent[]): number => {
    const state = told([...events, on(100_000), off(101_000), partial(101_150, 'i want to pay my bill')]);
    return turnEndsAt(state, plain)! - 101_000;
  };
  const turns = (count: number, ms: number): EndOfTurnEvent[] =>
    Array.from({ length: count }, (_, i) => pausing(i * 5000, ms)).flat();

  test('is given more time after long pauses inside turns, less after short ones', () => {
    expect(silenceAfter(turns(6, 1100))).toBeGreaterThan(silenceAfter(turns(6, 250)));
    expect(silenceAfter(turns(6, 1100))).toBeGreaterThan(300);
  });

  test('is given more time when the agent cut in, and less again when it does not', () => {
    const cut = [
      on(0),
      off(900),
      partial(1000, 'i want to pay'),
      taken(1300),
      on(1700),
      off(2300),
      partial(2400, 'my bill'),
    ];
    const once = silenceAfter([...cut, taken(2900)]);
    expect(once).toBeGreaterThan(silenceAfter([]));
    const calm = Array.from({ length: 12 }, (_, i) => {
      const at = 5000 + i * 5000;
      return [on(at), off(at + 800), partial(at + 950, 'i want to pay'), taken(at + 1300)];
    }).flat();
    expect(silenceAfter([...cut, taken(2900), ...calm])).toBeLessThan(once);
  });

  test('does not teach by noise: a voice without words is no pause', () => {
    const noise = [on(0), off(900), partial(1000, 'i want to pay'), on(1150), off(1250), taken(1500)];
    expect(silenceAfter(noise)).toBeLessThanOrEqual(silenceAfter([]));
  });

  test('never makes the agent wait without end', () => {
    const cuts = Array.from({ length: 40 }, (_, i) => [
      ...pausing(i * 10_000, 2900),
      ...[on(i * 10_000 + 4700), off(i * 10_000 + 5000), partial(i * 10_000 + 5200, 'again')],
    ]).flat();
    expect(silenceAfter([...cuts.filter(event => event.at < 100_000), taken(99_999)])).toBeLessThan(2500);
  });
});

describe('laws', () => {
  const texts = [
    'i',
    'i want to',
    'i want to pay my bill',
    'um',
    'five five',
    '4471.',
    'Yes.',
    'at gmail dot com',
    'ok',
    ' ',
  ];
  const text = fc.constantFrom(...texts);
  const event = fc.oneof(
    fc.record({ type: fc.constant('voice' as const), on: fc.boolean() }),
    fc.record({ type: fc.constant('partial' as const), text }),
    fc.record({ type: fc.constant('final' as const), text }),
    fc.record({ type: fc.constant('no-match' as const) }),
    fc.record({ type: fc.constant('taken' as const) }),
  );
  /** Times go on, but a voice may be told up to 150 ms late. */
  const history = fc
    .array(fc.tuple(event, fc.nat({ max: 1500 }), fc.nat({ max: 150 })), { maxLength: 40 })
    .map(steps => {
      let now = 0;
      return steps.map(([one, gap, late]): EndOfTurnEvent => {
        now += gap;
        return { ...one, at: one.type === 'voice' ? Math.max(0, now - late) : now };
      });
    });
  const byRules = fc.constantFrom<EndOfTurnRules>(
    rules,
    { ...rules, expects: 'digits' },
    { ...rules, language: 'de-DE' },
  );

  test('time never runs back, and a turn never ends before the last event', () => {
    fc.assert(
      fc.property(history, byRules, (events, by) => {
        let state = nothingSaid;
        for (const one of events) {
          const next = endOfTurn(state, one, by);
          expect(next.now).toBe(Math.max(state.now, one.at));
          const due = turnEndsAt(next, by);
          if (due !== undefined) {
            expect(due).toBeGreaterThanOrEqual(one.at);
            expect(due).toBeLessThan(next.now + 6000);
          }
          expect(next.voiceOffAt === -Infinity || next.voiceOffAt >= state.voiceOffAt).toBe(true);
          state = next;
        }
      }),
    );
  });

  test('no final is lost until the turn is taken', () => {
    fc.assert(
      fc.property(history, events => {
        let state = nothingSaid;
        let finals: string[] = [];
        for (const one of events) {
          state = endOfTurn(state, one, rules);
          if (one.type === 'final' && one.text.trim() !== '') finals.push(one.text);
          if (one.type === 'taken') finals = [];
          expect(saidSoFar(state).finals).toEqual(finals);
        }
      }),
    );
  });

  test('whoever has said something and is silent gets a turn', () => {
    fc.assert(
      fc.property(history, byRules, (events, by) => {
        const last = Math.max(0, ...events.map(one => one.at));
        const state = told([...events, final(last, 'Yes.'), off(last)], nothingSaid, by);
        expect(turnEndsAt(state, by)).toBeDefined();
      }),
    );
  });

  test('the same events give the same state, and no state is changed in place', () => {
    fc.assert(
      fc.property(history, events => {
        const freeze = (state: EndOfTurn): EndOfTurn =>
          Object.freeze({ ...state, finals: Object.freeze([...state.finals]) });
        const frozen = events.reduce((state, one) => freeze(endOfTurn(state, one, rules)), freeze(nothingSaid));
        expect(frozen).toEqual(told(events, nothingSaid, rules));
      }),
    );
  });
});
