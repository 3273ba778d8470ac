import type { Clock } from '../clock.ts';
import type { SpeechAccess } from './azure-config.ts';
import type { Connection } from './azure-sdk.ts';
import { withinMs } from './deadline.ts';

const connectWithinMs = 5000;

/** Opens the connection of a recogniser or synthesiser ahead of its first use. @throws what kept it from opening */
export const openConnection = (
  { connection, access }: { connection: Connection; access: SpeechAccess },
  clock: Clock,
): Promise<void> =>
  withinMs(clock, connectWithinMs, (done, failed) =>
    connection.openConnection(done, reason => {
      access.failed(reason);
      failed(reason);
    }),
  );
