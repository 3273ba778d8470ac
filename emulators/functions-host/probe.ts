import type { HostKeys } from './spawn-host.ts';

/*
 * A test's view of a host: plain HTTP with a base URL and keys, nothing else, so that the same checks run against the
 * real host.
 */

export interface Target {
  url: string;
  keys: HostKeys;
}

export interface Status {
  name: string;
  instanceId: string;
  runtimeStatus: string;
  input: unknown;
  customStatus: unknown;
  output: unknown;
  createdTime: string;
  lastUpdatedTime: string;
  historyEvents?: Record<string, unknown>[];
}

export class DurableProbe {
  #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  /** Calls the management API with the system key. */
  call(method: string, path: string, body?: unknown): Promise<Response> {
    const url = new URL(`${this.#target.url}/runtime/webhooks/durabletask/${path}`);
    url.searchParams.set('code', this.#target.keys.system.durabletask_extension);
    const json =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    return fetch(url, { method, ...json });
  }

  /** Starts through the app, that is through the real client. @returns the instance id */
  async start(orchestrator: string, input?: unknown, instanceId?: string): Promise<string> {
    const route = ['start', orchestrator, ...(instanceId ? [instanceId] : [])].join('/');
    const body = input === undefined ? {} : { body: JSON.stringify(input) };
    const response = await fetch(`${this.#target.url}/api/${route}`, { method: 'POST', ...body });
    if (response.status !== 202) throw new Error(`Start of "${orchestrator}" answered ${response.status}.`);
    return ((await response.json()) as { id: string }).id;
  }

  async status(instanceId: string, query = ''): Promise<Status> {
    return (await (await this.call('GET', `instances/${instanceId}${query}`)).json()) as Status;
  }

  /** Asks until `accepts` is content. @throws after `withinMs` with the last status */
  async until(instanceId: string, accepts: (status: Status) => boolean, withinMs = 8000): Promise<Status> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const status = await this.status(instanceId);
      if (accepts(status)) return status;
      if (Date.now() > deadline) throw new Error(`Still not there: ${JSON.stringify(status)}`);
      await new Promise(resolve => setTimeout(resolve, 15));
    }
  }

  ended(instanceId: string): Promise<Status> {
    return this.until(instanceId, ({ runtimeStatus }) => ['Completed', 'Failed', 'Terminated'].includes(runtimeStatus));
  }

  /** Starts and waits for the end. */
  async run(orchestrator: string, input?: unknown): Promise<Status> {
    return this.ended(await this.start(orchestrator, input));
  }

  raise(instanceId: string, name: string, input?: unknown): Promise<Response> {
    return this.call('POST', `instances/${instanceId}/raiseEvent/${name}`, input);
  }

  /** One method of the real DurableClient, called inside the app. */
  async client(
    method: string,
    ...args: unknown[]
  ): Promise<{ status: number; body: { result?: unknown; error?: string } }> {
    const response = await fetch(`${this.#target.url}/api/client`, {
      method: 'POST',
      body: JSON.stringify({ method, args }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? (JSON.parse(text) as { result?: unknown; error?: string }) : {} };
  }
}

/** Asks until `check` gives something. @throws after `withinMs`, naming what was awaited */
export async function eventually<Value>(
  what: string,
  check: () => Value | undefined | false,
  withinMs = 8000,
): Promise<Value> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = check();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`It did not happen within ${withinMs} ms: ${what}.`);
    await new Promise(resolve => setTimeout(resolve, 15));
  }
}

/** A running host named by FUNCTIONS_HOST_URL and FUNCTIONS_HOST_KEYS (JSON), if any. */
export function externalTarget(): Target | undefined {
  const url = process.env['FUNCTIONS_HOST_URL'];
  if (!url) return undefined;
  const keys = JSON.parse(process.env['FUNCTIONS_HOST_KEYS'] ?? '{}') as HostKeys;
  return { url: url.replace(/\/+$/, ''), keys };
}
