import { type Answer, type Asking, askModel, type ModelAccount, type Piece } from './ask-model.ts';
import { type Question, sameQuestion } from './model-request.ts';

/**
 * A request to the model for words the caller may still change. Nothing of it is told and none of its tools run until a
 * reply that asks the same takes it over; dropped, it leaves only the account of what it cost.
 */
export interface Guess {
  /** Whether it is under way, or done, and an answer to this question. */
  answers(question: Question): boolean;
  /** Becomes the request of a reply: what has come is told at once, the rest as it comes. Ends with `signal`. */
  adopt(signal: AbortSignal, reply: Pick<Asking, 'sentence' | 'ran'>): Promise<Answer | undefined>;
  /** Ends it; nothing happens where it was adopted. */
  drop(): void;
  /** Nothing of it runs any more. */
  readonly settled: Promise<void>;
}

export interface GuessOptions extends Omit<Asking, 'signal' | 'sentence' | 'ran'> {
  /** Told where nobody adopted it. */
  wasted(account: ModelAccount): void;
}

export function startGuess({ wasted, ...asking }: GuessOptions): Guess {
  const abort = new AbortController();
  const pieces: Piece[] = [];
  let account: ModelAccount | undefined;
  let failed = false;
  let dropped = false;
  let reply: Pick<Asking, 'sentence' | 'ran'> | undefined;

  const settleAccount = () => {
    if (!account) return;
    if (reply) reply.ran(account);
    else if (dropped) wasted({ ...account, cancelled: true });
  };
  const answer = askModel({
    ...asking,
    signal: abort.signal,
    sentence: piece => (reply ? reply.sentence(piece) : pieces.push(piece)),
    ran: told => {
      account = told;
      settleAccount();
    },
  });
  // Who adopts it hears of its failure; a guess that nobody adopts may fail unseen.
  const settled = answer.then(
    () => undefined,
    () => {
      failed = true;
    },
  );

  return {
    settled,
    answers: question => !failed && !dropped && !reply && sameQuestion(asking.request, question),
    adopt(signal, adopter) {
      reply = adopter;
      signal.addEventListener('abort', () => abort.abort(), { once: true });
      if (signal.aborted) abort.abort();
      for (const piece of pieces.splice(0)) adopter.sentence(piece);
      settleAccount();
      return answer;
    },
    drop() {
      if (dropped || reply) return;
      dropped = true;
      abort.abort();
      settleAccount();
    },
  };
}
