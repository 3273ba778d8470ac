import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { admissionPath, controlKeyHeader } from '../contracts/media.ts';
import { type Identity, startIdentity } from '../emulators/identity/identity.ts';
import { type Speech, startSpeech } from '../emulators/speech/speech.ts';

/** The media host as it runs in Azure, in a cloud with a token audience of its own: no key, and an identity endpoint in its environment. */
const controlKey = 'a-key-for-tests-only';
const clientId = '11111111-2222-4333-8444-555555555555';
const tokens: string[] = [];
let identity: Identity;
let speech: Speech;
let host: ChildProcess;
let url: string;
let log = '';

beforeAll(async () => {
  [identity, speech] = await Promise.all([startIdentity(), startSpeech({ tokens })]);
  identity.hold();
  host = spawn(process.execPath, ['main.ts'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...{ PATH: process.env['PATH'], ...identity.env, AZURE_CLIENT_ID: clientId },
      ...{
        HOST: 'localhost',
        PORT: '0',
        AZURE_COGNITIVE_SERVICES_SCOPE: 'https://cognitiveservices.azure.us/.default',
      },
      ...{
        BASE_URL: 'http://127.0.0.1:9',
        CALL_SECRET: 'a-secret-for-tests-only',
        CONTROL_KEY: controlKey,
      },
      ...{ ACS_RESOURCE_ID: '00000000-0000-4000-8000-000000000000', AGENTS_DIR: '../agents', VOICE_ACTIVITY: 'level' },
      ...{ SPEECH_ENDPOINT: speech.host, SPEECH_RESOURCE_ID: '/a/resource', SPEECH_POOL_SPARES: '1' },
      ...{ AZURE_OPENAI_ENDPOINT: 'https://127.0.0.1:9', COSMOS_ENDPOINT: 'https://127.0.0.1:9' },
      WEB_PUBSUB_ENDPOINT: 'https://127.0.0.1:9',
    },
  });
  host.stderr?.on('data', text => {
    log += String(text);
  });
  const ended = once(host, 'exit').then(() => Promise.reject(new Error(log)));
  const [line] = await Promise.race([once(createInterface(host.stdout ?? process.stdin), 'line'), ended]);
  url = JSON.parse(String(line)).url;
});
afterAll(async () => {
  host.kill('SIGKILL');
  await Promise.all([identity.close(), speech.close()]);
});

const lines = (event: string) =>
  log
    .split('\n')
    .filter(line => line.includes(`"${event}"`))
    .map(line => JSON.parse(line) as { scope?: string; scopes?: string[]; type?: string });

test('it takes a call while no token has come yet', async () => {
  await expect.poll(() => identity.asked.length).toBe(4);
  const call = { callId: 'a'.repeat(32), mode: 'media', agent: 'reception', direction: 'in', callerHash: 'x' };
  const body = JSON.stringify(call);
  const reply = await fetch(url + admissionPath, { method: 'POST', body, headers: { [controlKeyHeader]: controlKey } });
  expect(await reply.json()).toMatchObject({ admitted: true });
  expect(lines('identity.token-fetched')).toEqual([]);
});

test('before the first call each thread has fetched each of its tokens once, and Speech is connected with its own', async () => {
  tokens.push(...Array.from({ length: 4 }, (_, i) => `secret-token-${i + 1}`));
  identity.release();
  const connected = () => new Set(speech.sessions().map(each => each.service));
  await expect.poll(connected, { timeout: 20_000 }).toEqual(new Set(['stt', 'tts']));
  await expect.poll(() => lines('identity.token-fetched').length).toBe(4);
  const { asked } = identity;
  expect(asked.map(each => each.resource).sort()).toEqual([
    'https://127.0.0.1:9',
    'https://cognitiveservices.azure.us',
    'https://cognitiveservices.azure.us',
    'https://webpubsub.azure.com',
  ]);
  expect(asked.every(each => each.allowed && each.clientId === clientId)).toBe(true);
});

test('its log tells that an identity is used and which tokens came, and holds none', () => {
  expect(new Set(lines('identity.used').map(({ type }) => type))).toEqual(new Set(['managed-identity']));
  const told = lines('identity.token-fetched').map(({ scope }) => scope);
  expect(told.sort()).toEqual(
    lines('identity.used')
      .flatMap(({ scopes }) => scopes ?? [])
      .sort(),
  );
  expect(log).not.toMatch(/secret-token|identity-header/);
});
