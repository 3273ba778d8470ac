import * as sdk from 'microsoft-cognitiveservices-speech-sdk';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openEars } from './sdk-client.ts';
import { startSpeech } from './speech.ts';
import { type Bench, openBench } from './test-bench.ts';
import { joined, tones } from './test-sounds.ts';

let bench: Bench;
afterEach(() => bench?.close());

const STT = '/stt/speech/universal/v2';
const ID = '0123456789ABCDEF0123456789ABCDEF';

/** Opens a raw socket; resolves with the HTTP status of a refusal or 101. */
function upgrade(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; retryAfter?: string; socket: WebSocket }> {
  const socket = new WebSocket(`${bench.speech.host}${path}`, { headers });
  return new Promise(resolve => {
    socket.on('open', () => resolve({ status: 101, socket }));
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_, response) => {
      const retryAfter = response.headers['retry-after'];
      resolve({ status: response.statusCode ?? 0, ...(retryAfter && { retryAfter }), socket });
      socket.terminate();
    });
  });
}

test('the key opens from the header or from the query; without it nothing does', async () => {
  bench = await openBench({ tokens: ['token-1'] });
  const { key } = bench.speech;
  const status = async (path: string, headers?: Record<string, string>) => (await upgrade(path, headers)).status;
  expect(await status(STT, { 'Ocp-Apim-Subscription-Key': key })).toBe(101);
  expect(await status(`${STT}?Ocp-Apim-Subscription-Key=${key}`)).toBe(101);
  expect(await status(STT, { Authorization: 'Bearer token-1' })).toBe(101);
  expect(await status(STT, { Authorization: 'Bearer aad#/subscriptions/1/x#token-1' })).toBe(101);
  expect(
    await status(`/tts/cognitiveservices/websocket/v1?Authorization=${encodeURIComponent('Bearer token-1')}`),
  ).toBe(101);
  expect(await status(STT)).toBe(401);
  expect(await status(STT, { 'Ocp-Apim-Subscription-Key': 'wrong' })).toBe(401);
  expect(await status(STT, { Authorization: 'Bearer token-2' })).toBe(401);
  expect(await status('/elsewhere', { 'Ocp-Apim-Subscription-Key': key })).toBe(404);
});

test('every path the SDK may take leads in', async () => {
  bench = await openBench();
  const headers = { 'Ocp-Apim-Subscription-Key': bench.speech.key };
  for (const path of [
    STT,
    ...['conversation', 'interactive', 'dictation'].map(mode => `/speech/recognition/${mode}/cognitiveservices/v1`),
    '/tts/cognitiveservices/websocket/v1',
    '/tts/cognitiveservices/websocket/v2',
    '/cognitiveservices/websocket/v2',
  ]) {
    expect((await upgrade(`${path}?language=en-US`, headers)).status).toBe(101);
  }
});

test('credentials never reach the log or the session list', async () => {
  const lines: string[] = [];
  bench = await openBench({ key: 'very-secret-key', tokens: ['very-secret-token'], log: line => lines.push(line) });
  const ears = bench.ears();
  await ears.start();
  ears.hear(joined(tones('Hello.'), 700));
  await ears.next('final');
  await bench.voice().speak('Hello.');
  await upgrade(`${STT}?authorization=Bearer%20very-secret-token`);
  await upgrade(`${STT}?Ocp-Apim-Subscription-Key=very-secret-wrong`);
  const everything = lines.join('\n') + JSON.stringify(bench.speech.sessions());
  expect(everything).toContain('Ocp-Apim-Subscription-Key=***');
  expect(everything).not.toContain('very-secret');
});

describe('the quota', () => {
  test('refuses the upgrade with 429 when full, and lets in when there is room', async () => {
    bench = await openBench({ stt: { quota: 2 } });
    const headers = { 'Ocp-Apim-Subscription-Key': bench.speech.key };
    const first = await upgrade(STT, headers);
    await upgrade(STT, headers);
    expect(await upgrade(STT, headers)).toMatchObject({ status: 429, retryAfter: '1' });
    expect((await upgrade('/tts/cognitiveservices/websocket/v1', headers)).status).toBe(101);
    first.socket.close();
    await expect.poll(() => bench.speech.sessions().filter(s => s.service === 'stt' && !s.closedWith).length).toBe(1);
    expect((await upgrade(STT, headers)).status).toBe(101);
    const ears = bench.ears();
    await ears.start();
    expect((await ears.next('canceled')).detail).toContain('429');
  });

  test('or answers the turn with TooManyRequests', async () => {
    bench = await openBench({ stt: { quota: 1, quotaAs: 'phrase' } });
    const first = bench.ears();
    await first.start();
    first.hear(joined(tones('Hello.'), 700));
    await first.next('final');
    const second = bench.ears();
    await second.start();
    second.hear(new Int16Array(3200));
    expect((await second.next('canceled')).detail).toContain('TooManyRequests');
  });
});

