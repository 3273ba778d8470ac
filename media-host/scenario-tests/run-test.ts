import type { FoundTest } from '../../agents/loader/found-tests.ts';
import type { Agents } from '../../agents/loader/load.ts';
import type { ScenarioTest, ScenarioTestTurn } from '../../contracts/scenario-test.ts';
import { chanceOf } from '../testing/chance.ts';
import { createRehearsedModel } from '../testing/rehearsed-model.ts';
import { settled, stageClock } from '../testing/stage-clock.ts';
import { audioCall } from './audio-call.ts';
import type { CallUnderTest } from './call-under-test.ts';
import { disappointments, greetingProblems } from './judge.ts';
import type { TurnOutcome } from './outcome.ts';
import { createRealWork, heldBy } from './real-work.ts';
import { testHouse } from './test-house.ts';
import { textCall } from './text-call.ts';
import { createWrittenAnswers, type WrittenAnswers } from './written-answers.ts';

/** Runs one test in one way and tells what came of it; a test that fails is a result, too. */
export type Mode = 'text' | 'audio' | 'real';

export interface TestResult {
  name: string;
  promise: string;
  scenario: string;
  mode: Mode;
  /** A sentence for everything that was not as expected. */
  problems: readonly string[];
  turns: readonly { expected: ScenarioTestTurn['expect']; outcome: TurnOutcome }[];
  /** Of the machine. */
  wallMs: number;
}

export interface TestBed {
  folder: string;
  agents: Agents;
}

const patienceMs = 180_000;
const stepMs = 100;

export async function runTest(
  { folder, agents }: TestBed,
  { name, test }: FoundTest,
  mode: 'text' | 'audio',
): Promise<TestResult> {
  const startedMs = performance.now();
  const answers = createWrittenAnswers();
  const work = createRealWork();
  const clock = heldBy(work, stageClock());
  const house = await testHouse({ folder, agents, test, work, now: clock.now });
  const seed = `${name}, a scenario test`;

  const inText = () => {
    const model = createRehearsedModel(() => answers.next(), {}, { clock, chance: chanceOf(seed) });
    const until = async (what: string, isSo: () => boolean) => {
      const end = clock.now() + patienceMs;
      for (await settled(); !isSo(); await settled()) {
        if (clock.now() >= end) throw new Error(`within ${patienceMs} ms: no ${what}`);
        await clock.pass(stepMs);
      }
    };
    return textCall({ house, ...clock, model, defaultModel: 'gpt-test', until });
  };
  const call = mode === 'text' ? inText() : await audioCall({ name: seed, house, answer: answers.next, clock });
  const played = await play(call, test, answers);
  return { ...judged({ name, test }, played, mode), wallMs: performance.now() - startedMs };
}

export interface Played {
  turns: readonly TurnOutcome[];
  /** By the turn they belong to, the greeting being the first. */
  problems: readonly string[];
}

/** @param answers of the test; absent where a real model answers */
export async function play(call: CallUnderTest, { turns }: ScenarioTest, answers?: WrittenAnswers): Promise<Played> {
  const problems: string[] = [];
  const asked = (at: number) => {
    if (!answers) return;
    const beyond = answers.beyond();
    if (beyond > 0)
      problems.push(`${placeOf(turns, at)}: the model was asked ${beyond} × more than the test has answers`);
  };
  try {
    await call.greeting(turns[0]);
    for (const [at, turn] of turns.entries()) {
      const unused = answers?.turn(turn) ?? 0;
      // Whoever speaks over an answer may keep its rest from being asked for.
      if (unused > 0 && turn.bargeInMs === undefined)
        problems.push(`${placeOf(turns, at - 1)}: ${unused} of the model’s answers were never asked for`);
      await call.turn(turn, turns[at + 1]);
      asked(at);
    }
    const unused = answers?.turn({ says: 'goodbye', expect: {} }) ?? 0;
    if (unused > 0)
      problems.push(`${placeOf(turns, turns.length - 1)}: ${unused} of the model’s answers were never asked for`);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  const ended = await call.end();
  return { turns: ended.turns, problems: [...problems, ...ended.faults] };
}

export function judged({ name, test }: FoundTest, { turns, problems }: Played, mode: Mode): Omit<TestResult, 'wallMs'> {
  const [greeting, ...answers] = turns;
  const of = test.turns.flatMap((turn, at) => {
    const outcome = answers[at];
    return outcome ? [{ turn, outcome, at }] : [];
  });
  const early = of.findIndex(({ outcome, at }) => outcome.ended !== undefined && at < test.turns.length - 1);
  return {
    name,
    promise: test.promise,
    scenario: test.scenario,
    mode,
    problems: [
      ...(greeting ? greetingProblems(test.greeting, greeting).map(what => `greeting: ${what}`) : []),
      ...of.flatMap(({ turn, outcome, at }) =>
        disappointments(turn, outcome, mode).map(what => `${placeOf(test.turns, at)}: ${what}`),
      ),
      ...(early === -1 ? [] : [`${placeOf(test.turns, early + 1)}: the call was over by then`]),
      ...problems,
    ],
    turns: of.map(({ turn, outcome }) => ({ expected: turn.expect, outcome })),
  };
}

function placeOf(turns: readonly ScenarioTestTurn[], at: number): string {
  const turn = turns[at];
  return turn ? `turn ${at + 1} (${turn.says === undefined ? `keys ${turn.presses}` : `"${turn.says}"`})` : 'greeting';
}
