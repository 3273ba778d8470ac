import type { CallEvent } from '../../contracts/call-event.ts';
import type { CallLife } from '../../contracts/call-life.ts';
import { type AppFolder, bundledApp, type HostProcess } from './host-process.ts';
import { type PublicAddress, publicAddress } from './public-address.ts';
import { type ScriptedMediaHost, scriptedMediaHost } from './scripted-media-host.ts';

/**
 * The control plane between its neighbours: real host, real bundle, real SDKs, the stand-ins the test brings, and a
 * media host that does as it is told.
 */
export interface Neighbours {
  acs: { connectionString: string; openIdConfigUrl: string; audience: string };
  cosmos: { url: string; key: string };
}

export const testSecret = 'a-secret-for-tests-only';
export const testControlKey = 'a-control-key-for-tests';

export interface Stage {
  url: string;
  host: HostProcess;
  mediaHost: ScriptedMediaHost;
  /** Full address of a function behind the function key. */
  keyed(path: string): string;
  /** What the status API says of a call. */
  show(callId: string): Promise<{ status: number; running?: boolean; life?: CallLife | null }>;
  /** How many activities and timers the orchestration of a call has used. */
  durableActions(callId: string): Promise<number>;
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(neighbours: Neighbours, env: Record<string, string> = {}): Promise<Stage> {
  const [app, address, mediaHost]: [AppFolder, PublicAddress, ScriptedMediaHost] = await Promise.all([
    bundledApp(),
    publicAddress(),
    scriptedMediaHost(),
  ]);
  const settings = {
    BASE_URL: address.url,
    MEDIA_HOST_URL: mediaHost.url,
    CALL_SECRET: testSecret,
    CONTROL_KEY: testControlKey,
    LOG_LEVEL: 'debug',
    ACS_CONNECTION_STRING: neighbours.acs.connectionString,
    ACS_RESOURCE_ID: neighbours.acs.audience,
    ACS_OPENID_CONFIG_URL: neighbours.acs.openIdConfigUrl,
    COSMOS_ENDPOINT: neighbours.cosmos.url,
    COSMOS_KEY: neighbours.cosmos.key,
    ...env,
  };
  const stage: Stage = {
    url: address.url,
    host: await app.start(settings),
    mediaHost,
    keyed: path => `${address.url}${path}?code=${stage.host.key}`,
    async show(callId) {
      const reply = await fetch(stage.keyed(`/api/v1/calls/${callId}`));
      const text = await reply.text();
      return { ...(text === '' ? {} : (JSON.parse(text) as object)), status: reply.status };
    },
    async durableActions(callId) {
      const { url, durableKey } = stage.host;
      const address = `${url}/runtime/webhooks/durabletask/instances/${callId}?showHistory=true&code=${durableKey}`;
      const { historyEvents } = (await (await fetch(address)).json()) as { historyEvents: { EventType: unknown }[] };
      return historyEvents.filter(({ EventType }) =>
        /^(TaskScheduled|TaskCompleted|TimerCreated|TimerFired)$/.test(String(EventType)),
      ).length;
    },
    async kill() {
      address.target = undefined;
      await stage.host.stop('SIGKILL');
    },
    async start() {
      stage.host = await app.start(settings);
      address.target = stage.host.url;
    },
    async close() {
      await stage.host.stop('SIGTERM');
      await Promise.all([mediaHost.close(), address.close()]);
      await app.remove();
    },
  };
  address.target = stage.host.url;
  return stage;
}

/** Asks again until there is an answer: for what happens soon, but in another process. */
export async function eventually<T>(ask: () => Promise<T | undefined>, withinMs = 8_000): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > until) throw new Error(`It did not happen within ${withinMs} ms: ${ask}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** The journal page a media host would have written of a call with one turn. */
export function shortJournal(callId: string, { closed }: { closed: boolean }) {
  const at = Date.now();
  const speech = { turn: 1, startMs: 100, endMs: 2_100 };
  const events: CallEvent[] = [
    {
      ...{ seq: 0, at, type: 'media-opened', hostId: 'scripted', mode: 'media' },
      ...{ agent: 'reception', agentVersion: 'v1', sampleRate: 16_000 },
    },
    { seq: 1, at, type: 'caller-spoke', text: 'Hello', ...speech },
    {
      ...{ seq: 2, at, type: 'agent-spoke', agent: 'reception', text: 'Hi', heard: 'Hi', interrupted: false },
      ...{ ...speech, replyMs: 220 },
    },
  ];
  if (closed) events.push({ seq: 3, at, type: 'media-closed', reason: 'caller-left', code: 1000 });
  return {
    ...{ id: 'ev:000000', pk: callId, type: 'eventPage', callId },
    ...{ from: 0, to: events.length - 1, n: events.length, ev: events },
  };
}
