import {
  createOutboundAudioData,
  createOutboundStopAudioData,
  StreamingData,
} from '@azure/communication-call-automation';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect } from 'vitest';
import type { App, Media } from './test/app.ts';
import { pause, until } from './test/inbox.ts';
import { tone } from './test/phone.ts';
import { testWithApp } from './test/with-app.ts';

const test = testWithApp();

async function ringWithMedia(app: App, media: object = {}) {
  const call = await app.ring({ media });
  const socket = await app.media.first(one => one.headers['x-ms-call-connection-id'] === call.cc);
  await call.phone.event('media-open');
  return { ...call, socket };
}

const audio = (pcm: Buffer) => createOutboundAudioData(pcm.toString('base64'));
const audible = (phone: { frames: { items: { isAudible: boolean }[] } }) =>
  phone.frames.items.filter(frame => frame.isAudible).length;

describe.concurrent('the upgrade', () => {
  test('carries the ids of the call and a token of one day', async ({ app }) => {
    const { socket, cc, conn } = await ringWithMedia(app);
    const { correlationId } = await conn.getCallConnectionProperties();
    expect(socket.headers['x-ms-call-connection-id']).toBe(cc);
    expect(socket.headers['x-ms-call-correlation-id']).toBe(correlationId);
    const keys = createRemoteJWKSet(new URL(`${app.acs.url}/calling/keys`));
    const token = socket.headers.authorization?.replace('Bearer ', '') ?? '';
    const { payload } = await jwtVerify(token, keys, { issuer: app.acs.issuer, audience: app.acs.audience });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(24 * 3600);
  });

  test('goes without a token, or with a bad one, when the switch says so', async ({ app }) => {
    app.acs.setFaults({ mediaToken: 'missing' });
    expect((await ringWithMedia(app)).socket.headers.authorization).toBeUndefined();
    app.acs.setFaults({ mediaToken: 'expired' });
    const { cc } = await app.ring({ from: '+15550101' });
    const socket = await app.media.first(one => one.headers['x-ms-call-connection-id'] === cc);
    const [, claims = ''] = (socket.headers.authorization ?? '').split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString()).exp).toBeLessThan(Date.now() / 1000);
  });

  test('comes before CallConnected, or after it when the switch says so', async ({ app }) => {
    app.acs.setFaults({ connectDelayMs: 150 });
    await app.ring({ waitConnected: false });
    await app.media.first(() => true);
    expect(app.callbacks.count(one => one.name === 'CallConnected')).toBe(0);
    app.acs.setFaults({ mediaDial: 'after-connected' });
    const { cc } = await app.ring({ from: '+15550101', waitConnected: false });
    await until(() => app.acs.call(cc)?.state === 'connected');
    await app.media.nth(() => true, 2);
  });

  test('that is refused leaves the call up, silent, with MediaStreamingFailed', async ({ app }) => {
    app.upgradeStatus = 401;
    const { conn, cc } = await app.ring();
    const { event } = await app.named('MediaStreamingFailed');
    expect(event.data).toMatchObject({
      resultInformation: { code: 500, subCode: 8603 },
      mediaStreamingUpdate: { contentType: 'Audio', mediaStreamingStatus: 'mediaStreamingFailed' },
    });
    expect((await conn.getCallConnectionProperties()).callConnectionState).toBe('connected');
    expect(app.acs.call(cc)?.media?.upgrades).toMatchObject([{ status: 401 }]);
    app.upgradeStatus = 101;
    await conn.getCallMedia().startMediaStreaming();
    await app.named('MediaStreamingStarted');
    expect(app.acs.call(cc)?.media?.upgrades.map(one => one.status)).toEqual([401, 101]);
  });

  test('that reaches nobody is 400/8581', async ({ app }) => {
    await app.ring({ media: { transportUrl: 'ws://127.0.0.1:1/' } });
    const { event } = await app.named('MediaStreamingFailed');
    expect(event.data.resultInformation).toMatchObject({ code: 400, subCode: 8581 });
    app.acs.setFaults({ mediaDialFailNext: 1 });
    const { cc } = await app.ring({ from: '+15550101' });
    await app.named('MediaStreamingFailed', cc);
  });
});

