import type { ScenarioTestTurn } from '../../contracts/scenario-test.ts';
import type { Answer, Part } from '../testing/rehearsed-model.ts';

/** What a test has its model answer, in the order of requests, and what it was asked beyond that. */
export interface WrittenAnswers {
  /** From here on those of this turn. @returns how many of the turn before were never asked for */
  turn(turn: ScenarioTestTurn): number;
  next(): Answer;
  /** Requests of this turn for which the test has no answer. */
  beyond(): number;
}

/** Said where the test has no answer: it fails anyhow. */
const nothingWritten = 'There is no answer.';

export function createWrittenAnswers(): WrittenAnswers {
  let left: Part[][] = [];
  let beyond = 0;
  return {
    turn: ({ model = [] }) => {
      const unused = left.length;
      left = model.map(answer => [answer].flat().map(partOf));
      beyond = 0;
      return unused;
    },
    next: () => {
      const answer = left.shift();
      if (!answer) beyond++;
      return answer ?? nothingWritten;
    },
    beyond: () => beyond,
  };
}

type Line = Exclude<NonNullable<ScenarioTestTurn['model']>[number], readonly unknown[]>;

function partOf(line: Line): Part {
  if ('say' in line) return `${line.say} `;
  if ('tool' in line) return { tool: line.tool, args: line.with };
  const { handOff: to, reason, summary } = line;
  return { tool: 'hand-off', args: { to, reason, summary } };
}
