import { createHash } from 'node:crypto';
import type { CallRecord } from '../../contracts/call-record.ts';
import { CallError } from '../../contracts/error.ts';
import type { EmailService, Posted } from '../email/email-service.ts';
import { type EmailStatus, noteEmail } from '../email/email-status.ts';
import { summaryFacts } from '../email/summary-facts.ts';
import { type Reader, summaryMessage } from '../email/summary-message.ts';
import type { SummaryWishes } from '../email/summary-wishes.ts';
import { failure, type Log } from '../log.ts';
import { retryAfterMs } from '../resilience/error-classes.ts';
import type { ControlSettings } from '../settings.ts';
import type { Store } from '../store.ts';

export interface SummaryStart {
  callId: string;
  /** Absent: the operators. */
  wish?: string;
  /** Of the message that is under way. */
  resume?: string;
  /** The service has had its time. */
  givenUp?: true;
}

export type SummaryStep =
  | Posted
  /** `afterMs`: as the service says. */
  | { state: 'later'; afterMs?: number }
  /** There is nothing to send, or nobody to send it to. */
  | { state: 'nothing' };

export interface SummaryParts {
  settings: Pick<ControlSettings, 'SUMMARY_EMAIL_TO' | 'SUMMARY_TRANSCRIPT'>;
  store: Pick<Store, 'read' | 'journal' | 'documents'>;
  wishes: Pick<SummaryWishes, 'addressOf'>;
  email: EmailService;
  now: () => number;
}

/**
 * One step of sending a summary: hands the message over, or asks how it fares, and notes that in the call's record. Run
 * again, it is the same message to the service.
 * @throws CallError where the database is away
 */
export async function postSummary(parts: SummaryParts, start: SummaryStart, log: Log): Promise<SummaryStep> {
  const { callId, wish } = start;
  const opId = operationIdOf(callId, wish);
  const note = async (status: EmailStatus['status'], code?: string) => {
    const at = new Date(parts.now()).toISOString();
    const news = { opId, status, at, for: readerOf(wish), ...(code !== undefined && { code }) };
    await noteEmail(parts.store.documents('calls'), callId, news);
  };
  const step = start.givenUp ? unfinished : await asked(parts, start, opId, () => note('queued'), log);
  const code = step.state === 'failed' ? step.code : undefined;
  if (step.state === 'sent' || step.state === 'failed') await note(step.state, code);
  log[code === undefined ? 'info' : 'error']('summary.step', { callId, status: step.state, ...(code && { code }) });
  return step;
}

const unfinished: SummaryStep = { state: 'failed', code: 'unfinished' };

/** @param queued runs before the service has the message: how it was delivered may be told at once, by its id */
async function asked(
  parts: SummaryParts,
  start: SummaryStart,
  opId: string,
  queued: () => Promise<void>,
  log: Log,
): Promise<SummaryStep> {
  try {
    if (start.resume !== undefined) return await parts.email.look(start.resume);
    const message = await messageFor(parts, start);
    if (!message) return { state: 'nothing' };
    await queued();
    return await parts.email.send(message, opId);
  } catch (error) {
    if (!(error instanceof CallError && error.code === 'EMAIL_UNAVAILABLE')) throw error;
    log.warn('summary.later', { callId: start.callId, ...failure(error) });
    const afterMs = retryAfterMs(error, parts.now());
    return { state: 'later', ...(afterMs !== undefined && { afterMs }) };
  }
}

async function messageFor({ settings, store, wishes }: SummaryParts, { callId, wish }: SummaryStart) {
  const address = wish === undefined ? undefined : await wishes.addressOf(callId, wish);
  const to = wish === undefined ? settings.SUMMARY_EMAIL_TO : address === undefined ? [] : [address];
  if (to.length === 0) return undefined;
  const [stored, journal] = await Promise.all([store.read(callId), store.journal(callId)]);
  // A final document is the record as the fold has made it.
  const record = stored?.state === 'final' ? (stored as unknown as CallRecord) : undefined;
  if (!record?.answered) return undefined;
  const facts = summaryFacts(record, journal.events);
  return { to, ...summaryMessage(facts, readerOf(wish), settings.SUMMARY_TRANSCRIPT === 'true') };
}

const readerOf = (wish: string | undefined): Reader => (wish === undefined ? 'operators' : 'caller');

/** The same message has the same id, whoever sends it again: a UUID (version 5 by its mark) of call and reader. */
function operationIdOf(callId: string, wish = 'operators'): string {
  const hex = createHash('sha1').update(`summary\n${callId}\n${wish}`).digest('hex');
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
