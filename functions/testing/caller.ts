import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { callIdOf } from '../../contracts/call-id.ts';
import { eventually } from './stage.ts';

/** Somebody with a telephone at the ACS stand-in. */
export interface Caller {
  correlationId: string;
  callId: string;
  /** Waits until the phone is told so: ringing, answered, ended, failed. */
  hears(event: string): Promise<Record<string, unknown>>;
  hangUp(): void;
  /** Pulls the plug: for the end of a test. */
  close(): void;
}

/** Dials and rings. */
export async function dial(acsUrl: string, from = '+15550199', to = '+15550100'): Promise<Caller> {
  const correlationId = randomUUID();
  const query = new URLSearchParams({ from, to, correlationId });
  const socket = new WebSocket(`${acsUrl.replace('http', 'ws')}/phone?${query}`);
  const told: Record<string, unknown>[] = [];
  socket.on('message', (data, isBinary) => {
    if (!isBinary) told.push(JSON.parse(String(data)));
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    correlationId,
    callId: callIdOf(correlationId),
    hears: event => eventually(async () => told.find(each => each['event'] === event)),
    hangUp: () => socket.send(JSON.stringify({ do: 'hang-up' })),
    close: () => socket.terminate(),
  };
}
