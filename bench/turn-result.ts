import type { DeafSeconds } from './deaf-seconds.ts';
import { atMost, type BenchResult, machine, rounded, type Spread, spread } from './result.ts';
import type { Legs, TurnFacts } from './turn-facts.ts';
import type { PlannedTurn } from './turn-plan.ts';

export interface TurnFindings {
  calls: number;
  turns: readonly TurnFacts[];
  broken: readonly string[];
  silencesMs: readonly number[];
  echoMs: readonly number[];
  deaf: DeafSeconds;
}

const kinds = ['plain', 'hesitating', 'digits', 'email'] as const satisfies readonly PlannedTurn['kind'][];

/** How each leg is told to a person, in the order in which they happen. */
const legs: readonly [keyof Legs, string][] = [
  ['endOfTurnMs', 'end of turn decided (after the last word)'],
  ['sttMs', 'final transcript (after the last word)'],
  ['modelMs', 'model, first token'],
  ['sentenceMs', 'first sentence'],
  ['ttsMs', 'first sound of it'],
  ['outMs', 'first frame out'],
  ['ownMs', 'own overhead in all that'],
  ['replyMs', 'last word to first frame out'],
];

export function turnResult({ calls, turns, broken, silencesMs, echoMs, deaf }: TurnFindings): BenchResult {
  const of = (...kind: PlannedTurn['kind'][]) => turns.filter(({ planned }) => kind.includes(planned.kind));
  const people = of('plain', 'hesitating');
  const ends = values(people, one => one.endOfTurnMs);
  const own = spread(values(turns, one => one.legs.ownMs));
  const reply = spread(values(people, one => one.replyAtEarMs));
  const floor = spread(echoMs);
  const silence = spread(silencesMs);
  const deafest = Math.max(0, ...deaf.wordsMissing);
  return {
    name: 'turn',
    machine: machine(),
    metrics: {
      calls,
      ...Object.fromEntries(kinds.map(kind => [`turns, ${kind}`, cutsOf(of(kind))])),
      ...Object.fromEntries(
        kinds.map(kind => [
          `caller’s last sound to decision, ${kind}, ms`,
          told(values(of(kind), one => one.endOfTurnMs)),
        ]),
      ),
      'caller’s last sound to the agent’s first at the ear, ms': reply,
      'floor: the same through a relay that echoes, ms': floor,
      ...Object.fromEntries(
        legs.map(([leg, name]) => [`reply: ${name}, ms`, spread(values(people, one => one.legs[leg]))]),
      ),
      'words the records lack': turns.reduce((sum, one) => sum + one.wordsMissing, 0),
      'longest silence of each call, ms': silence,
      'recognition away for 2 s: words lacking of each sentence': spread(deaf.wordsMissing),
      'recognition away for 2 s: last sound to reply, ms': spread(deaf.replyMs),
    },
    promises: [
      atMost('calls that broke off', 0, broken.length, 'calls'),
      atMost('end of turn, mean', 350, mean(ends), 'ms'),
      atMost('turns cut off', 3, (100 * people.filter(one => one.cutOff).length) / people.length, '%'),
      atMost('numbers cut off', 0, of('digits').filter(one => one.cutOff).length, 'turns'),
      atMost('e-mail addresses cut off', 0, of('email').filter(one => one.cutOff).length, 'turns'),
      atMost('own overhead of a turn p50', 10, own.p50, 'ms'),
      atMost('own overhead of a turn p99', 30, own.p99, 'ms'),
      atMost('words lacking after two deaf seconds, most', 0, deafest, `of ${deaf.sentenceWords} words`),
      atMost('callers without a reply after two deaf seconds', 0, deaf.callers - deaf.replyMs.length, 'callers'),
      atMost('longest silence', 4000, silence.max, 'ms'),
    ],
  };
}

function cutsOf(turns: readonly TurnFacts[]): Record<string, number> {
  const cut = turns.filter(one => one.cutOff);
  return {
    n: turns.length,
    'cut off': cut.length,
    'of them unheard': cut.filter(one => one.silently).length,
    'end told late': turns.filter(one => one.misdated).length,
    'without reply': turns.filter(one => one.replyAtEarMs === undefined).length,
  };
}

const told = (ms: readonly number[]): Spread & { mean: number } => ({ ...spread(ms), mean: rounded(mean(ms)) });
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const values = (turns: readonly TurnFacts[], of: (one: TurnFacts) => number | undefined): number[] =>
  turns.flatMap(one => of(one) ?? []);
