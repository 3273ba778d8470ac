import { expect, test } from 'vitest';
import { startChat } from './chat.ts';
import { model, talk } from './with-openai.ts';

const ask = async (talking: Awaited<ReturnType<typeof talk>>) =>
  (await talking.openai.responses.create({ model, input: 'Hello?' })).output_text;

async function admin(url: string, method: string, path: string, body?: string) {
  const res = await fetch(`${url}/emulator/${path}`, { method, ...(body !== undefined && { body }) });
  return { status: res.status, text: await res.text() };
}

test('the script is changed over the wire and brought back by a reset', async () => {
  const talking = await talk({ rules: [{ say: 'First.', ttftMs: 1 }] });
  const { url } = talking.chat;
  expect(await ask(talking)).toBe('First.');
  expect(await admin(url, 'PUT', 'script', '- say: Second.\n  ttftMs: 1\n')).toEqual({ status: 204, text: '' });
  expect(await ask(talking)).toBe('Second.');
  expect((await admin(url, 'GET', 'script')).text).toContain('say: Second.');
  expect((await admin(url, 'POST', 'reset')).status).toBe(204);
  expect(await ask(talking)).toBe('First.');
});

test('a bad script is refused with its line, and the old one stays', async () => {
  const talking = await talk({ rules: [{ say: 'First.', ttftMs: 1 }] });
  const { status, text } = await admin(talking.chat.url, 'PUT', 'script', '- say: Hi.\n- sey: Hi.\n');
  expect(status).toBe(400);
  expect(JSON.parse(text).error.message).toContain('script:2:3');
  expect(await ask(talking)).toBe('First.');
});

test('faults serve the next requests and are then over', async () => {
  const talking = await talk({
    rules: [
      { say: 'Fine.', ttftMs: 1, times: 1 },
      { say: 'Later.', ttftMs: 1 },
    ],
  });
  const { url } = talking.chat;
  const next = [
    { count: 2, error: { status: 503 } },
    { api: 'chat', hang: 'before-headers' },
  ];
  expect((await admin(url, 'PUT', 'faults', JSON.stringify({ next }))).status).toBe(204);
  await expect(ask(talking)).rejects.toMatchObject({ status: 503 });
  expect(JSON.parse((await admin(url, 'GET', 'faults')).text).next[0].count).toBe(1);
  await expect(ask(talking)).rejects.toMatchObject({ status: 503 });
  // The requests that failed did not use up the rule, and the fault for the other wire waits.
  expect([await ask(talking), await ask(talking)]).toEqual(['Fine.', 'Later.']);
  expect(JSON.parse((await admin(url, 'GET', 'faults')).text).next).toHaveLength(1);
  expect(talking.chat.requests[0]).toMatchObject({
    status: 503,
    outcome: 'refused',
    fault: { error: { status: 503 } },
  });
});

test('a fault breaks the answer the script gives', async () => {
  const talking = await talk({ rules: [{ say: 'one two three four five six seven', ttftMs: 1 }] });
  talking.chat.setFaults({ next: [{ finish: 'length' }] });
  expect(await talking.openai.responses.create({ model, input: 'Hello?' })).toMatchObject({ status: 'incomplete' });
  expect(await talking.openai.responses.create({ model, input: 'Hello?' })).toMatchObject({ status: 'completed' });
});

test.each([
  ['{"next": [{"count": 1}]}', 'Add one of error, hang'],
  ['{"next": [{"eror": {}}]}', 'eror'],
  ['[]', 'Write {"next"'],
  ['{', 'JSON'],
])('the faults %s are refused with the remedy', async (body, words) => {
  const { chat } = await talk();
  const { status, text } = await admin(chat.url, 'PUT', 'faults', body);
  expect(status).toBe(400);
  expect(JSON.parse(text).error.message).toContain(words);
});

test('requests are shown over the wire', async () => {
  const talking = await talk({ rules: [{ say: 'Fine.', name: 'fine', ttftMs: 1 }] });
  await ask(talking);
  const shown = JSON.parse((await admin(talking.chat.url, 'GET', 'requests')).text);
  expect(shown.requests).toMatchObject([{ number: 1, rule: 'fine', model, lastUser: 'Hello?', sent: 'Fine.' }]);
});

test.each([
  ['GET', '/openai/v1/responses', 405],
  ['POST', '/openai/v1/embeddings', 404],
  ['POST', '/openai/responses', 404],
  ['POST', '/emulator/nothing', 404],
])('%s %s is answered with %i', async (method, path, status) => {
  const { chat } = await talk();
  const res = await fetch(chat.url + path, { method, headers: { 'api-key': chat.key } });
  expect(res.status).toBe(status);
  expect(await res.json()).toHaveProperty('error.message');
});

test('a body that is no JSON is refused', async () => {
  const { chat } = await talk();
  const headers = { 'api-key': chat.key, 'content-type': 'application/json' };
  const res = await fetch(`${chat.url}/openai/v1/responses`, { method: 'POST', headers, body: '{"model":' });
  expect(res.status).toBe(400);
  expect((await res.json()) as object).toHaveProperty('error.type', 'invalid_request_error');
});

test('the stand-in does not start in production, nor with a script that is wrong or missing', async () => {
  await expect(startChat({ script: '/nowhere/desk.yaml' })).rejects.toThrow(/ENOENT/);
  await expect(startChat({ rules: [{}] })).rejects.toThrow(/answers nothing/);
  process.env['NODE_ENV'] = 'production';
  try {
    await expect(startChat()).rejects.toThrow(/NODE_ENV=production/);
  } finally {
    process.env['NODE_ENV'] = 'test';
  }
});
