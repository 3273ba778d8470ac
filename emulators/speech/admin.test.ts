import { afterEach, expect, test } from 'vitest';
import type { RecordedMessage } from './line.ts';
import type { SessionFacts } from './sessions.ts';
import { type Bench, openBench } from './test-bench.ts';
import { babble, joined, tones } from './test-sounds.ts';

let bench: Bench;
afterEach(() => bench.close());

async function admin(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${bench.speech.url}/emulator/${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

test('sessions, their messages and the counters can be looked at', async () => {
  bench = await openBench();
  const ears = bench.ears();
  await ears.start();
  ears.hear(joined(tones('Hello.'), 700));
  await ears.next('final');
  const { body: sessions } = await admin('GET', 'sessions');
  expect(sessions).toMatchObject([{ service: 'stt', turns: 1, busy: true }]);
  const { body: messages } = await admin('GET', `sessions/${(sessions as SessionFacts[])[0]!.id}`);
  const paths = (messages as RecordedMessage[]).map(message => `${message.from} ${message.path}`);
  expect(paths.slice(0, 4)).toEqual([
    'client speech.config',
    'client speech.context',
    'client audio',
    'server turn.start',
  ]);
  expect(paths).toContain('server speech.phrase');
  expect((await admin('GET', 'sessions/nobody')).status).toBe(404);
  expect((await admin('GET', 'counters')).body).toMatchObject({ sttTurns: 1, openSttTurns: 1, phrases: 1 });
});

test('faults and knobs are put and merged', async () => {
  bench = await openBench();
  await admin('PUT', 'faults', { stt: { stall: { times: 2 } } });
  const { body } = await admin('PUT', 'faults', { tts: { dropTurnEnd: {} } });
  expect(body).toEqual({ stt: { stall: { atMs: 0, times: 2 } }, tts: { dropTurnEnd: {} } });
  expect((await admin('GET', 'faults')).body).toEqual(body);
  expect(await admin('PUT', 'knobs', { tts: { stop: 'ignored' } })).toMatchObject({
    body: { tts: { stop: 'ignored' } },
  });
  expect(await admin('GET', 'knobs')).toMatchObject({ body: { stt: { quota: 100 } } });
  expect(await admin('PUT', 'knobs', { tts: { stop: 'perhaps' } })).toMatchObject({ status: 400 });
  expect((await admin('PUT', 'faults', '{')).status).toBe(400);
  expect(await admin('PUT', 'faults', { stt: { boom: {} } })).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining('boom') },
  });
  await admin('POST', 'reset');
  expect((await admin('GET', 'faults')).body).toEqual({ stt: {}, tts: {} });
  expect(await admin('GET', 'knobs')).toMatchObject({ body: { tts: { stop: 'honoured' } } });
});

test('words are injected and sockets closed from outside', async () => {
  bench = await openBench();
  const ears = bench.ears();
  await ears.start();
  ears.hear(new Int16Array(16_000));
  await expect.poll(() => bench.speech.counters().audioMsHeard).toBe(1000);
  const [session] = bench.speech.sessions();
  expect((await admin('POST', 'inject', { say: 'phrase', text: 'From outside.', session: session!.id })).body).toEqual({
    turns: 1,
  });
  await ears.next('final');
  expect((await admin('POST', 'close', { service: 'tts' })).body).toEqual({ sockets: 0 });
  expect((await admin('POST', 'close', { code: 1011, reason: 'enough' })).body).toEqual({ sockets: 1 });
  await ears.next('disconnected');
  expect((await admin('POST', 'close', { abort: true })).status).toBe(200);
});

test('a recording is taught from outside', async () => {
  bench = await openBench();
  const pcm = babble(1200, 6);
  const pcmBase64 = Buffer.from(pcm.buffer).toString('base64');
  const taught = await admin('POST', 'phrasebook', { name: 'yes', words: 'Yes, please do.', pcmBase64 });
  expect(taught).toEqual({ status: 200, body: ['yes'] });
  const ears = bench.ears();
  await ears.start();
  ears.hear(joined(100, pcm, 800));
  expect((await ears.next('final')).text).toBe('Yes, please do.');
  expect((await admin('POST', 'phrasebook', { name: 'x' })).status).toBe(400);
});

test('unknown doors say which there are', async () => {
  bench = await openBench();
  expect(await admin('GET', 'nothing')).toMatchObject({
    status: 404,
    body: { routes: expect.arrayContaining(['PUT faults']) },
  });
  expect((await fetch(`${bench.speech.url}/stt/speech/universal/v2`)).status).toBe(426);
});
