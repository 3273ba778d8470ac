import { setTimeout as wait } from 'node:timers/promises';
import { parseCallEvent } from '../contracts/call-event.ts';
import type { CallRecord, TurnDocument } from '../contracts/call-record.ts';
import type { WrittenCall } from './call-report.ts';
import type { RecordStore } from './record-store.ts';

const lookEveryMs = 50;

/** Reads what the system wrote down about a call, waiting for its record to be final: promised within 5 s of the end. */
export async function readWrittenCall(store: RecordStore, callId: string, withinMs = 5000): Promise<WrittenCall> {
  const record = await finalRecord(store, callId, withinMs);
  const rows = await store.query(
    'transcripts',
    "SELECT * FROM c WHERE c.pk=@callId AND (c.type='turn' OR c.type='eventPage')",
    { callId },
  );
  const documents = rows as ({ type: string; ev?: unknown[] } & TurnDocument)[];
  return {
    record,
    turns: documents.filter(document => document.type === 'turn').sort((a, b) => a.seq - b.seq),
    events: documents.flatMap(document => (document.ev ?? []).map(parseCallEvent)).sort((a, b) => a.seq - b.seq),
  };
}

async function finalRecord(store: RecordStore, callId: string, withinMs: number): Promise<CallRecord | undefined> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const document = await store.read('calls', 'call', callId);
    if (document?.['state'] === 'final') return withoutBookkeeping(document);
    if (performance.now() >= giveUpAt) return undefined;
    await wait(lookEveryMs);
  }
}

/** The document as our programs wrote it: Cosmos DB's own fields begin with an underscore. */
function withoutBookkeeping(document: Record<string, unknown>): CallRecord {
  return Object.fromEntries(
    Object.entries(document).filter(([name]) => !name.startsWith('_')),
  ) as unknown as CallRecord;
}