describe.concurrent('audio to the app', () => {
  test('begins with metadata, then 50 frames a second that never drift or burst', async ({ app }) => {
    const { socket } = await ringWithMedia(app);
    const begin = performance.now();
    await pause(2_000);
    const elapsed = performance.now() - begin;
    const arrivals = socket.arrivalsMs.filter(at => at >= begin && at <= begin + elapsed);
    expect(Math.abs(arrivals.length - elapsed / 20)).toBeLessThan(5);
    expect(socket.messages.items[0]).toMatchObject({
      kind: 'AudioMetadata',
      audioMetadata: { encoding: 'PCM', sampleRate: 16_000, channels: 1, length: 640 },
    });
    expect(socket.messages.items.filter(message => message.kind === 'AudioMetadata')).toHaveLength(1);
    for (const frame of socket.frames()) expect(Buffer.from(frame.audioData.data, 'base64')).toHaveLength(640);
    const stamps = socket.frames().map(frame => Date.parse(frame.audioData.timestamp));
    const span = stamps.at(-1)! - stamps[0]!;
    expect(Math.abs(span - (stamps.length - 1) * 20)).toBeLessThan(100);
  });

  test('is what the caller says, flagged silent when they say nothing', async ({ app }) => {
    const { phone, socket } = await ringWithMedia(app);
    const said = tone(100, 300);
    phone.say(said);
    await phone.event('mic-idle');
    await until(() => socket.frames().at(-1).audioData.silent);
    const voiced = socket.frames().filter(frame => !frame.audioData.silent);
    expect(Buffer.concat(voiced.map(frame => Buffer.from(frame.audioData.data, 'base64')))).toEqual(said);
    const silent = socket.frames().find(frame => frame.audioData.silent);
    expect(Buffer.from(silent.audioData.data, 'base64').every(byte => byte === 0)).toBe(true);
  });

  test('names the participant when unmixed and omits the key when mixed', async ({ app }) => {
    const unmixed = await ringWithMedia(app);
    await until(() => unmixed.socket.frames().length > 2);
    expect(unmixed.socket.frames()[0].audioData.participantRawID).toBe('4:+15550100');
    const mixed = await app.ring({ from: '+15550101', media: { audioChannelType: 'mixed' } });
    const socket = await app.media.first(one => one.headers['x-ms-call-connection-id'] === mixed.cc);
    await until(() => socket.frames().length > 2);
    expect('participantRawID' in socket.frames()[0].audioData).toBe(false);
    for (const message of [...unmixed.socket.messages.items, ...socket.messages.items]) {
      expect(() => StreamingData.parse(JSON.stringify(message))).not.toThrow();
    }
  });

  test('at 24 kHz is 960 bytes a frame and keeps the tone', async ({ app }) => {
    const { phone, socket } = await ringWithMedia(app, { audioFormat: 'Pcm24KMono' });
    expect(socket.messages.items[0].audioMetadata).toMatchObject({ sampleRate: 24_000, length: 960 });
    phone.say(tone(200, 1_000));
    await phone.event('mic-idle');
    await until(() => socket.frames().at(-1).audioData.silent);
    const voiced = socket.frames().filter(frame => !frame.audioData.silent);
    const pcm = Buffer.concat(voiced.map(frame => Buffer.from(frame.audioData.data, 'base64')));
    expect(pcm.length).toBe(200 * 48);
    expect(crossings(pcm) / 0.2).toBeGreaterThan(1_950);
    expect(crossings(pcm) / 0.2).toBeLessThan(2_050);
  });

  test('carries keys as characters when asked to', async ({ app }) => {
    const { phone, socket } = await ringWithMedia(app, { enableDtmfTones: true });
    for (const key of ['3', 'pound', '*', 'a']) phone.do('dtmf', { tone: key });
    await socket.messages.nth(message => message.kind === 'DtmfData', 4);
    const keys = socket.messages.items
      .filter(message => message.kind === 'DtmfData')
      .map(message => message.dtmfData.data);
    expect(keys).toEqual(['3', '#', '*', 'A']);
  });
});

