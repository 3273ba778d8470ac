import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settingsOf, standIns, standInsFor, unreachable } from './plan.ts';
import { settingsExample } from './settings-example.ts';
import { readValues, withoutSettings } from './settings-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plan-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function settingsFile(text: string): Promise<string> {
  const file = path.join(folder, `${Math.random()}.json`);
  await writeFile(file, text);
  return file;
}

test('nothing given means everything offline, and so does the example as it is', async () => {
  expect(standInsFor({})).toEqual(['acs', 'speech', 'chat', 'cosmos', 'web-pubsub', 'email']);
  expect(standInsFor(await readValues(await settingsFile(settingsExample()), {}))).toEqual([
    'acs',
    'speech',
    'chat',
    'cosmos',
    'web-pubsub',
    'email',
  ]);
});

test.each([
  ['ACS_CONNECTION_STRING', 'acs'],
  ['ACS_ENDPOINT', 'acs'],
  ['SPEECH_REGION', 'speech'],
  ['SPEECH_ENDPOINT', 'speech'],
  ['AZURE_OPENAI_ENDPOINT', 'chat'],
  ['COSMOS_ENDPOINT', 'cosmos'],
  ['WEB_PUBSUB_ENDPOINT', 'web-pubsub'],
  ['EMAIL_CONNECTION_STRING', 'email'],
  ['EMAIL_ENDPOINT', 'email'],
])('%s given leaves out the %s stand-in and no other', (name, left) => {
  const started = standInsFor({ [name]: 'given' });
  expect(started).not.toContain(left);
  expect(started).toHaveLength(standIns.length - 1);
});

test('a key alone points nowhere', () => {
  expect(standInsFor({ SPEECH_KEY: 'k', COSMOS_KEY: 'k', AZURE_OPENAI_API_KEY: 'k' })).toHaveLength(standIns.length);
});

test('only stand-ins that run are put into the settings', () => {
  expect(settingsOf({ cosmos: { url: 'http://127.0.0.1:1', key: 'k' } })).toEqual({
    COSMOS_ENDPOINT: 'http://127.0.0.1:1',
    COSMOS_KEY: 'k',
  });
});

test('a carrier on Azure needs an address to call; one on this machine does not', () => {
  const azure = { ACS_CONNECTION_STRING: 'endpoint=https://x.communication.azure.com/;accesskey=y' };
  expect(unreachable(azure)).toMatch(/set BASE_URL and MEDIA_HOST_PUBLIC_URL/);
  expect(unreachable({ ...azure, BASE_URL: 'https://t', MEDIA_HOST_PUBLIC_URL: 'wss://t' })).toBeUndefined();
  expect(unreachable({ ACS_CONNECTION_STRING: 'endpoint=http://127.0.0.1:9/;accesskey=y' })).toBeUndefined();
  expect(unreachable({})).toBeUndefined();
});

test('the environment wins over the file, and what is empty is not given', async () => {
  const file = await settingsFile('{"Values":{"LLM_MODEL":"from-file","SCENARIO":"from-file","SPEECH_KEY":""}}');
  expect(await readValues(file, { LLM_MODEL: 'from-env', SCENARIO: '', PATH: '/bin' })).toEqual({
    LLM_MODEL: 'from-env',
    SCENARIO: 'from-file',
  });
});

test('no file is no settings', async () => {
  expect(await readValues(path.join(folder, 'none.json'), {})).toEqual({});
});

test('a mistyped name stops the start with the right one', async () => {
  const file = await settingsFile('{"Values":{"COSMOS_ENDPONT":"x"}}');
  await expect(readValues(file, {})).rejects.toThrow('COSMOS_ENDPONT is not a setting; did you mean COSMOS_ENDPOINT?');
});

test.each([
  ['{', /is not JSON/],
  ['{"Values":[]}', /"Values" must be an object/],
  ['{"Values":{"PORT":1}}', /PORT must be a text/],
])('a broken file is told: %s', async (text, message) => {
  await expect(readValues(await settingsFile(text), {})).rejects.toThrow(message);
});

test('children inherit no setting by accident', () => {
  expect(withoutSettings({ PATH: '/bin', COSMOS_KEY: 'k' })).toEqual({ PATH: '/bin' });
});
