import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { model, next, talk } from './with-openai.ts';

const longSpeech = { say: 'word '.repeat(300).trim(), ttftMs: 5, gapMs: 5 };

describe.each(['responses', 'chat'] as const)('a client that hangs up on %s', api => {
  const start = (client: OpenAI, signal: AbortSignal) =>
    api === 'responses'
      ? client.responses.create({ model, input: 'Hello?', stream: true }, { signal })
      : client.chat.completions.create(
          { model, messages: [{ role: 'user', content: 'Hello?' }], stream: true },
          { signal },
        );
  const isWord = (event: object) =>
    'type' in event
      ? event.type === 'response.output_text.delta'
      : 'choices' in event && Boolean((event.choices as [{ delta: { content?: string } }?])[0]?.delta.content);

  test('before the headers is seen leaving, and its request rejects', async () => {
    const { openai, chat } = await talk({ rules: [{ hang: 'before-headers' }] });
    const hangUp = new AbortController();
    const request = start(openai, hangUp.signal);
    await expect.poll(() => chat.requests[0]?.rule).toBe('1');
    hangUp.abort();
    await expect(request).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    await chat.idle();
    expect(chat.requests[0]).toMatchObject({ outcome: 'aborted', status: 0, deltasSent: 0 });
  });

  test('after the headers and before a word ends without an error', async () => {
    const { openai, chat } = await talk({ rules: [{ hang: 'after-headers', say: 'Never.' }] });
    const hangUp = new AbortController();
    const events = (await start(openai, hangUp.signal))[Symbol.asyncIterator]();
    await next(events as AsyncIterator<object>);
    hangUp.abort();
    while (!(await events.next()).done);
    await chat.idle();
    expect(chat.requests[0]).toMatchObject({ outcome: 'aborted', status: 200, deltasSent: 0, sent: '' });
  });

  test('in the middle is seen leaving at once, and what it was sent is known', async () => {
    const { openai, chat } = await talk({ rules: [longSpeech] });
    const hangUp = new AbortController();
    const stream = await start(openai, hangUp.signal);
    let words = 0;
    let hungUpAt = 0;
    for await (const event of stream as AsyncIterable<object>) {
      if (isWord(event)) words += 1;
      if (words === 5 && hungUpAt === 0) {
        hungUpAt = performance.now();
        hangUp.abort();
      }
    }
    await chat.idle();
    const closedAfterMs = performance.now() - hungUpAt;
    const [record] = chat.requests;
    expect(record).toMatchObject({ outcome: 'aborted', status: 200 });
    expect(record!.abortedAfterMs).toBeGreaterThan(0);
    expect(record!.deltasSent).toBeGreaterThanOrEqual(words);
    expect(record!.deltasSent).toBeLessThan(100);
    expect(longSpeech.say.startsWith(record!.sent)).toBe(true);
    expect(closedAfterMs).toBeLessThan(500);
  });

  test('by leaving the loop is seen leaving', async () => {
    const { openai, chat } = await talk({ rules: [longSpeech] });
    const stream = await start(openai, new AbortController().signal);
    for await (const event of stream as AsyncIterable<object>) if (isWord(event)) break;
    await chat.idle();
    expect(chat.requests[0]).toMatchObject({ outcome: 'aborted' });
  });
});

test('a client that stays to the end is not said to have left', async () => {
  const { openai, chat } = await talk({ rules: [{ say: 'Hello.', ttftMs: 1 }] });
  await openai.responses.create({ model, input: 'Hello?' });
  await chat.idle();
  expect(chat.requests[0]).toMatchObject({ outcome: 'completed', sent: 'Hello.' });
  expect(chat.requests[0]).not.toHaveProperty('abortedAfterMs');
});

test('closing the stand-in ends what is still being said', async () => {
  const { openai, chat } = await talk({ rules: [longSpeech] });
  const stream = await openai.responses.create({ model, input: 'Hello?', stream: true });
  const events = stream[Symbol.asyncIterator]();
  await next(events);
  await chat.close();
  await expect(
    (async () => {
      while (!(await events.next()).done);
    })(),
  ).rejects.toThrow();
  expect(chat.requests[0]).toMatchObject({ outcome: 'aborted' });
});