function crossings(pcm: Buffer): number {
  let count = 0;
  for (let at = 2; at < pcm.length; at += 2) if (pcm.readInt16LE(at) >= 0 !== pcm.readInt16LE(at - 2) >= 0) count++;
  return count;
}

describe.concurrent('two legs of the app', () => {
  test('hear each other', async ({ app }) => {
    app.acs.setFaults({ ownedIds: ['8:acs:me'] });
    const made = await app.client.createCall(
      { targetParticipant: { communicationUserId: '8:acs:me' } },
      `${app.url}/cb`,
      {
        mediaStreamingOptions: app.mediaOptions(),
      },
    );
    const delivered = await app.incoming.first(({ body }) => body.includes('8:acs:me'));
    const [event] = JSON.parse(delivered.body);
    await app.client.answerCall(event.data.incomingCallContext, `${app.url}/cb`, {
      mediaStreamingOptions: app.mediaOptions({ audioChannelType: 'mixed' }),
    });
    const first = await app.media.first(
      one => one.headers['x-ms-call-connection-id'] === made.callConnectionProperties.callConnectionId,
    );
    const second = await app.media.first(one => one !== first);
    first.socket.send(audio(tone(60)));
    await second.messages.first(message => message.audioData?.silent === false);
    second.socket.send(audio(tone(60)));
    await first.messages.first(message => message.audioData?.silent === false);
    expect(first.frames()[0].audioData.participantRawID).toBe('8:acs:me');
  });
});

