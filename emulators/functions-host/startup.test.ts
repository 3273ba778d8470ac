import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DurableProbe, eventually } from './probe.ts';
import { buildSampleApp } from './sample-app.ts';
import { type SpawnedHost, type SpawnOptions, spawnHost } from './spawn-host.ts';

/** A host either starts or says in one sentence what to do. */

const root = mkdtempSync(path.join(tmpdir(), 'functions-start-'));
let made = 0;

afterAll(() => rmSync(root, { recursive: true, force: true }));

const library = JSON.stringify(path.join(import.meta.dirname, '../../node_modules/@azure/functions'));
const ping = "app.http('ping', { handler: () => ({ body: 'pong' }) });";

interface Written {
  code?: string;
  files?: Record<string, string>;
  manifest?: unknown;
  hostJson?: unknown;
}

/** Writes an app of plain JavaScript and starts it. */
async function start(
  { code = ping, files, manifest, hostJson }: Written,
  options: Partial<SpawnOptions> = {},
): Promise<SpawnedHost> {
  const appDir = mkdtempSync(path.join(root, `app${made++}-`));
  const all = {
    'index.js': `const { app } = require(${library});\n${code}`,
    'package.json': JSON.stringify(manifest ?? { main: 'index.js' }),
    'host.json': JSON.stringify(hostJson ?? { version: '2.0' }),
    ...files,
  };
  for (const [name, text] of Object.entries(all)) writeFileSync(path.join(appDir, name), text);
  return spawnHost({ appDir, dataDir: path.join(appDir, 'data'), ...options });
}

const status = async (host: SpawnedHost, route: string): Promise<number> =>
  (await fetch(`${host.url}/${route}`)).status;

