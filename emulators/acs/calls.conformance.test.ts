import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { App } from './test/app.ts';
import { startApp } from './test/app.ts';
import { waitingPhone } from './test/phone.ts';

const caller = { phoneNumber: '+15550100' };
const bot = { phoneNumber: '+15550199' };

let app: App;
beforeEach(async () => {
  app = await startApp();
});
afterEach(() => app.close());

const notFound = { statusCode: 404, code: '8522', message: 'Call not found.' };

describe('an inbound call', () => {
  test('is answered with 200, a server call id and state unknown, and then connects', async () => {
    const { phone, context } = await app.dial();
    const result = await app.client.answerCall(context, `${app.url}/cb`, { operationContext: 'op' });
    const properties = result.callConnectionProperties;
    expect(properties.callConnectionState).toBe('unknown');
    expect(properties.correlationId).toBe((await phone.event('ringing'))['correlationId']);
    expect(Buffer.from(properties.serverCallId ?? '', 'base64').toString()).toMatch(/^https:/);
    expect(properties.source).toMatchObject(caller);
    expect(properties.answeredFor).toMatchObject(bot);
    expect(properties.answeredby?.communicationUserId).toMatch(/^8:acs:/);

    const connected = await app.named('CallConnected', properties.callConnectionId);
    expect(connected.event.data.operationContext).toBe('op');
    const updated = await app.named('ParticipantsUpdated', properties.callConnectionId);
    expect(updated.event.data.participants.map((one: { identifier: { kind: string } }) => one.identifier.kind)).toEqual(
      ['phoneNumber', 'communicationUser'],
    );
    expect((await result.callConnection.getCallConnectionProperties()).callConnectionState).toBe('connected');
    expect(await phone.event('answered')).toMatchObject({ callConnectionId: properties.callConnectionId });
  });

  test('can be answered once', async () => {
    const { context } = await app.dial();
    await app.client.answerCall(context, `${app.url}/cb`);
    await expect(app.client.answerCall(context, `${app.url}/cb`)).rejects.toMatchObject(notFound);
    app.acs.setFaults({ usedContext: '400/8523' });
    await expect(app.client.rejectCall(context)).rejects.toMatchObject({ statusCode: 400, code: '8523' });
  });

  test('of two answers at the same moment exactly one wins', async () => {
    const { context } = await app.dial();
    const answers = await Promise.allSettled([1, 2, 3].map(() => app.client.answerCall(context, `${app.url}/cb`)));
    expect(answers.filter(answer => answer.status === 'fulfilled')).toHaveLength(1);
  });

  test.each([
    ['busy', 'busy'],
    ['forbidden', 'rejected'],
    ['none', 'rejected'],
  ] as const)('is rejected as %s and no callback follows', async (callRejectReason, reason) => {
    const { phone, context } = await app.dial();
    await app.client.rejectCall(context, { callRejectReason });
    expect(await phone.event('failed')).toMatchObject({ reason });
    expect((await phone.closed).code).toBe(1000);
    expect(app.callbacks.items).toHaveLength(0);
  });

  test('is redirected away, and to an identity of the resource it rings again', async () => {
    const first = await app.dial();
    await app.client.redirectCall(first.context, { targetParticipant: { phoneNumber: '+15550177' } });
    expect(await first.phone.event('failed')).toMatchObject({ reason: 'redirected' });

    app.acs.setFaults({ ownedIds: ['8:acs:other'] });
    const second = await app.dial();
    const { correlationId } = await second.phone.event('ringing');
    await app.client.redirectCall(second.context, { targetParticipant: { communicationUserId: '8:acs:other' } });
    const again = await app.incoming.nth(({ body }) => body.includes(String(correlationId)), 2);
    const [event] = JSON.parse(again.body);
    expect(event.data.to.rawId).toBe('8:acs:other');
    await app.client.answerCall(event.data.incomingCallContext, `${app.url}/cb`);
    await second.phone.event('answered');
  });

  test('is dropped when nobody answers in time, and its context dies with it', async () => {
    app.acs.setFaults({ ringTimeoutMs: 60 });
    const { phone, context } = await app.dial();
    expect(await phone.event('failed')).toMatchObject({ reason: 'no-answer' });
    await expect(app.client.answerCall(context, `${app.url}/cb`)).rejects.toMatchObject(notFound);
  });

  test('whose caller gave up cannot be answered', async () => {
    const { phone, context } = await app.dial();
    phone.do('hang-up');
    expect(await phone.event('ended')).toMatchObject({ by: 'caller' });
    await expect(app.client.answerCall(context, `${app.url}/cb`)).rejects.toMatchObject(notFound);
  });

  test('from an anonymous caller has a raw id and no number to rely on', async () => {
    await app.dial({ from: 'anonymous' });
    const [event] = JSON.parse(app.incoming.items[0]?.body ?? '');
    expect(event.data.from).toEqual({
      kind: 'phoneNumber',
      rawId: '4:anonymous',
      phoneNumber: { value: 'anonymous', isAnonymous: true },
    });
  });

  test('that fails after the answer is told as AnswerFailed', async () => {
    app.acs.setFaults({ answerFailsNext: 1 });
    const { cc } = await app.ring({ waitConnected: false });
    await app.named('AnswerFailed', cc);
    expect(app.callbacks.count(one => one.name === 'CallConnected')).toBe(0);
  });
});

