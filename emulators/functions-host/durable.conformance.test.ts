import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DurableProbe, eventually, externalTarget, type Target } from './probe.ts';
import { buildSampleApp, type SampleApp } from './sample-app.ts';
import type { SpawnedHost } from './spawn-host.ts';

/** What Durable Functions promise, through the real library and the management API. */

const external = externalTarget();
let app: SampleApp | undefined;
let host: SpawnedHost | undefined;
let target: Target;
let durable: DurableProbe;

beforeAll(async () => {
  if (external) target = external;
  else {
    app = buildSampleApp({ extensions: { durableTask: { hubName: 'SampleHub' } } });
    host = await app.start();
    target = host;
  }
  durable = new DurableProbe(target);
});

afterAll(async () => {
  await host?.stop();
  app?.remove();
});

const unique = (): string => `t${Math.random().toString(36).slice(2)}`;

describe.concurrent('orchestrations', () => {
  test('activities run one after another and see their instance id', async ({ expect }) => {
    const { runtimeStatus, output, instanceId } = await durable.run('sequence');
    expect(runtimeStatus).toBe('Completed');
    expect(output).toEqual([`Hello Ada from ${instanceId}`, `Hello Grace from ${instanceId}`]);
  });

  test('values cross the encodings as on Azure: a boolean becomes text, undefined becomes null', async ({ expect }) => {
    const { output } = await durable.run('encodings', 'text');
    expect(output).toEqual({
      input: 'text',
      nothing: null,
      shown: [
        { type: 'string', input: '5' },
        { type: 'string', input: 'text' },
        { type: 'number', input: 5 },
        { type: 'object', input: { a: [1] } },
        { type: 'string', input: 'True' },
        { type: 'undefined', input: null },
        { type: 'undefined', input: null },
        { type: 'string', input: '2024-01-02T03:04:05Z' },
      ],
    });
  });

  test('a fan-out runs at the same time and keeps its order', async ({ expect }) => {
    const labels = ['a', 'b', 'c', 'd', 'e'].map(label => `${label}${unique()}`);
    expect((await durable.run('fanOut', labels)).output).toBe(labels.join('').toUpperCase());
    if (!app) return;
    const steps = app.journal().map(({ what }) => what.split(' '));
    const phases = steps.filter(([, label]) => labels.includes(label!)).map(([phase]) => phase);
    expect(phases.slice(0, 5)).toEqual(Array(5).fill('begin'));
  });

  test('a retried activity succeeds on its third attempt, with growing delays', async ({ expect }) => {
    const key = unique();
    const begun = Date.now();
    expect((await durable.run('retries', { key, failures: 2 })).output).toBe(3);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(20 + 40);
  });

  test('a retried activity gives up after its last attempt', async ({ expect }) => {
    const { output } = await durable.run('retries', { key: unique(), failures: 9 });
    expect(output).toBe("gave up: Activity function 'flaky' failed: attempt 3");
  });

  test('a custom status is visible while the instance waits', async ({ expect }) => {
    const id = await durable.start('approval', { withinMs: 60_000 });
    const waiting = await durable.until(id, ({ customStatus }) => customStatus !== null);
    expect(waiting.customStatus).toEqual({ waiting: true });
    expect(waiting.runtimeStatus).toBe('Running');
    await durable.raise(id, 'answer', 'yes');
    expect((await durable.ended(id)).output).toEqual({ answer: 'yes' });
  });

  test('a timer wins over an event that does not come', async ({ expect }) => {
    expect((await durable.run('approval', { withinMs: 50 })).output).toBe('too late');
  });

  test('an event without a body is nothing', async ({ expect }) => {
    const id = await durable.start('approval', { withinMs: 60_000 });
    await durable.raise(id, 'answer');
    expect((await durable.ended(id)).output).toEqual({ answer: null });
  });

  test('events that come before anybody waits are kept, in order', async ({ expect }) => {
    const id = await durable.start('twoEvents');
    await durable.raise(id, 'number', 1);
    await durable.raise(id, 'number', 2);
    expect((await durable.ended(id)).output).toEqual([1, 2]);
  });

  test('a timer fires on time', async ({ expect }) => {
    const { output } = await durable.run('sleep', { ms: 150 });
    expect(output).toBeGreaterThanOrEqual(150);
    if (!external) expect(output).toBeLessThan(150 + 500);
  });

  test('a timer of ten days goes in slices and can be cancelled', async ({ expect }) => {
    const id = await durable.start('longTimer');
    await durable.until(id, ({ runtimeStatus }) => runtimeStatus === 'Running');
    await durable.raise(id, 'go');
    expect((await durable.ended(id)).output).toBe('went');
  });

  test('an instance whose losing timer was not cancelled stays Running until it fires', async ({ expect }) => {
    const id = await durable.start('forgetfulTimer');
    const begun = Date.now();
    expect((await durable.ended(id)).output).toBe('returned');
    expect(Date.now() - begun).toBeGreaterThan(250);
  });

  test('sub-orchestrations answer, know their parent, and fail with their message', async ({ expect }) => {
    const { output, instanceId } = await durable.run('parent');
    expect(output).toMatchObject({ own: { child: `${instanceId}-child`, parent: instanceId }, generated: true });
    expect((output as { failure: string }).failure).toMatch(/^Orchestrator function 'child' failed: child says no/);
  });

  test('continueAsNew keeps the instance id and starts over with the new input', async ({ expect }) => {
    const { output, input } = await durable.run('countdown', { left: 5, seen: [] });
    expect(output).toEqual(['5', '4', '3', '2', '1']);
    expect(input).toEqual({ left: 1, seen: ['5', '4', '3', '2'] });
  });

  test('continueAsNew loses events that nobody took and hands later ones to the new execution', async ({ expect }) => {
    const id = await durable.start('collector', { seen: [] });
    await durable.raise(id, 'item', 1);
    const begun = async (): Promise<boolean> => {
      const { historyEvents } = await durable.status(id, '?showHistory=true');
      return historyEvents!.some(event => event['EventType'] === 'TaskScheduled');
    };
    while (!(await begun())) await new Promise(resolve => setTimeout(resolve, 5));
    await durable.raise(id, 'item', 2);
    await durable.until(id, ({ input }) => (input as { seen: number[] }).seen.length === 1);
    await durable.raise(id, 'item', 3);
    expect((await durable.ended(id)).output).toEqual([1, 3]);
  });

  test('generated ids are the same on every replay', async ({ expect }) => {
    expect((await durable.run('guids')).output).toMatchObject({ differ: true });
  });

  test('a failed instance says which function failed and why', async ({ expect }) => {
    const { runtimeStatus, output, customStatus } = await durable.run('failing');
    expect(runtimeStatus).toBe('Failed');
    expect(output).toMatch(/^Orchestrator function 'failing' failed: Activity function 'flaky' failed: attempt 1/);
    expect(customStatus).toBe('about to fail');
  });

  test('a misspelt activity fails the instance and names the known ones', async ({ expect }) => {
    const { runtimeStatus, output } = await durable.run('misspelt');
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain("The function 'noSuchActivity' doesn't exist");
  });

  test.skipIf(external !== undefined)('callHttp polls a 202 until it is done', async () => {
    let polls = 0;
    const server: Server = createServer((request, response) => {
      polls += request.url === '/poll' ? 1 : 0;
      if (polls >= 1) response.end('finished');
      else response.writeHead(202, { location: '/poll', 'retry-after': '1' }).end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { output } = await durable.run('fetches', { url: `http://127.0.0.1:${port}/begin` });
    server.close();
    server.closeAllConnections();
    expect(output).toEqual({ status: 200, content: 'finished' });
    expect(polls).toBe(1);
  });
});

describe('entities', () => {
  test('a call sees the signals sent before it, and an error arrives as the library reports it', async () => {
    const { output } = await durable.run('signalsThenCalls');
    expect(output).toEqual({ count: 5, failure: '[object Object]' });
  });

  test('a lock over two entities keeps concurrent transfers apart', async () => {
    const [from, to] = [unique(), unique()];
    const runs = await Promise.all([1, 2, 3].map(amount => durable.run('lockedTransfer', { from, to, amount })));
    expect(runs.map(run => run.runtimeStatus)).toEqual(['Completed', 'Completed', 'Completed']);
    const seen = runs.map(run => run.output as number).sort((a, b) => b - a);
    // Each saw the balance that the ones before had left: none overlapped.
    expect(new Set(seen).size).toBe(3);
    expect(await (await durable.call('GET', `entities/counter/${from}`)).json()).toBe(-6);
    expect(await (await durable.call('GET', `entities/counter/${to}`)).json()).toBe(6);
  });

  test('a terminated orchestration gives its locks back', async () => {
    const key = unique();
    const holder = await durable.start('keepsLock', { key });
    await durable.until(holder, ({ runtimeStatus }) => runtimeStatus === 'Running');
    const waiting = await durable.start('lockedTransfer', { from: key, to: unique(), amount: 1 });
    await durable.call('POST', `instances/${holder}/terminate?reason=enough`);
    expect((await durable.ended(waiting)).runtimeStatus).toBe('Completed');
  });

  test('clients signal, read, list and delete them', async () => {
    const key = unique();
    expect((await durable.call('GET', `entities/counter/${key}`)).status).toBe(404);
    expect((await durable.call('POST', `entities/Counter/${key}?op=add`, 4)).status).toBe(202);
    const read = async (): Promise<unknown> =>
      (await durable.client('readEntityState', { entityName: 'counter', key })).body.result;
    await untilEqual(read, { entityExists: true, entityState: 4 });
    const list = (await (await durable.call('GET', 'entities/counter?fetchState=true')).json()) as {
      entityId: { key: string };
      state: unknown;
    }[];
    expect(list.find(({ entityId }) => entityId.key === key)?.state).toBe(4);
    expect((await durable.call('DELETE', `entities/counter/${key}`)).status).toBe(202);
    await untilEqual(read, { entityExists: false });
  });

  test('an entity signals another', async () => {
    await durable.client('signalEntity', { entityName: 'counter', key: unique() }, 'tell');
    const read = async (): Promise<unknown> => (await durable.call('GET', 'entities/counter/told')).text();
    await untilEqual(read, '7');
  });

  test('an unknown entity is refused', async () => {
    expect((await durable.call('POST', 'entities/nobody/x?op=add', 1)).status).toBe(400);
  });
});

describe('management', () => {
  test('a start answers 202 with working links', async () => {
    const response = await durable.call('POST', 'orchestrators/approval', { withinMs: 60_000 });
    const links = (await response.json()) as Record<string, string>;
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(links['statusQueryGetUri']);
    expect(response.headers.get('retry-after')).toBe('10');
    expect((await fetch(links['statusQueryGetUri']!)).status).toBe(202);
    const event = links['sendEventPostUri']!.replace('{eventName}', 'answer');
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(event, { method: 'POST', body: '1', headers })).status).toBe(202);
    expect((await durable.ended(links['id']!)).output).toEqual({ answer: 1 });
  });

  test('a start with a timeout answers with the output', async () => {
    const response = await durable.call('POST', 'orchestrators/fanOut?timeout=5&pollingInterval=1', ['a', 'b']);
    expect(response.status).toBe(200);
    expect(await response.json()).toBe('AB');
    const impatient = await durable.call('POST', 'orchestrators/sleep?timeout=0.05', { ms: 300 });
    expect(impatient.status).toBe(202);
  });

  test('an unknown orchestrator, bad JSON and a GET are refused', async () => {
    expect((await durable.call('POST', 'orchestrators/nobody')).status).toBe(400);
    expect((await durable.call('GET', 'orchestrators/sequence')).status).toBe(404);
    const { url, keys } = target;
    const bad = `${url}/runtime/webhooks/durabletask/orchestrators/sequence?code=${keys.system.durabletask_extension}`;
    expect((await fetch(bad, { method: 'POST', body: '{' })).status).toBe(400);
  });

  test('an instance id is taken while its instance runs, and free afterwards', async () => {
    const id = unique();
    await durable.start('approval', { withinMs: 60_000 }, id);
    expect((await durable.call('POST', `orchestrators/approval/${id}`, {})).status).toBeGreaterThanOrEqual(400);
    await durable.raise(id, 'answer');
    await durable.ended(id);
    await durable.start('sequence', undefined, id);
    expect((await durable.ended(id)).name).toBe('sequence');
  });

  test('the status endpoint wants the system key', async () => {
    const url = `${target.url}/runtime/webhooks/durabletask/instances`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(`${url}?code=wrong`)).status).toBe(401);
    expect((await fetch(`${url}?code=${encodeURIComponent(target.keys.host)}`)).status).toBe(401);
  });

  test('a status has the agreed members and times in seconds', async () => {
    const status = await durable.run('sequence', { a: 1 });
    expect(Object.keys(status).sort()).toEqual(
      [
        'createdTime',
        'customStatus',
        'input',
        'instanceId',
        'lastUpdatedTime',
        'name',
        'output',
        'runtimeStatus',
      ].sort(),
    );
    expect(status.createdTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect((await durable.status(status.instanceId, '?showInput=false')).input).toBeNull();
  });

  test('a history names what was called and, if asked, what came back', async () => {
    const { instanceId } = await durable.run('sequence');
    const { historyEvents } = await durable.status(instanceId, '?showHistory=true&showHistoryOutput=true');
    expect(historyEvents!.map(event => event['EventType'])).toEqual([
      'ExecutionStarted',
      'TaskCompleted',
      'TaskCompleted',
      'ExecutionCompleted',
    ]);
    expect(historyEvents![1]).toMatchObject({ FunctionName: 'hello', Result: `Hello Ada from ${instanceId}` });
  });

  test('a failed instance is 200, or 500 if the caller asks for that', async () => {
    const { instanceId } = await durable.run('misspelt');
    expect((await durable.call('GET', `instances/${instanceId}`)).status).toBe(200);
    const loud = await durable.call('GET', `instances/${instanceId}?returnInternalServerErrorOnFailure=true`);
    expect(loud.status).toBe(500);
  });

  test('suspend holds events back and resume lets them through', async () => {
    const id = await durable.start('approval', { withinMs: 60_000 });
    await durable.until(id, ({ runtimeStatus }) => runtimeStatus === 'Running');
    expect((await durable.call('POST', `instances/${id}/suspend?reason=pause`)).status).toBe(202);
    await durable.until(id, ({ runtimeStatus }) => runtimeStatus === 'Suspended');
    await durable.raise(id, 'answer', 'held');
    await new Promise(resolve => setTimeout(resolve, 80));
    expect((await durable.status(id)).runtimeStatus).toBe('Suspended');
    await durable.call('POST', `instances/${id}/resume?reason=go`);
    expect((await durable.ended(id)).output).toEqual({ answer: 'held' });
  });

  test('terminate ends an instance with the reason, and then it takes nothing more', async () => {
    const id = await durable.start('approval', { withinMs: 60_000 });
    expect((await durable.call('POST', `instances/${id}/terminate?reason=enough`)).status).toBe(202);
    const ended = await durable.ended(id);
    expect(ended.runtimeStatus).toBe('Terminated');
    expect(ended.output).toBe('enough');
    for (const operation of ['terminate', 'suspend', 'resume', 'rewind', 'raiseEvent/answer']) {
      expect((await durable.call('POST', `instances/${id}/${operation}`)).status).toBe(410);
    }
  });

  test('an unknown instance is 404 everywhere', async () => {
    expect((await durable.call('GET', 'instances/nobody')).status).toBe(404);
    expect((await durable.call('DELETE', 'instances/nobody')).status).toBe(404);
    for (const operation of ['terminate', 'suspend', 'resume', 'rewind', 'raiseEvent/answer']) {
      expect((await durable.call('POST', `instances/nobody/${operation}`)).status).toBe(404);
    }
    expect((await durable.call('POST', 'instances/nobody/restart')).status).toBe(400);
  });

  test('an event must be JSON', async () => {
    const id = await durable.start('approval', { withinMs: 60_000 });
    const { url, keys } = target;
    const event = `${url}/runtime/webhooks/durabletask/instances/${id}/raiseEvent/answer?code=${keys.system.durabletask_extension}`;
    const json = { 'content-type': 'application/json' };
    expect(
      (await fetch(event, { method: 'POST', body: '"x"', headers: { 'content-type': 'text/plain' } })).status,
    ).toBe(400);
    expect((await fetch(event, { method: 'POST', body: '{', headers: json })).status).toBe(400);
    await durable.call('POST', `instances/${id}/terminate`);
  });

  test('rewind says that it is not supported', async () => {
    const { instanceId } = await durable.run('misspelt');
    expect((await durable.call('POST', `instances/${instanceId}/rewind?reason=x`)).status).toBe(501);
  });

  test('restart runs the same input again, under a new id or the old one', async () => {
    const { instanceId } = await durable.run('fanOut', ['r']);
    const again = (await (await durable.call('POST', `instances/${instanceId}/restart`)).json()) as { id: string };
    expect(again.id).not.toBe(instanceId);
    expect((await durable.ended(again.id)).output).toBe('R');
    await durable.call('POST', `instances/${instanceId}/restart?restartWithNewInstanceId=false`);
    expect((await durable.ended(instanceId)).output).toBe('R');
  });

  test('instances are listed by prefix, status and time, in pages', async () => {
    const prefix = unique();
    for (const label of ['1', '2', '3']) await durable.start('fanOut', [label], `${prefix}-${label}`);
    for (const label of ['1', '2', '3']) await durable.ended(`${prefix}-${label}`);
    const page = await durable.call('GET', `instances?instanceIdPrefix=${prefix}&top=2&runtimeStatus=Completed,Failed`);
    expect((await page.json()) as unknown[]).toHaveLength(2);
    expect(page.headers.get('x-ms-continuation-token')).not.toBeNull();
    const none = await durable.call('GET', `instances?instanceIdPrefix=${prefix}&runtimeStatus=Failed`);
    expect(await none.json()).toEqual([]);
    const future = new Date(Date.now() + 60_000).toISOString();
    const later = await durable.call('GET', `instances?instanceIdPrefix=${prefix}&createdTimeFrom=${future}`);
    expect(await later.json()).toEqual([]);
  });

  test('purge forgets one instance, and the second purge finds nothing', async () => {
    const { instanceId } = await durable.run('sequence');
    const first = await durable.call('DELETE', `instances/${instanceId}`);
    expect(await first.json()).toEqual({ instancesDeleted: 1 });
    expect((await durable.call('DELETE', `instances/${instanceId}`)).status).toBe(404);
    expect((await durable.call('GET', `instances/${instanceId}`)).status).toBe(404);
  });

  test('purging many wants a time, and leaves running instances alone', async () => {
    expect((await durable.call('DELETE', 'instances')).status).toBe(400);
    const future = new Date(Date.now() + 60_000).toISOString();
    expect((await durable.call('DELETE', `instances?createdTimeFrom=${future}`)).status).toBe(404);
  });
});

