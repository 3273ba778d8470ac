import { CosmosClient, type Database } from '@azure/cosmos';
import { type CallEvent, parseCallEvent } from '../contracts/call-event.ts';

/** The configured database, read as an analyst would. */
export function openStore(settings: Readonly<Record<string, string | undefined>>): Database {
  const client = new CosmosClient({ endpoint: settings['COSMOS_ENDPOINT'] ?? '', key: settings['COSMOS_KEY'] ?? '' });
  return client.database(settings['COSMOS_DATABASE'] ?? 'voice');
}

/** The journal of a call as far as it was written. */
export async function journalOf(store: Database, callId: string): Promise<CallEvent[]> {
  const { resources } = await store
    .container('transcripts')
    .items.query<{ ev: unknown[] }>("SELECT c.ev FROM c WHERE c.type = 'eventPage'", { partitionKey: callId })
    .fetchAll();
  return resources.flatMap(page => page.ev.map(parseCallEvent)).sort((a, b) => a.seq - b.seq);
}

/** The call's barge-ins in order, once at least `count` are in the journal (or after five seconds, what is there). */
export async function bargeInsOf(
  store: Database,
  callId: string,
  count: number,
): Promise<Extract<CallEvent, { type: 'barge-in' }>[]> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const found = (await journalOf(store, callId)).filter(event => event.type === 'barge-in');
    if (found.length >= count || performance.now() > deadline) return found;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
