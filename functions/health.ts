import type { HttpResponseInit } from '@azure/functions';
import manifest from '../package.json' with { type: 'json' };
import type { ControlPlane } from './control-plane.ts';

/** Whether the control plane lives, and whether it could take a call now. */

const service = 'switchboard-functions';
const patienceMs = 2_500;

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

export async function healthy(plane: ControlPlane): Promise<HttpResponseInit> {
  const [cosmos, mediaHost, acsKeys] = await Promise.all([
    probe(() => plane.store.ready()),
    probe(() => plane.mediaHost.ready()),
    probe(() => plane.tokens.ready()),
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
      counters: plane.counters,
    },
  };
}

async function probe(ask: () => Promise<void>): Promise<Dependency> {
  const begun = performance.now();
  const ended = (status: Dependency['status']): Dependency => ({ status, ms: Math.round(performance.now() - begun) });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Dependency>(resolve => {
    timer = setTimeout(() => resolve(ended('failed')), patienceMs);
  });
  const asked = ask().then(
    () => ended('ok'),
    () => ended('failed'),
  );
  const result = await Promise.race([asked, tooLate]);
  clearTimeout(timer);
  return result;
}
