import { expect, test } from 'vitest';
import { type CallReport, plainWords } from '../commands/call-report.ts';
import { runningSystem } from './running-system.ts';

const it = runningSystem();

test('two calls at once, with words of their own: no word crosses', async () => {
  await it.admin(
    `${it.system.chatUrl}/emulator/script`,
    'PUT',
    '- match: { lastUser: "^(?<word>\\\\w+)" }\n  say: "You said {{word}} and nothing but {{word}}."\n',
  );
  const [one, two] = await Promise.all([
    it.call([{ say: 'apple' }, { say: 'bread' }, { say: 'cherry' }], '+15550101'),
    it.call([{ say: 'iron' }, { say: 'steel' }, { say: 'tin' }], '+15550102'),
  ]);
  for (const [report, words] of [
    [one, ['apple', 'bread', 'cherry']],
    [two, ['iron', 'steel', 'tin']],
  ] as const) {
    expect(report.turns.map(turn => turn.said)).toEqual([...words]);
    expect(report.turns.map(turn => plainWords(turn.heard))).toEqual(
      words.map(word => `you said ${word} and nothing but ${word}`),
    );
  }
});

/** Asks the API about the memory of a call's caller. */
async function memory(
  { record }: CallReport,
  method = 'GET',
  headers: Record<string, string> = { 'x-functions-key': it.system.hostKey },
) {
  const reply = await fetch(`${it.system.functionsUrl}/api/v1/callers/${record?.callerHash}/memory`, {
    method,
    headers,
  });
  const text = await reply.text();
  return { status: reply.status, body: reply.status === 200 ? (JSON.parse(text) as Record<string, unknown>) : {} };
}

test('who said their name is greeted by it the next time, and nobody else is, until they are forgotten', async () => {
  await it.admin(
    `${it.system.chatUrl}/emulator/script`,
    'PUT',
    `
- match: { tool: remember }
  say: Thank you, that is noted.
- match: { lastUser: 'my name is miranda' }
  tool: { name: remember, arguments: { name: name, value: Miranda } }
- match: { said: 'earlierCalls.*"name":"Miranda"' }
  say: Yes, we have spoken before.
- say: No, we have not.
`,
  );
  const [miranda, other] = ['+15550111', '+15550112'];
  const first = await it.call([{ say: 'Hello, my name is Miranda.' }], miranda);
  expect(plainWords(first.greeting.agent ?? '')).toBe('hello this is switchboard how can i help');
  expect(await memory(first, 'GET', {})).toMatchObject({ status: 401 });
  await expect.poll(() => memory(first), { timeout: 10_000 }).toMatchObject({ status: 200 });
  expect((await memory(first)).body).toMatchObject({
    facts: { name: { value: 'Miranda', callId: first.callId } },
    calls: [{ callId: first.callId, agent: 'reception' }],
  });

  const question = [{ say: 'Do you know me?' }];
  const [again, stranger] = await Promise.all([it.call(question, miranda), it.call(question, other)]);
  expect(again.turns[0]?.agent).toBe('Yes, we have spoken before.');
  // No greeting waits for what is remembered: a busy machine may have greeted before it was read.
  let greeting = plainWords(again.greeting.agent ?? '');
  for (let tries = 0; tries < 3 && !greeting.includes('miranda'); tries += 1)
    greeting = plainWords((await it.call([], miranda)).greeting.agent ?? '');
  expect(greeting).toBe('hello miranda this is switchboard how can i help');
  expect(plainWords(stranger.greeting.agent ?? '')).toBe('hello this is switchboard how can i help');
  expect(stranger.turns[0]?.agent).toBe('No, we have not.');

  expect(await memory(first, 'DELETE')).toMatchObject({ status: 204 });
  expect(await memory(first)).toMatchObject({ status: 404 });
});