describe('hanging up', () => {
  test.each([false, true])('by the app (for everyone: %s) ends the call for the caller', async forEveryone => {
    const { phone, conn, cc } = await app.ring();
    await conn.hangUp(forEveryone);
    expect(await phone.event('ended')).toMatchObject({ by: 'app', code: 200, subCode: 7000 });
    const { event } = await app.named('CallDisconnected', cc);
    expect(event.data.resultInformation).toMatchObject({ code: 200, subCode: 7000 });
    await expect(conn.getCallConnectionProperties()).rejects.toMatchObject(notFound);
    await expect(conn.hangUp(true)).rejects.toMatchObject(notFound);
    await expect(conn.getCallMedia().cancelAllOperations()).rejects.toMatchObject(notFound);
  });

  test('by the caller is 200/540000', async () => {
    const { phone, cc } = await app.ring();
    phone.do('hang-up');
    const { event } = await app.named('CallDisconnected', cc);
    expect(event.data.resultInformation).toEqual({
      code: 200,
      subCode: 540000,
      message: 'Call ended successfully by local PSTN caller.',
    });
    expect(await phone.event('ended')).toMatchObject({ by: 'caller', code: 200, subCode: 540000 });
    expect((await phone.closed).code).toBe(1000);
  });

  test('by a phone whose connection breaks is a hang-up', async () => {
    const { phone, cc } = await app.ring();
    phone.socket.terminate();
    await app.named('CallDisconnected', cc);
  });
});

