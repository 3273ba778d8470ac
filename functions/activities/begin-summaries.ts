import type { DurableClient } from 'durable-functions';
import { beginOnce } from '../begin-once.ts';
import type { SummaryWishes } from '../email/summary-wishes.ts';
import type { ControlSettings } from '../settings.ts';
import type { SummaryStart } from './post-summary.ts';

export interface BeginSummariesInput {
  callId: string;
}

export interface SummaryBeginning {
  settings: Pick<ControlSettings, 'SUMMARY_EMAIL_TO'>;
  wishes: Pick<SummaryWishes, 'of'>;
}

/**
 * Begins the e-mails that an ended call is owed: the operators', and one for each who asked. Run again, it begins none of
 * them again.
 * @throws CallError when trying again can help
 */
export async function beginSummaries(
  { settings, wishes }: SummaryBeginning,
  client: DurableClient,
  { callId }: BeginSummariesInput,
): Promise<{ begun: number }> {
  const wanted = await wishes.of(callId);
  const starts: SummaryStart[] = wanted.map(wish => ({ callId, wish }));
  if (settings.SUMMARY_EMAIL_TO.length > 0) starts.push({ callId });
  for (const start of starts) await beginSummary(client, start);
  return { begun: starts.length };
}

export function beginSummary(client: DurableClient, start: SummaryStart): Promise<'begun' | 'exists'> {
  return beginOnce(client, 'send-summary', `summary-${start.callId}-${start.wish ?? 'operators'}`, start);
}
