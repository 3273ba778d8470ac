import type { HttpResponseInit } from '@azure/functions';
import manifest from '../package.json' with { type: 'json' };
import { isConfigured } from './control-channel.ts';
import type { ControlPlane } from './control-plane.ts';
import { tokenCounts } from './identity.ts';

/** Whether the control plane lives, and whether it could take a call now. */

const service = 'switchboard-functions';
const patienceMs = 2_500;
/** Probes ask every few seconds, and counting a day's calls is not cheap. */
const statisticsAgeMs = 60_000;

/** Answers as long as the process does: what it depends on is the other question. */
export function alive(): HttpResponseInit {
  return {
    status: 200,
    jsonBody: { status: 'ok', timestamp: new Date().toISOString(), service, version: manifest.version },
  };
}

interface Dependency {
  status: 'ok' | 'failed';
  ms: number;
}

/** How the circuits stand; `off` where there is nothing to ask. */
function circuitsOf({ circuits, settings }: ControlPlane) {
  const states = Object.entries(circuits).map(([name, { state, opened }]) => [name, { state, opened }] as const);
  const off = isConfigured(settings) ? {} : { 'web-pubsub': { state: 'off', opened: 0 } };
  return { ...Object.fromEntries(states), ...off };
}

/** What can be told of calls and hosts; health does not depend on it. */
async function statisticsOf({ statistics }: ControlPlane) {
  const now = Date.now();
  const [lastDay, hosts] = await Promise.all([
    inTime(() => statistics.lastDay(now, statisticsAgeMs)),
    inTime(() => statistics.hosts(now)),
  ]);
  return { lastDay: lastDay.value, hosts: hosts.value, process: statistics.process(now) };
}

export async function healthy(plane: ControlPlane): Promise<HttpResponseInit> {
  const [cosmos, mediaHost, acsKeys, statistics] = await Promise.all([
    probe(() => plane.store.ready()),
    probe(() => plane.mediaHost.ready()),
    probe(() => plane.tokens.ready()),
    statisticsOf(plane),
  ]);
  const dependencies = { cosmos, mediaHost, acsKeys };
  const ok = Object.values(dependencies).every(each => each.status === 'ok');
  return {
    status: ok ? 200 : 503,
    jsonBody: {
      status: ok ? 'ok' : 'failed',
      timestamp: new Date().toISOString(),
      service,
      version: manifest.version,
      dependencies,
      circuits: circuitsOf(plane),
      counters: { ...plane.counters, tokens: tokenCounts },
      statistics,
    },
  };
}

async function probe(ask: () => Promise<void>): Promise<Dependency> {
  const begun = performance.now();
  const { status } = await inTime(ask);
  return { status, ms: Math.round(performance.now() - begun) };
}

/** What takes too long counts as failed. */
async function inTime<T>(ask: () => Promise<T>): Promise<{ status: Dependency['status']; value?: T }> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<{ status: 'failed' }>(resolve => {
    timer = setTimeout(() => resolve({ status: 'failed' }), patienceMs);
  });
  const asked = ask().then(
    value => ({ status: 'ok' as const, value }),
    () => ({ status: 'failed' as const }),
  );
  const result = await Promise.race([asked, tooLate]);
  clearTimeout(timer);
  return result;
}
