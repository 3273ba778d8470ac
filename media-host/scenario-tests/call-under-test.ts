import type { ScenarioTestTurn } from '../../contracts/scenario-test.ts';
import type { TurnOutcome } from './outcome.ts';

/** A call in which a test is run, in text or in sound. */
export interface CallUnderTest {
  /** Runs until the greeting is over, or `next` speaks over it. */
  greeting(next: ScenarioTestTurn | undefined): Promise<void>;
  /** The caller says or presses what the turn has; runs until the answer is over, or `next` speaks over it. */
  turn(turn: ScenarioTestTurn, next: ScenarioTestTurn | undefined): Promise<void>;
  /** Hangs up, where nobody has. @returns what came of the greeting and of each turn, and what was wrong with the whole */
  end(): Promise<{ turns: readonly TurnOutcome[]; faults: readonly string[] }>;
}