describe.concurrent('a host', () => {
  test('a plain app starts and answers', async () => {
    await using host = await start({});
    expect(host.functions).toEqual(['ping']);
    expect(await status(host, 'api/ping')).toBe(200);
  });

  test('an app of ES modules starts too, and "main" may be a glob', async () => {
    const url = JSON.stringify(`file://${JSON.parse(library)}/dist/azure-functions.js`);
    const module = (name: string): string =>
      `import functions from ${url};\nfunctions.app.http('${name}', { handler: () => ({ body: 'x' }) });`;
    await using host = await start({
      files: { 'one.mjs': module('one'), 'two.mjs': module('two') },
      manifest: { main: '{one,two}.mjs' },
    });
    expect(await status(host, 'api/two')).toBe(200);
  });

  test('route prefix, disabled functions, keys and settings come from their files', async () => {
    const files = {
      'local.settings.json': JSON.stringify({ Values: { GREETING: 'hi', 'AzureWebJobs.off.Disabled': 'true' } }),
      'keys.json': JSON.stringify({ host: 'h', master: 'm', functions: { guarded: 'own' } }),
    };
    const code = `${ping} app.http('off', { handler: () => ({ body: 'x' }) });
    app.http('guarded', { authLevel: 'function', handler: () => ({ body: process.env.GREETING }) });`;
    const appDir = mkdtempSync(path.join(root, 'settings-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(appDir, name), text);
    const given = { keysFile: path.join(appDir, 'keys.json'), settingsFile: path.join(appDir, 'local.settings.json') };
    await using host = await start(
      { code, hostJson: { version: '2.0', extensions: { http: { routePrefix: '' } } } },
      given,
    );
    expect(host.keys.host).toBe('h');
    expect(await status(host, 'ping')).toBe(200);
    expect(await status(host, 'off')).toBe(404);
    expect(await (await fetch(`${host.url}/guarded?code=own`)).text()).toBe('hi');
  });

  test('hooks may replace a handler, its inputs and its result, and share data over one invocation', async () => {
    const code = `
      app.http('hooked', { handler: (request, context) => ({ body: 'handler' }) });
      app.hook.preInvocation(c => {
        c.hookData.before = c.invocationContext.functionName;
        const original = c.functionHandler;
        c.functionHandler = async (...inputs) => ({ body: (await original(...inputs)).body + ' wrapped' });
      });
      app.hook.postInvocation(c => { c.result = { body: c.result.body + ' after ' + c.hookData.before }; });`;
    await using host = await start({ code });
    expect(await (await fetch(`${host.url}/api/hooked`)).text()).toBe('handler wrapped after hooked');
  });

  test('a queue output reaches the queue trigger', async () => {
    const code = `const { output } = require(${library});
      const queue = output.storageQueue({ queueName: 'out', connection: 'AzureWebJobsStorage' });
      const seen = [];
      app.http('put', { extraOutputs: [queue], handler: (_, c) => { c.extraOutputs.set(queue, [{ n: 1 }, 'two']); return {}; } });
      app.storageQueue('take', { queueName: 'out', connection: 'AzureWebJobsStorage', handler: m => { seen.push(m); } });
      app.http('seen', { handler: () => ({ jsonBody: seen }) });`;
    await using host = await start({ code });
    await fetch(`${host.url}/api/put`);
    let seen: unknown[] = [];
    while (seen.length < 2) seen = (await (await fetch(`${host.url}/api/seen`)).json()) as unknown[];
    expect(seen).toEqual([{ n: 1 }, 'two']);
  });

  test('what the app prints does not reach stdout', async () => {
    const lines: string[] = [];
    await using host = await start(
      { code: `console.log('{"ready":false}'); ${ping}` },
      { log: line => lines.push(line) },
    );
    expect(await status(host, 'api/ping')).toBe(200);
    expect(lines.some(line => line.includes('"category":"console"'))).toBe(true);
  });

  test('a stray rejection in the app does not end the host', async () => {
    const stray =
      "app.http('stray', { handler: () => { Promise.reject(new Error('stray')); return { body: 'x' }; } });";
    await using host = await start({ code: `${ping} ${stray}` });
    expect(await status(host, 'api/stray')).toBe(200);
    expect(await status(host, 'api/ping')).toBe(200);
  });

  test.each<[string, Written, RegExp]>([
    [
      'two functions of one name',
      { code: `${ping} ${ping.replace('ping', 'PING')}` },
      /Two functions are named "PING"\. Rename one/,
    ],
    [
      'an unsupported trigger',
      { code: "app.cosmosDB('feed', { databaseName: 'd', containerName: 'c', connection: 'x', handler: () => {} });" },
      /Function "feed" has the trigger "cosmosDBTrigger"; known: httptrigger/,
    ],
    [
      'an entry file that throws',
      { code: "throw new Error('broken build');" },
      /Entry file index\.js failed: broken build/,
    ],
    [
      'no match for "main"',
      { manifest: { main: 'dist/*.js' } },
      /No file matches "main": "dist\/\*\.js".*Build the app first/,
    ],
    ['no "main"', { manifest: {} }, /has no "main"/],
    ['an app without functions', { code: '' }, /registered no functions/],
    [
      'a schedule that cannot be read',
      { code: "app.timer('t', { schedule: '61 * * * * *', handler: () => {} });" },
      /Timer "t": "61" is no second/,
    ],
    [
      'a setting that is missing',
      { code: "app.timer('t', { schedule: '%NO_SUCH%', handler: () => {} });" },
      /"NO_SUCH".*local\.settings\.json/,
    ],
    [
      'an unknown constraint',
      { code: "app.http('r', { route: 'a/{b:colour}', handler: () => ({}) });" },
      /unknown constraint "colour"/,
    ],
    [
      'an unknown durable backend',
      { hostJson: { version: '2.0', extensions: { durableTask: { storageProvider: { type: 'paper' } } } } },
      /Durable backend "paper"/,
    ],
  ])('%s stops the start and says what to do', async (_, written, sentence) => {
    await expect(start(written)).rejects.toThrow(sentence);
  });

  test('a second host on the same data folder is refused, and a killed one leaves no lock', async () => {
    using app = buildSampleApp();
    const first = await app.start();
    await expect(app.start()).rejects.toThrow(
      /Another host is using .*data\. Stop it, or choose another --data folder/,
    );
    await first.kill();
    const second = await app.start();
    await second.stop();
  });

  test('a graceful stop lets a streamed answer end', async () => {
    using app = buildSampleApp();
    await using streaming = await app.start({ env: { SAMPLE_STREAM: 'true' } });
    const answer = await fetch(`${streaming.url}/api/sse/4`);
    const stopped = streaming.stop();
    expect(await answer.text()).toBe('data: 0\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\n');
    expect(await stopped).toBe(0);
  });

  test('host.json limits how many activities run at once', async () => {
    using app = buildSampleApp({ extensions: { durableTask: { maxConcurrentActivityFunctions: 1 } } });
    await using narrow = await app.start();
    expect((await new DurableProbe(narrow).run('fanOut', ['a', 'b', 'c'])).output).toBe('ABC');
    const steps = app
      .journal()
      .map(({ what }) => what.split(' ')[0])
      .filter(what => what === 'begin' || what === 'end');
    expect(steps).toEqual(['begin', 'end', 'begin', 'end', 'begin', 'end']);
    await narrow.stop();
  });

  test('one timer in two Task.any calls is pointed out', async () => {
    using app = buildSampleApp();
    const lines: string[] = [];
    await using told = await app.start({ log: line => lines.push(line) });
    const durable = new DurableProbe(told);
    const id = await durable.start('reusedTimer');
    await durable.raise(id, 'a');
    await eventually('the warning', () => lines.some(line => line.includes('a second timer for the same moment')));
    await told.stop();
  });

  test('production is refused', async () => {
    await expect(start({}, { env: { NODE_ENV: 'production' } })).rejects.toThrow(
      'does not run with NODE_ENV=production',
    );
  });
});