describe('a client that breaks the protocol is closed with the reason', () => {
  const message = (
    path: string,
    body: string,
    { id = ID, time = 'X-Timestamp: 2026-01-01T00:00:00.000Z\r\n' } = {},
  ): string => `Path: ${path}\r\nX-RequestId: ${id}\r\n${time}Content-Type: application/json\r\n\r\n${body}`;
  const audio = (body: Buffer, id = ID): Buffer => {
    const header = `Path: audio\r\nX-RequestId: ${id}\r\nX-Timestamp: 2026-01-01T00:00:00.000Z\r\n`;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(header.length);
    return Buffer.concat([length, Buffer.from(header), body]);
  };

  test.each<[string, (string | Buffer)[], number, string]>([
    ['no speech.config', [message('speech.context', '{}')], 1002, 'before speech.config'],
    ['a bad request id', [message('speech.config', '{}', { id: 'x' })], 1007, 'X-RequestId'],
    ['no timestamp', [message('speech.config', '{}', { time: '' })], 1007, 'X-Timestamp'],
    ['audio without header', [message('speech.config', '{}'), audio(Buffer.alloc(640))], 1002, 'RIFF'],
    ['a long audio message', [message('speech.config', '{}'), audio(Buffer.alloc(8193))], 1007, '8192'],
    ['no header block', ['hello'], 1007, 'empty line'],
    ['a wrong binary length', [Buffer.from([0x7f, 0xff, 1])], 1007, 'header length'],
    [
      'a context that is no JSON',
      [message('speech.config', '{}'), message('speech.context', '{')],
      1007,
      'speech.context',
    ],
    ['stereo audio', [message('speech.config', '{}'), audio(riff(2))], 1007, '2 channels'],
  ])('%s', async (_, frames, code, reason) => {
    bench = await openBench();
    const { socket } = await upgrade(STT, { 'Ocp-Apim-Subscription-Key': bench.speech.key });
    const closed = new Promise<[number, string]>(resolve => {
      socket.on('close', (closeCode, text) => resolve([closeCode, text.toString()]));
    });
    for (const frame of frames) socket.send(frame);
    const [closeCode, text] = await closed;
    expect(closeCode).toBe(code);
    expect(text).toContain(reason);
  });

  test('a request id comes only once', async () => {
    bench = await openBench();
    const { socket } = await upgrade(STT, { 'Ocp-Apim-Subscription-Key': bench.speech.key });
    const over = new Promise<void>(resolve => {
      socket.on('message', data => data.toString().includes('Path:turn.end') && resolve());
    });
    const closed = new Promise<string>(resolve => {
      socket.on('close', (_, text) => resolve(text.toString()));
    });
    for (const frame of [
      message('speech.config', '{}'),
      message('speech.context', '{}'),
      audio(riff(1)),
      audio(Buffer.alloc(0)),
    ]) {
      socket.send(frame);
    }
    await over;
    socket.send(audio(Buffer.alloc(640))); // on its way when the turn ended: no offence
    socket.send(message('speech.context', '{}'));
    expect(await closed).toContain('turn that has ended');
    expect(bench.speech.counters().violations).toBe(1);
  });
});

test('it does not run in production', async () => {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  await expect(startSpeech()).rejects.toThrow('NODE_ENV=production');
  process.env['NODE_ENV'] = before;
});

test('closing leaves nothing: sockets are cut and the port is free', async () => {
  const speech = await startSpeech({ stt: { finalDelayMs: 5000 } });
  const config = sdk.SpeechConfig.fromHost(new URL(speech.host), speech.key);
  config.setProperty('SpeechServiceConnection_RecognitionEndpointVersion', '2');
  config.setProperty('SPEECH-Error-MaxRetryCount', '0');
  const ears = openEars(config);
  await ears.start();
  ears.hear(joined(tones('Hello.'), 700));
  await ears.next('partial');
  await speech.close();
  await ears.next('canceled');
  ears.close();
  const again = await startSpeech({ port: speech.port });
  await again.close();
});

function riff(channels: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(16_000, 24);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  return header;
}
