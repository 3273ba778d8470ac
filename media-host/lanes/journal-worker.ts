import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readSettings } from '../../contracts/settings.ts';
import { machineClock } from '../clock.ts';
import { warmIdentity } from '../identity.ts';
import { createRecovery, type Recovery } from '../journal/recovery.ts';
import { createSpool } from '../journal/spool.ts';
import { createWriteAhead } from '../journal/write-ahead.ts';
import { createStore } from '../store.ts';
import { type FromJournal, journalLane, type ToJournal } from './journal-lane.ts';
import { stepBack } from './niceness.ts';
import { serveLane } from './worker-lane.ts';

/** Entry of the journal thread: Cosmos DB as the settings name it, and the spool beside it. */
stepBack(10);
const settings = readSettings(process.env, [
  'COSMOS_ENDPOINT',
  'COSMOS_KEY',
  'COSMOS_DATABASE',
  'AZURE_CLIENT_ID',
  'TRANSCRIPT_TTL_DAYS',
  'SPOOL_DIR',
  'LOG_LEVEL',
]);
const { COSMOS_ENDPOINT: cosmos, COSMOS_KEY: cosmosKey } = settings;
void warmIdentity(
  settings,
  cosmos !== undefined && cosmosKey === undefined ? [`${new URL(cosmos).origin}/.default`] : [],
);
const store = createStore(settings);
const spool = createSpool(settings.SPOOL_DIR);
const ahead = createWriteAhead(settings.SPOOL_DIR, randomBytes(4).toString('hex'));
const ttlSeconds = settings.TRANSCRIPT_TTL_DAYS * 86_400;
const replayEveryMs = 10_000;

/** What an earlier run could not write, and what this one could not, is tried again as long as the host lives. */
async function replay(recovery: Recovery, putAside: (file: string) => void): Promise<void> {
  try {
    await spool.replay(store, putAside);
    await recovery.sweep();
  } catch (error) {
    process.emitWarning(`The spool in ${settings.SPOOL_DIR} cannot be replayed (${nameOf(error)}).`);
  }
  setTimeout(() => void replay(recovery, putAside), replayEveryMs).unref();
}

/** Never the message: V8 quotes the text it could not parse, and in a journal that is what people said. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? `${error.name} ${code}` : error.name;
}

serveLane<ToJournal, FromJournal>(post => {
  const putAside = (file: string) => {
    process.emitWarning(`A spooled journal cannot be read; it is kept as ${join(settings.SPOOL_DIR, file)}.`);
    post({ type: 'unreadable' });
  };
  const recovery = createRecovery({ store, spool, ahead, ttlSeconds, putAside });
  void replay(recovery, putAside);
  return journalLane(post, { store, spool, ahead, recovery, clock: machineClock, ttlSeconds });
});
