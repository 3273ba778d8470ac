import { describe, expect } from 'vitest';
import type { App } from './test/app.ts';
import { until } from './test/inbox.ts';
import { tone, waitingPhone } from './test/phone.ts';
import { testWithApp } from './test/with-app.ts';

const test = testWithApp();

async function talk(app: App) {
  const call = await app.ring();
  await call.phone.event('media-open');
  return call;
}

describe.concurrent('a phone line', () => {
  test('tells ringing, answered, media-open, in this order, with stamps of one clock', async ({ app }) => {
    const { phone, cc } = await talk(app);
    expect(phone.events.items.map(said => said.event)).toEqual(['ringing', 'answered', 'media-open']);
    const [ringing, answered, open] = phone.events.items;
    expect(ringing?.['correlationId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answered?.['callConnectionId']).toBe(cc);
    const now = Number(process.hrtime.bigint() / 1000n);
    expect(Number(open?.['atUs'])).toBeGreaterThanOrEqual(Number(answered?.['atUs']));
    expect(now - Number(open?.['atUs'])).toBeLessThan(2_000_000);
    expect(now - Number(open?.['atUs'])).toBeGreaterThan(0);
  });

  test('dials with its own correlation id, and as a user of the resource', async ({ app }) => {
    const correlationId = '99999999-2222-4333-8444-555555555555';
    const { phone } = await app.dial({ from: '8:acs:alice', to: '8:acs:bot', correlationId });
    expect(await phone.event('ringing')).toMatchObject({ correlationId });
    const [event] = JSON.parse(app.incoming.items[0]?.body ?? '');
    expect(event.data.from).toEqual({
      kind: 'communicationUser',
      rawId: '8:acs:alice',
      communicationUser: { id: '8:acs:alice' },
    });
  });

  test('hears a frame every 20 ms with a growing index', async ({ app }) => {
    const { phone } = await talk(app);
    await phone.frames.nth(() => true, 15);
    expect(phone.frames.items.map(frame => frame.index)).toEqual(phone.frames.items.map((_, at) => at));
    for (const frame of phone.frames.items) expect(frame.pcm).toHaveLength(640);
    const first = phone.frames.items[0]!;
    const last = phone.frames.items[14]!;
    expect(Math.abs((last.atUs - first.atUs) / 1000 - 14 * 20)).toBeLessThan(150);
  });

  test('plays its microphone in order: started, marks, idle', async ({ app }) => {
    const { phone } = await talk(app);
    phone.say(tone(100));
    phone.do('mark', { name: 'half' });
    phone.say(tone(100));
    phone.do('mark', { name: 'end' });
    const idle = await phone.event('mic-idle');
    const names = phone.events.items.slice(3).map(said => said['name'] ?? said.event);
    expect(names).toEqual(['mic-started', 'half', 'end', 'mic-idle']);
    const at = (name: string) =>
      Number(phone.events.items.find(said => (said['name'] ?? said.event) === name)?.['atUs']);
    expect((at('half') - at('mic-started')) / 1000).toBeGreaterThan(30);
    expect((at('end') - at('half')) / 1000).toBeGreaterThan(40);
    expect(idle['framesAfterStop']).toBe(0);
    phone.do('mark', { name: 'nothing waits' });
    await phone.event('mark', 3);
  });

  test('forgets its microphone on clear-mic', async ({ app }) => {
    const { phone } = await talk(app);
    phone.say(tone(5_000));
    await phone.event('mic-started');
    phone.do('clear-mic');
    await phone.event('mic-idle');
  });

  test('ends when the service drops the call', async ({ app }) => {
    const { phone, cc } = await talk(app);
    app.acs.drop(cc, 'service');
    expect(await phone.event('ended')).toMatchObject({ by: 'service', code: 500 });
    const { event } = await app.named('CallDisconnected', cc);
    expect(event.data.resultInformation.code).toBe(500);
  });

  test('needs to say who calls whom', async ({ app }) => {
    const reply = await fetch(`${app.acs.url}/phone?from=%2B15550100`, {
      headers: { connection: 'upgrade', upgrade: 'websocket' },
    }).catch((error: Error) => error);
    expect(reply).toBeInstanceOf(Error);
  });
});

describe.concurrent('a waiting phone', () => {
  test('hears the app and is heard after it answers', async ({ app }) => {
    const phone = await waitingPhone(app.acs, '+15550100');
    await app.client.createCall(
      { targetParticipant: { phoneNumber: '+15550100' }, sourceCallIdNumber: { phoneNumber: '+15550199' } },
      `${app.url}/cb`,
      { mediaStreamingOptions: app.mediaOptions() },
    );
    await phone.event('incoming');
    phone.do('answer');
    await phone.event('media-open');
    const socket = await app.media.first(() => true);
    phone.say(tone(60));
    await socket.messages.first(message => message.audioData?.silent === false);
    socket.socket.send(JSON.stringify({ kind: 'AudioData', audioData: { data: tone(60).toString('base64') } }));
    await phone.frames.first(frame => frame.isAudible);
    phone.do('hang-up');
    expect(await phone.event('ended')).toMatchObject({ by: 'caller', subCode: 540000 });
  });

  test('that goes away is not rung', async ({ app }) => {
    const phone = await waitingPhone(app.acs, '+15550100');
    phone.socket.close();
    await phone.closed;
    app.acs.setFaults({ outcome: 'busy' });
    await app.client.createCall(
      { targetParticipant: { phoneNumber: '+15550100' }, sourceCallIdNumber: { phoneNumber: '+15550199' } },
      `${app.url}/cb`,
    );
    const { event } = await app.named('CreateCallFailed');
    expect(event.data.resultInformation.subCode).toBe(8539);
    await until(() => app.acs.calls().length === 1);
  });
});

// By itself: pushing megabytes through this process would make the clocks of the others late.
describe('the limits of a phone line', () => {
  test('are told by closing with a reason: too much or odd audio, unknown words', async ({ app }) => {
    const loud = await talk(app);
    loud.phone.say(Buffer.alloc(32 * 400_000));
    loud.phone.say(Buffer.alloc(32 * 400_000));
    expect(await loud.phone.closed).toMatchObject({ code: 1009, reason: expect.stringContaining('10 minutes') });
    const odd = await app.ring({ from: '+15550101', withMedia: false });
    odd.phone.say(Buffer.alloc(3));
    expect((await odd.phone.closed).code).toBe(1008);
    const wrong = await app.ring({ from: '+15550102', withMedia: false });
    wrong.phone.do('sing');
    expect(await wrong.phone.closed).toMatchObject({ code: 1008, reason: expect.stringContaining('sing') });
  });
});