describe.concurrent('audio from the app', () => {
  const base64 = tone(100).toString('base64');
  test.for([
    ['the JS SDK', createOutboundAudioData(base64), createOutboundStopAudioData()],
    [
      'the .NET SDK',
      JSON.stringify({
        Kind: 'AudioData',
        AudioData: { Data: base64, Timestamp: '0001-01-01T00:00:00+00:00', Participant: null, IsSilent: false },
        StopAudio: null,
      }),
      '{"Kind":"StopAudio","AudioData":null,"StopAudio":{}}',
    ],
    [
      'Python samples',
      JSON.stringify({ Kind: 'AudioData', AudioData: { data: base64 }, StopAudio: null }),
      '{"Kind":"StopAudio"}',
    ],
    ['others', `{"audioData":{"data":"${base64}"},"kind":"AudioData"}`, '{"stopAudio":{},"kind":"StopAudio"}'],
  ])(
    'in the spelling of %s is played, and its stop empties the queue',
    async ([_who = '', play = '', stop = ''], { app }) => {
      const { phone, socket } = await ringWithMedia(app);
      socket.socket.send(play);
      await phone.frames.nth(frame => frame.isAudible, 5);
      const heard = phone.frames.items.filter(frame => frame.isAudible).map(frame => frame.pcm);
      expect(Buffer.concat(heard).subarray(0, 3200)).toEqual(tone(100));
      for (let n = 0; n < 10; n++) socket.socket.send(play);
      await phone.frames.nth(frame => frame.isAudible, 7);
      socket.socket.send(stop);
      const stopped = await phone.event('stop-audio');
      expect(Number(stopped['discardedMs'])).toBeGreaterThan(700);
      const count = audible(phone);
      await phone.frames.nth(() => true, phone.frames.items.length + 5);
      expect(audible(phone)).toBeLessThanOrEqual(count + 1);
    },
  );

  test('is not lost when the app speaks the moment its socket opens', async ({ app }) => {
    const opened = app.media.first(() => true).then(socket => socket.socket.send(audio(tone(100, 300))));
    const { cc, phone } = await app.ring();
    await opened;
    await phone.frames.nth(frame => frame.isAudible, 5);
    expect(app.acs.call(cc)?.media).toMatchObject({ framesIn: 5 });
  });

  test('may come in any size, faster than it is played, and keeps its order', async ({ app }) => {
    const { phone, socket, cc } = await ringWithMedia(app);
    const whole = tone(400, 250);
    for (let at = 0; at < whole.length; at += 1_234) socket.socket.send(audio(whole.subarray(at, at + 1_234)));
    await phone.frames.nth(frame => frame.isAudible, 20);
    await phone.frames.first(frame => !frame.isAudible && frame.index > 20);
    const heard = phone.frames.items.filter(frame => frame.isAudible).map(frame => frame.pcm);
    expect(Buffer.concat(heard)).toEqual(whole);
    const report = app.acs.call(cc)?.media;
    expect(report).toMatchObject({ framesIn: 20, queueMs: 0 });
    expect(report?.maxLeadMs).toBeGreaterThan(300);
    expect(app.acs.recording(cc, 'caller')?.includes(whole)).toBe(true);
  });

  test('is ignored without enableBidirectional, when malformed, and beyond a cap', async ({ app }) => {
    const deaf = await ringWithMedia(app, { enableBidirectional: false });
    deaf.socket.socket.send(audio(tone(40)));
    await until(() => app.acs.call(deaf.cc)?.media?.ignored === 1);
    expect(audible(deaf.phone)).toBe(0);

    app.acs.setFaults({ queueCapMs: 100 });
    const capped = await app.ring({ from: '+15550101' });
    const socket = await app.media.first(one => one.headers['x-ms-call-connection-id'] === capped.cc);
    for (const bad of ['nonsense', '{"kind":"Surprise"}', '[]', 'null']) socket.socket.send(bad);
    for (let n = 0; n < 4; n++) socket.socket.send(audio(tone(60)));
    await until(() => app.acs.call(capped.cc)?.media?.messagesIn === 8);
    expect(app.acs.call(capped.cc)?.media).toMatchObject({ ignored: 4 });
    expect(app.acs.call(capped.cc)?.media?.droppedMs).toBeGreaterThanOrEqual(120);
  });

  test('at 24 kHz is heard as it was at 16', async ({ app }) => {
    const { phone, socket } = await ringWithMedia(app, { audioFormat: 'pcm24KMono' });
    const pcm = Buffer.alloc(200 * 48);
    for (let n = 0; n * 2 < pcm.length; n++)
      pcm.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * 500 * n) / 24_000)), n * 2);
    socket.socket.send(audio(pcm));
    await phone.frames.nth(frame => frame.isAudible, 10);
    const heard = Buffer.concat(phone.frames.items.filter(frame => frame.isAudible).map(frame => frame.pcm));
    expect(heard.length).toBe(200 * 32);
    expect(crossings(heard) / 0.2).toBeGreaterThan(950);
    expect(crossings(heard) / 0.2).toBeLessThan(1_050);
  });

  test('that comes after a stop is counted', async ({ app }) => {
    const { phone, socket, cc } = await ringWithMedia(app);
    phone.say(tone(200));
    await phone.event('mic-started');
    socket.socket.send(createOutboundStopAudioData());
    await phone.event('stop-audio');
    socket.socket.send(audio(tone(50)));
    const idle = await phone.event('mic-idle');
    expect(idle['framesAfterStop']).toBe(3);
    expect(app.acs.call(cc)?.media).toMatchObject({ stopAudio: 1, framesAfterStop: 3 });
  });
});

