import { phrasesOf } from '../../../contracts/agent-phrases.ts';
import { withoutKeys } from '../../digits/keys-text.ts';
import { isSaid } from '../callers-words.ts';
import { type ReplyWork, sayOwn } from '../reply.ts';
import type { Verdict } from './guardrails.ts';

/** Longest wait until what was said has been heard, and the call does what is wanted. */
const grantedWithinMs = 30_000;

/** A reply that no model has a part in: fixed words, and then a person or the end where the rule says so. */
export async function runGuarded(work: ReplyWork, verdict: Verdict): Promise<void> {
  const { turn, epoch, signal } = work;
  const { rule, name, next, says, mustBeHeard } = verdict;
  work.account({ type: 'guarded', turn, epoch, rule, ...(name !== undefined && { name }), next });
  sayOwn(work, [], says, mustBeHeard ? { mustBeHeard } : {});
  if (next !== 'say') await granted(work, verdict);
  if (!signal.aborted) work.speak({ type: 'reply-ended', turn, epoch, text: says });
}

/** Asks the call for it as the tools do that a model would use. */
async function granted(work: ReplyWork, { rule, next, reason }: Verdict): Promise<void> {
  const { means, signal, after, commitment } = work;
  await commitment.pending;
  const wish = new AbortController();
  const giveUp = () => wish.abort();
  const forget = after(grantedWithinMs, giveUp);
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  try {
    if (next === 'person') await means.askForPerson({ reason, summary: summaryOf(work) }, wish.signal);
    else await means.endCall?.(rule, wish.signal);
  } catch (error) {
    // The caller has spoken, or nobody answers: the conversation goes on.
    if (!wish.signal.aborted) throw error;
  } finally {
    forget();
    signal.removeEventListener('abort', giveUp);
  }
}

const mostSayings = 3;
const longestSummary = 600;

/** No model sums up what the caller wants: a person hears it in the caller's last words. */
function summaryOf({ conversation, agents }: ReplyWork): string {
  const said = conversation.history.turns.flatMap(({ steps }) => steps).filter(isSaid);
  const words = said.slice(-mostSayings).map(({ text }) => withoutKeys(text));
  const { inTheirWords } = phrasesOf(agents.page).guard;
  return inTheirWords.replace('{words}', () => words.join(' ').trim().slice(-longestSummary));
}
