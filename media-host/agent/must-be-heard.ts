import { cutWhole } from '../speech/sentences.ts';
import { plainWords } from '../turn/words/tokens.ts';

/**
 * Tells which pieces of a reply belong to a statement that must be heard. Statements are whole sentences, but a reply
 * comes in pieces that may be clauses, so a piece counts as soon as a statement goes on as it does: a word too many
 * protected is better than the beginning of a warning talked away.
 */
export interface StatementWatch {
  /** The reply's next piece. */
  mustBeHeard(piece: string): boolean;
}

interface Word {
  text: string;
  /** A sentence ends with it. */
  ends: boolean;
}

export function watchStatements(statements: readonly string[]): StatementWatch {
  const sought = statements.map(wordsOf);
  /** Places where statements that have begun go on. */
  let begun: { statement: Word[]; from: number }[] = [];
  return {
    mustBeHeard(piece) {
      const spoken = plainWords(piece);
      const ends = /[.!?…。！？؟]["'”’»)\]]*\s*$/u.test(piece);
      const places = [...begun, ...sought.map(statement => ({ statement, from: 0 }))];
      const matched = spoken.length === 0 ? [] : places.filter(place => goesOn(place, spoken, ends));
      begun = matched
        .map(({ statement, from }) => ({ statement, from: from + spoken.length }))
        .filter(({ statement, from }) => from < statement.length);
      return matched.length > 0;
    },
  };
}

function goesOn({ statement, from }: { statement: Word[]; from: number }, spoken: string[], ends: boolean): boolean {
  if (spoken.some((text, at) => statement[from + at]?.text !== text)) return false;
  return !ends || statement[from + spoken.length - 1]?.ends === true;
}

function wordsOf(statement: string): Word[] {
  const whole = { firstMinChars: Number.POSITIVE_INFINITY, maxChars: Number.POSITIVE_INFINITY };
  return cutWhole(statement, whole).flatMap(sentence => {
    const words = plainWords(sentence);
    return words.map((text, at) => ({ text, ends: at === words.length - 1 }));
  });
}