describe('the client inside the app', () => {
  test('getStatus, raiseEvent and terminate work', async () => {
    const id = await durable.start('approval', { withinMs: 60_000 });
    const status = await durable.client('getStatus', id);
    expect(status.body.result).toMatchObject({ instanceId: id, name: 'approval' });
    expect((await durable.client('raiseEvent', id, 'answer', { ok: true })).status).toBe(200);
    expect((await durable.ended(id)).output).toEqual({ answer: { ok: true } });
    expect((await durable.client('terminate', id, 'late')).status).toBe(200);
    expect((await durable.client('raiseEvent', 'nobody', 'answer', 1)).body.error).toContain(
      "No instance with ID 'nobody'",
    );
  });

  test('waitForCompletion answers with the output', async () => {
    const id = await durable.start('fanOut', ['w']);
    const options = { timeoutInMilliseconds: 4000, retryIntervalInMilliseconds: 50 };
    const { status, body } = await durable.client('waitForCompletionOrCreateCheckStatusResponse', id, options);
    expect(status).toBe(200);
    expect(body).toBe('W');
  });

  test('rewind, purge and lists say what the library expects', async () => {
    const { instanceId } = await durable.run('misspelt');
    const rewound = await durable.client('rewind', instanceId, 'x');
    expect(rewound.body.error).toContain('does not rewind');
    const all = await durable.client('getStatusBy', { runtimeStatus: ['Failed'] });
    expect((all.body.result as { instanceId: string }[]).some(found => found.instanceId === instanceId)).toBe(true);
    expect((await durable.client('purgeInstanceHistory', instanceId)).body.result).toEqual({ instancesDeleted: 1 });
    expect((await durable.client('purgeInstanceHistory', instanceId)).body.result).toEqual({ instancesDeleted: 0 });
    const by = { createdTimeFrom: new Date(Date.now() + 60_000).toISOString() };
    expect((await durable.client('purgeInstanceHistoryBy', by)).body.result).toEqual({ instancesDeleted: 0 });
  });

  test('lists longer than a page arrive whole', async () => {
    const ids = await Promise.all(Array.from({ length: 105 }, () => durable.start('fanOut', [])));
    await Promise.all(ids.map(id => durable.ended(id)));
    const all = (await durable.client('getStatusAll')).body.result as { instanceId: string }[];
    const known = new Set(all.map(({ instanceId }) => instanceId));
    expect(ids.filter(id => !known.has(id))).toEqual([]);
  });
});

test.skipIf(external !== undefined)(
  'an activity and its answer are handed over in single-digit milliseconds',
  async () => {
    const times: number[] = [];
    for (let run = 0; run < 10; run += 1) {
      const { instanceId } = await durable.run('sequence');
      const { historyEvents } = await durable.status(instanceId, '?showHistory=true');
      for (const { EventType, Timestamp, ScheduledTime } of historyEvents!) {
        if (EventType === 'TaskCompleted')
          times.push(Date.parse(Timestamp as string) - Date.parse(ScheduledTime as string));
      }
    }
    expect(times).toHaveLength(20);
    // The fastest quarter: a busy machine may delay some, a polling host would delay all.
    expect(times.sort((a, b) => a - b)[5]).toBeLessThan(10);
  },
);

async function untilEqual(read: () => Promise<unknown>, expected: unknown): Promise<void> {
  let last: unknown;
  await eventually(`it reads ${JSON.stringify(expected)}`, () => {
    void read().then(value => {
      last = value;
    });
    return JSON.stringify(last) === JSON.stringify(expected);
  });
}
