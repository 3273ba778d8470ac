import type { SeekingPhrases } from '../../contracts/agent-phrases.ts';
import type { BackReason, SeekingLine } from '../turn/seeking.ts';

/** What the caller is told while a person is sought, in the agent's language; never the same twice in a row. */
export interface SeekingLines {
  next(line: SeekingLine): string;
  /** The search is over. `answered`: the agent goes on with what the caller has said, and asks for nothing. */
  over(reason: BackReason, answered: boolean): string;
}

export function createSeekingLines(phrases: SeekingPhrases): SeekingLines {
  let last = '';
  let turn = 0;

  const oneOf = (texts: readonly string[]): string => {
    const text = texts[turn++ % texts.length] ?? '';
    return text === last && texts.length > 1 ? oneOf(texts) : text;
  };

  const textOf = ({ stage, n, asking, of }: SeekingLine): string => {
    if (stage === 'wanted') return oneOf(phrases.asking);
    if (stage === 'briefing') return n === 0 ? (phrases.briefing[0] ?? '') : oneOf(phrases.briefing);
    if (n > 0) return oneOf(phrases.waiting);
    if (stage === 'next') return phrases.next;
    if (of === 1) return phrases.ringing;
    return phrases.ringingOneOf.replace('{asking}', String(asking)).replace('{of}', String(of));
  };

  return {
    next: line => {
      const text = textOf(line);
      last = text === last ? oneOf(phrases.waiting) : text;
      return last;
    },
    over: (reason, answered) => {
      const { nobody, unreachable, personLeft, cancelled, instead } = phrases;
      const why = { nobody, 'person-left': personLeft, cancelled, refused: unreachable, unheard: unreachable }[reason];
      return answered ? why : `${why} ${instead}`;
    },
  };
}

/** What the agent's model is told of it. */
export function noteOf(reason: BackReason): string {
  const why = {
    nobody: 'Nobody of those who were rung took the call.',
    'person-left': 'The person who had taken the call is gone.',
    cancelled: 'The caller did not want to wait for a person any longer, or the search was called off.',
    refused: 'talk_to_person failed: there is nobody who can be rung now.',
    unheard: 'talk_to_person failed: it is not known whether anybody was reached.',
  }[reason];
  return `${why} No person is on the line. The caller has been told so, and speaks with you again: go on yourself.`;
}