describe.concurrent('a media socket that closes', () => {
  async function closeIt(app: App, socket: Media, cc: string) {
    socket.socket.close(1011);
    await until(() => app.acs.call(cc)?.media?.isOpen === false);
  }

  test('stops the streaming and leaves the call, and may be started again', async ({ app }) => {
    const { socket, cc, conn, phone } = await ringWithMedia(app);
    await closeIt(app, socket, cc);
    const { event } = await app.named('MediaStreamingStopped');
    expect(event.data.mediaStreamingUpdate.mediaStreamingStatusDetails).toBe('streamConnectionInterrupted');
    await conn.getCallMedia().startMediaStreaming();
    await phone.event('media-open', 2);
    const indexes = phone.frames.items.map(frame => frame.index);
    expect(indexes).toEqual(indexes.map((_, at) => at));
  });

  test('fails the streaming when the switch says so', async ({ app }) => {
    app.acs.setFaults({ onServerClose: 'failEvent' });
    const { socket, cc } = await ringWithMedia(app);
    await closeIt(app, socket, cc);
    await app.named('MediaStreamingFailed');
  });

  test('is dialled again with a fresh token and metadata, and what waited is still played', async ({ app }) => {
    app.acs.setFaults({ onServerClose: { reconnect: 3, delayMs: 20 } });
    const { socket, cc, phone } = await ringWithMedia(app);
    socket.socket.send(audio(tone(400)));
    await phone.frames.first(frame => frame.isAudible);
    socket.socket.terminate();
    const second = await app.media.nth(() => true, 2);
    expect(second.headers['x-ms-call-connection-id']).toBe(cc);
    await second.messages.first(message => message.kind === 'AudioMetadata');
    await app.callbacks.first(
      one => one.event.data.mediaStreamingUpdate?.mediaStreamingStatusDetails === 'streamConnectionReestablished',
    );
    await phone.frames.nth(frame => frame.isAudible, 20);
  });

  test('is given up after the redials', async ({ app }) => {
    app.acs.setFaults({ onServerClose: { reconnect: 2, delayMs: 5 } });
    const { socket, cc } = await ringWithMedia(app);
    app.upgradeStatus = 503;
    socket.socket.terminate();
    await app.named('MediaStreamingFailed');
    expect(app.acs.call(cc)?.media?.upgrades.map(one => one.status)).toEqual([101, 503, 503]);
  });

  test('of a stream that was stopped and started again does not touch the new one', async ({ app }) => {
    const { conn, cc } = await ringWithMedia(app);
    await conn.getCallMedia().stopMediaStreaming();
    await conn.getCallMedia().startMediaStreaming();
    const second = await app.media.nth(() => true, 2);
    await until(() => app.media.items[0]?.closeCode === 1000);
    await second.messages.nth(message => message.kind === 'AudioData', 5);
    expect(app.acs.call(cc)?.media?.isOpen).toBe(true);
    expect(app.callbacks.count(one => one.name === 'MediaStreamingStopped')).toBe(1);
  });

  test('can be cut, or go half-open, at a time', async ({ app }) => {
    app.acs.setFaults({ mediaDropAtMs: 60, mediaDropHow: 'reset' });
    const { socket } = await ringWithMedia(app);
    await until(() => socket.closeCode === 1006);
    app.acs.setFaults({ mediaDropAtMs: null, mediaHalfOpenAtMs: 40 });
    const call = await app.ring({ from: '+15550101' });
    const half = await app.media.first(one => one.headers['x-ms-call-connection-id'] === call.cc);
    await pause(100);
    const count = half.frames().length;
    half.socket.send(audio(tone(40)));
    await pause(80);
    expect(half.frames().length).toBe(count);
    expect(half.closeCode).toBeUndefined();
    expect(audible(call.phone)).toBe(0);
  });

  test('sends in bursts only when a fault asks', async ({ app }) => {
    app.acs.setFaults({ mediaBurstFrames: 5 });
    const { socket } = await ringWithMedia(app);
    await until(() => socket.frames().length >= 10);
    const gaps = socket.arrivalsMs.slice(2, 6).map((at, n) => at - socket.arrivalsMs[n + 1]!);
    expect(Math.max(...gaps)).toBeLessThan(15);
  });
});
