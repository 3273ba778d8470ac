/**
 * The door of client sockets. A new connection shows an access token; a recovered one shows its reconnection token instead,
 * and an access token beside it, expired or not, does not matter.
 */
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { audiences, readToken } from './access-token.ts';
import { parseClientFrame } from './client-frame.ts';
import { carryOut } from './client-requests.ts';
import { Connection, type Protocol } from './connection.ts';
import { permissionsOf } from './permissions.ts';
import { bearerOf, decodedPart, isHubName, urlOf } from './request.ts';
import type { Service } from './service.ts';

const protocols: Record<string, Protocol> = {
  'json.webpubsub.azure.v1': 'plain',
  'json.reliable.webpubsub.azure.v1': 'reliable',
};

/** The subprotocol to speak; false when none of those offered is one of ours: then it is a simple client. */
export function subprotocolOf(offered: Iterable<string>): string | false {
  for (const name of offered) if (Object.hasOwn(protocols, name)) return name;
  return false;
}

export interface Recovery {
  connectionId: string;
  token: string;
}

export type Admission =
  | { refused: number; why: string; retryAfterSeconds?: number | undefined }
  | { hub: string; recovery: Recovery }
  | { hub: string; userId: string | undefined; roles: string[]; groups: string[] };

/** Who may come in. @param nowMs wall clock, ms. */
export function admission(service: Service, request: IncomingMessage, nowMs: number): Admission {
  const url = urlOf(request);
  const hub = url && hubOf(url);
  if (!url || hub === undefined) return { refused: 404, why: 'no such address' };
  const fault = service.faults.take('refuse');
  if (fault) return { refused: fault.status, why: 'a fault', retryAfterSeconds: fault.retryAfterSeconds };
  if (!isHubName(hub)) return { refused: 400, why: 'not the name of a hub' };
  const { awps_connection_id: connectionId, awps_reconnection_token: token } = Object.fromEntries(url.searchParams);
  if (connectionId !== undefined) return { hub, recovery: { connectionId, token: token ?? '' } };
  const shown = url.searchParams.get('access_token') ?? bearerOf(request);
  if (shown === undefined) return { refused: 401, why: 'no access token' };
  if (service.faults.take('expired', ({ of }) => of !== 'servers')) return { refused: 401, why: 'expired' };
  const reading = readToken(shown, service.options.accessKey, nowMs);
  if ('fault' in reading) return { refused: 401, why: reading.fault };
  const { claims } = reading;
  if (!audiences(claims).some(meant => hubOf(meant) === hub)) return { refused: 401, why: 'for another audience' };
  return { hub, userId: claims.sub, roles: claims.role, groups: claims['webpubsub.group'] };
}

/** Serves a socket that was let in, until it closes. */
export function welcome(service: Service, socket: WebSocket, admitted: Exclude<Admission, { refused: number }>): void {
  const protocol = protocols[socket.protocol] ?? 'simple';
  socket.on('error', error => service.options.log(`socket failed: ${error.message}`));
  const connection = 'recovery' in admitted ? recover(admitted, protocol) : open(admitted, protocol);
  if (!connection) {
    service.ledger.counters.unrecoverable += 1;
    socket.close(1008, 'The connection is not known any more.');
    return;
  }
  socket.on('message', (data, isBinary) => hear(connection, data.toString(), isBinary));
  socket.on('close', code => {
    if (!connection.isOn(socket)) return; // another socket has taken its place
    // A closing handshake is a farewell; only what breaks off is waited for.
    if (code === 1006) service.lost(connection);
    else service.forget(connection);
  });
  const repeated = connection.attach(socket, Date.now());
  service.ledger.counters.repeated += repeated;
  const how = 'recovery' in admitted ? `recovered, ${repeated} messages again` : 'open';
  service.options.log(`connection ${connection.id} ${protocol} ${how}`);

  function open({ hub, userId, roles, groups }: Exclude<typeof admitted, { recovery: Recovery }>, spoken: Protocol) {
    service.ledger.counters.connections += 1;
    const facts = { hub, userId, protocol: spoken, permissions: permissionsOf(roles) };
    const opened = new Connection(facts, service.options.room);
    service.hub(hub).add(opened);
    for (const group of groups) service.hub(hub).join(opened, group);
    return opened;
  }

  function recover({ hub, recovery }: { hub: string; recovery: Recovery }, spoken: Protocol): Connection | undefined {
    const known = service.hub(hub).connections.get(recovery.connectionId);
    if (known && service.faults.take('forget')) service.forget(known);
    const isRight = known?.reconnectionToken === recovery.token && known.protocol === 'reliable';
    if (!isRight || spoken !== 'reliable' || !service.hub(hub).connections.has(known.id)) return undefined;
    service.ledger.counters.recoveries += 1;
    service.found(known);
    return known;
  }

  function hear(speaker: Connection, text: string, isBinary: boolean): void {
    if (speaker.protocol === 'simple') {
      service.ledger.counters.events += 1;
      return;
    }
    const frame = isBinary ? undefined : parseClientFrame(text);
    if (frame) {
      carryOut(service, speaker, frame);
      return;
    }
    service.ledger.counters.violations += 1;
    service.end(speaker, 'The frame is not one of this subprotocol.', 1008);
  }
}

/** The hub of a client address, by path or by query; undefined when it is no client address. */
function hubOf({ pathname, searchParams }: URL): string | undefined {
  const named = /^\/client\/hubs\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (named !== undefined) return decodedPart(named);
  return /^\/client\/?$/.test(pathname) ? (searchParams.get('hub') ?? undefined) : undefined;
}
