import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { callIdOf } from '../contracts/call-id.ts';
import { spawnHost } from '../emulators/functions-host/spawn-host.ts';
import { type DurableApi, durableApi, type Status } from './durable-api.ts';
import { functionsApp } from './functions-app.ts';
import { openTap, type Tapped } from './http-tap.ts';
import { openStore } from './journal.ts';
import { type Replayed, replayedEpisodes } from './replayed-episodes.ts';
import { startSilentMediaHost } from './silent-media-host.ts';
import { type AcsReady, startProgram, subscribe } from './stand-in.ts';

/**
 * The control plane alone: the functions host with the deployed functions and the empty one, each stand-in a process of
 * its own, and a media host that says nothing. All that Event Grid and ACS post goes through a tap.
 */
export interface ControlPlane {
  url: string;
  durable: DurableApi;
  /** Replays every episode that is kept. */
  replayed(): Promise<Replayed>;
  /** Raises IncomingCall without a phone. */
  ring(count: number): Promise<{ callId: string }[]>;
  /** Settles when the call's orchestration is so. */
  until(callId: string, what: string, is: (status: Status) => boolean): Promise<void>;
  /** Has ACS post an event of this call, by its short name. */
  inject(callConnectionId: string, name: string, data: object): Promise<void>;
  /** The caller hangs up. */
  drop(callConnectionId: string): Promise<void>;
  /** A new token of ACS for the callbacks. */
  mint(): Promise<string>;
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  dir: string;
  /** Told of all that Event Grid and ACS post. */
  tapped?: (tapped: Tapped) => void;
  /** Told the app's own log lines. */
  logged?: (line: Readonly<Record<string, unknown>>) => void;
}

/** As a test of a single event would wait; what takes longer has failed. */
const patienceMs = 15_000;

export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { dir, tapped = () => undefined, logged = () => undefined } = options;
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const acs = await startProgram<AcsReady>('emulators/start.ts', standIn('acs', dir));
    stops.push(() => acs.stop());
    const cosmos = await startProgram<CosmosReady>('emulators/start.ts', standIn('cosmos', dir));
    stops.push(() => cosmos.stop());
    const mediaHost = await startSilentMediaHost();
    stops.push(() => mediaHost.close());
    const tap = await openTap(tapped);
    stops.push(() => tap.close());
    const { url: acsUrl, connectionString, audience, openIdConfigUrl, issuer } = acs.ready.acs;
    const settings = {
      BASE_URL: tap.url,
      MEDIA_HOST_URL: mediaHost.url,
      CALL_SECRET: secret(),
      CONTROL_KEY: secret(),
      ACS_CONNECTION_STRING: connectionString,
      ACS_RESOURCE_ID: audience,
      ACS_OPENID_CONFIG_URL: openIdConfigUrl,
      ACS_ISSUER: issuer,
      COSMOS_ENDPOINT: cosmos.ready.cosmos.url,
      COSMOS_KEY: cosmos.ready.cosmos.key,
    };
    mediaHost.store = openStore(settings);
    const dataDir = path.join(dir, 'data');
    const appDir = await functionsApp(path.join(dir, 'app'));
    const log = (text: string) => tellOwnLine(text, logged);
    const host = await spawnHost({ appDir, dataDir, env: settings, log });
    stops.push(() => host.stop());
    tap.upstream = host.url;
    await ask(`${acsUrl}/emulator/faults`, 'PUT', { recordMs: 0 });
    await subscribe(acsUrl, `${tap.url}/api/v1/calls/incoming?code=${host.keys.host}`);
    const durable = durableApi(host.url, host.keys.system.durabletask_extension);
    const ofCall = (callConnectionId: string, what: string) => `${acsUrl}/emulator/calls/${callConnectionId}/${what}`;
    return {
      url: host.url,
      durable,
      replayed: () => replayedEpisodes({ appDir, dataDir, settings }),
      ring: async count => {
        const calls = Array.from({ length: count }, () => ({ from: '+15550100', to: '+15550199' }));
        const { correlationIds } = await ask<{ correlationIds: string[] }>(`${acsUrl}/emulator/incoming`, 'POST', {
          calls,
        });
        return correlationIds.map(correlationId => ({ callId: callIdOf(correlationId) }));
      },
      until: async (callId, what, is) => {
        const deadline = performance.now() + patienceMs;
        for (;;) {
          const status = await durable.status(callId);
          if (status && is(status)) return;
          if (performance.now() > deadline) throw new Error(`A call is not ${what} within ${patienceMs} ms.`);
          await new Promise(resolve => setTimeout(resolve, 20));
        }
      },
      inject: (callConnectionId, name, data) => ask(ofCall(callConnectionId, 'event'), 'POST', { name, data }),
      drop: callConnectionId => ask(ofCall(callConnectionId, 'drop'), 'POST', { by: 'caller' }),
      mint: async () => (await ask<{ token: string }>(`${acsUrl}/emulator/mint`, 'POST', {})).token,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface CosmosReady {
  cosmos: { url: string; key: string };
}

const secret = (): string => randomBytes(24).toString('base64url');

const standIn = (name: string, dir: string): string[] => [
  '--data',
  path.join(dir, 'stand-ins'),
  '--only',
  name,
  '--exit-with-stdin',
];

async function ask<T>(url: string, method: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`A stand-in refused ${method} ${url}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

/** The host wraps what the app logs; the app's own lines are JSON. */
function tellOwnLine(text: string, logged: (line: Readonly<Record<string, unknown>>) => void): void {
  if (!text.startsWith('{')) return;
  const { message } = JSON.parse(text) as { message?: unknown };
  if (typeof message !== 'string' || !message.startsWith('{"event"')) return;
  logged(JSON.parse(message) as Record<string, unknown>);
}