describe('an outbound call', () => {
  test('rings a phone, has no server call id while connecting, and connects when answered', async () => {
    const phone = await waitingPhone(app.acs, '+15550100');
    const { callConnection, callConnectionProperties } = await app.client.createCall(
      { targetParticipant: caller, sourceCallIdNumber: bot },
      `${app.url}/cb`,
      { operationContext: 'out', mediaStreamingOptions: app.mediaOptions() },
    );
    expect(callConnectionProperties).toMatchObject({ callConnectionState: 'connecting', sourceCallerIdNumber: bot });
    expect(callConnectionProperties.serverCallId).toBeUndefined();
    const ringing = await phone.event('incoming');
    expect(ringing).toMatchObject({
      from: '+15550199',
      to: '+15550100',
      correlationId: callConnectionProperties.correlationId,
    });
    expect(app.callbacks.items).toHaveLength(0);
    phone.do('answer');
    const connected = await app.named('CallConnected', callConnectionProperties.callConnectionId);
    expect(connected.event.data.operationContext).toBe('out');
    await phone.event('media-open');
    expect((await callConnection.getCallConnectionProperties()).serverCallId).toBeTruthy();
    await callConnection.hangUp(true);
    expect(await phone.event('ended')).toMatchObject({ by: 'app' });
  });

  test.each([
    ['decline', 8538],
    ['busy', 8539],
    ['unavailable', 8541],
    ['unreachable', 8544],
  ] as const)('that meets %s fails with %i and leaves nothing behind', async (outcome, subCode) => {
    app.acs.setFaults({ outcomes: { '+15550123': outcome } });
    const { callConnection } = await app.client.createCall(
      { targetParticipant: { phoneNumber: '+15550123' }, sourceCallIdNumber: bot },
      `${app.url}/cb`,
    );
    const { event } = await app.named('CreateCallFailed');
    expect(event.data.resultInformation.subCode).toBe(subCode);
    await expect(callConnection.getCallConnectionProperties()).rejects.toMatchObject(notFound);
  });

  test('that nobody answers fails after the ring', async () => {
    app.acs.setFaults({ outcome: 'no-answer', outboundRingMs: 50 });
    await app.client.createCall({ targetParticipant: caller, sourceCallIdNumber: bot }, `${app.url}/cb`);
    await app.named('CreateCallFailed');
  });

  test('that a phone declines fails with 8538', async () => {
    const phone = await waitingPhone(app.acs, '+15550100');
    await app.client.createCall({ targetParticipant: caller, sourceCallIdNumber: bot }, `${app.url}/cb`);
    await phone.event('incoming');
    phone.do('decline');
    const { event } = await app.named('CreateCallFailed');
    expect(event.data.resultInformation.subCode).toBe(8538);
    expect(await phone.event('failed')).toMatchObject({ reason: 'rejected' });
  });

  test('to a number needs a caller id', async () => {
    await expect(app.client.createCall({ targetParticipant: caller }, `${app.url}/cb`)).rejects.toMatchObject({
      statusCode: 400,
      code: '8523',
    });
  });

  test('can be hung up while it rings', async () => {
    const phone = await waitingPhone(app.acs, '+15550100');
    const { callConnection } = await app.client.createCall(
      { targetParticipant: caller, sourceCallIdNumber: bot },
      `${app.url}/cb`,
    );
    await phone.event('incoming');
    await callConnection.hangUp(true);
    expect(await phone.event('failed')).toMatchObject({ reason: 'no-answer' });
    await app.named('CallDisconnected');
  });

  test('to a group connects with the first and updates with the second', async () => {
    app.acs.setFaults({ outcomes: { '+15550111': 'busy' } });
    const targets = ['+15550110', '+15550111', '+15550112'].map(phoneNumber => ({ phoneNumber }));
    const { callConnection } = await app.client.createGroupCall(targets, `${app.url}/cb`, { sourceCallIdNumber: bot });
    await app.named('CallConnected');
    await app.callbacks.first(one => one.name === 'ParticipantsUpdated' && one.event.data.participants.length === 3);
    const list = await callConnection.listParticipants();
    expect(list.values).toHaveLength(3);
    expect(app.callbacks.count(one => one.name === 'CreateCallFailed')).toBe(0);
  });

  test('to an identity of the resource rings the app itself; both legs share the correlation id', async () => {
    app.acs.setFaults({ ownedIds: ['8:acs:me'] });
    const made = await app.client.createCall(
      { targetParticipant: { communicationUserId: '8:acs:me' } },
      `${app.url}/cb`,
    );
    const correlationId = made.callConnectionProperties.correlationId ?? '';
    const delivered = await app.incoming.first(({ body }) => body.includes(correlationId));
    const [event] = JSON.parse(delivered.body);
    const answered = await app.client.answerCall(event.data.incomingCallContext, `${app.url}/cb`);
    expect(answered.callConnectionProperties.correlationId).toBe(correlationId);
    await app.named('CallConnected', made.callConnectionProperties.callConnectionId);
    await app.named('CallConnected', answered.callConnectionProperties.callConnectionId);
    await made.callConnection.hangUp(true);
    const { event: other } = await app.named('CallDisconnected', answered.callConnectionProperties.callConnectionId);
    expect(other.data.resultInformation).toMatchObject({
      code: 200,
      subCode: 7000,
      message: expect.stringContaining('conversation has ended'),
    });
  });
});

describe('connecting to a call', () => {
  test('by its server call id joins it, and leaving it does not end it', async () => {
    const { phone, conn } = await app.ring();
    const id = (await conn.getCallConnectionProperties()).serverCallId ?? '';
    const { callConnection } = await app.client.connectCall({ kind: 'serverCallLocator', id }, `${app.url}/cb/second`);
    await app.callbacks.first(one => one.name === 'CallConnected' && one.path === '/cb/second');
    expect((await conn.listParticipants()).values).toHaveLength(3);
    await callConnection.hangUp(false);
    await app.callbacks.first(one => one.name === 'CallDisconnected' && one.path === '/cb/second');
    expect((await conn.listParticipants()).values).toHaveLength(2);
    expect(phone.events.count(said => said.event === 'ended')).toBe(0);
  });

  test('to rooms and groups opens them; to an unknown server call is 404', async () => {
    await app.client.connectCall({ kind: 'roomCallLocator', id: 'room' }, `${app.url}/cb`);
    await app.client.connectCall({ kind: 'groupCallLocator', id: 'group' }, `${app.url}/cb`);
    const unknown = app.client.connectCall({ kind: 'serverCallLocator', id: 'nobody' }, `${app.url}/cb`);
    await expect(unknown).rejects.toMatchObject(notFound);
  });
});
