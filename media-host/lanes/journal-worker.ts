import { readSettings } from '../../contracts/settings.ts';
import { machineClock } from '../clock.ts';
import { createSpool } from '../spool.ts';
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
]);
const store = createStore(settings);
const spool = createSpool(settings.SPOOL_DIR);
const ttlSeconds = settings.TRANSCRIPT_TTL_DAYS * 86_400;
const replayEveryMs = 10_000;

/** What an earlier run could not write, and what this one could not, is tried again as long as the host lives. */
const replay = () => {
  spool
    .replay(store)
    .catch((error: unknown) =>
      process.emitWarning(`The spool in ${settings.SPOOL_DIR} cannot be replayed: ${String(error)}`),
    );
};
setInterval(replay, replayEveryMs).unref();
replay();

serveLane<ToJournal, FromJournal>(post => journalLane(post, { store, spool, clock: machineClock, ttlSeconds }));
