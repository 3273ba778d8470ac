import { CallAutomationClient } from '@azure/communication-call-automation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { App } from './test/app.ts';
import { startApp } from './test/app.ts';
import { until } from './test/inbox.ts';

let app: App;
beforeEach(async () => {
  app = await startApp();
});
afterEach(() => app.close());

const quick = { retryDelayInMs: 5, maxRetryDelayInMs: 10 };
const insecure = { allowInsecureConnection: true };
const file = { kind: 'fileSource' as const, url: 'https://example.com/a.wav' };

describe('the signature', () => {
  test('of another key is refused with 401 and 7509, and the switch lets it pass', async () => {
    const wrong = `endpoint=${app.acs.url}/;accesskey=${Buffer.from('another key').toString('base64')}`;
    const stranger = new CallAutomationClient(wrong, insecure);
    const asked = () => stranger.getCallConnection('none').getCallConnectionProperties();
    await expect(asked()).rejects.toMatchObject({ statusCode: 401, code: '7509' });
    app.acs.setFaults({ verifyHmac: false });
    await expect(asked()).rejects.toMatchObject({ statusCode: 404, code: '8522' });
  });

  test('holds for escaped paths and for any api-version, which the events repeat', async () => {
    const client = new CallAutomationClient(app.acs.connectionString, {
      ...insecure,
      apiVersion: '2031-01-01 preview/1',
    } as object);
    const { context } = await app.dial();
    const { callConnection } = await client.answerCall(context, `${app.url}/cb`);
    const { event } = await app.named('CallConnected');
    expect(event.data.version).toBe('2031-01-01 preview/1');
    expect((await callConnection.getParticipant({ phoneNumber: '+15550100' })).isMuted).toBe(false);
  });

  test('of a changed body, an old date or no signature at all is refused', async () => {
    const target = `${app.acs.url}/calling/callConnections/x:terminate?api-version=1`;
    const plain = await fetch(target, { method: 'POST' });
    expect(plain.status).toBe(401);
    expect(await plain.json()).toEqual({ error: { code: '7509', message: 'Hmac Validation Error' } });
    const old = await fetch(target, {
      method: 'POST',
      headers: {
        'x-ms-date': new Date(Date.now() - 16 * 60_000).toUTCString(),
        'x-ms-content-sha256': '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
        authorization: 'HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=AAAA',
      },
    });
    expect(old.status).toBe(401);
  });
});

describe('retries of the SDK', () => {
  test('do not answer twice when the first reply is lost', async () => {
    app.acs.setFaults({ loseReplyNext: 1, failStatus: 500 });
    const client = new CallAutomationClient(app.acs.connectionString, { ...insecure, retryOptions: quick });
    const { phone, context } = await app.dial();
    const { callConnectionProperties } = await client.answerCall(context, `${app.url}/cb`);
    expect(await phone.event('answered')).toMatchObject({
      callConnectionId: callConnectionProperties.callConnectionId,
    });
    expect(app.acs.calls()).toHaveLength(1);
    expect(app.acs.faults.loseReplyNext).toBe(0);
  });

  test('outlast a burst of 5xx and a lost connection, but not four in a row', async () => {
    const client = new CallAutomationClient(app.acs.connectionString, { ...insecure, retryOptions: quick });
    const { context } = await app.dial();
    app.acs.setFaults({ failNext: 2, resetNext: 1 });
    await client.answerCall(context, `${app.url}/cb`);
    const again = await app.dial();
    app.acs.setFaults({ failNext: 4, failStatus: 502 });
    await expect(client.answerCall(again.context, `${app.url}/cb`)).rejects.toMatchObject({ statusCode: 502 });
  });

  test('follow 429 with Retry-After and give up without', async () => {
    const client = new CallAutomationClient(app.acs.connectionString, insecure);
    const first = await app.dial();
    app.acs.setFaults({ throttleNext: 1, throttleRetryAfterS: 0 });
    await client.answerCall(first.context, `${app.url}/cb`);
    const second = await app.dial();
    app.acs.setFaults({ throttleNext: 1, throttleRetryAfterS: null });
    await expect(client.answerCall(second.context, `${app.url}/cb`)).rejects.toMatchObject({
      statusCode: 429,
      code: '8516',
    });
  });

  test('faults can be aimed at one path, and replies can be slow', async () => {
    const { context } = await app.dial();
    app.acs.setFaults({ failNext: 1, faultPath: ':reject', slowMs: 80 });
    const before = performance.now();
    await app.client.answerCall(context, `${app.url}/cb`);
    expect(performance.now() - before).toBeGreaterThan(75);
    expect(app.acs.faults.failNext).toBe(1);
  });

  test('repeat the stored reply while the first is still under way', async () => {
    app.acs.setFaults({ slowMs: 30 });
    const { context } = await app.dial();
    const ids: string[] = [];
    const sameId = {
      name: 'same repeatability id',
      sendRequest(
        request: { headers: { set(name: string, value: string): void } },
        next: (request: never) => Promise<never>,
      ) {
        request.headers.set('repeatability-request-id', '00000000-0000-4000-8000-000000000001');
        return next(request as never);
      },
    };
    const client = new CallAutomationClient(app.acs.connectionString, {
      ...insecure,
      additionalPolicies: [{ policy: sameId, position: 'perCall' }],
    } as object);
    const results = await Promise.all([1, 2, 3].map(() => client.answerCall(context, `${app.url}/cb`)));
    for (const result of results) ids.push(result.callConnectionProperties.callConnectionId ?? '');
    expect(new Set(ids).size).toBe(1);
    await until(() => app.acs.calls().length === 1);
  });
});

describe('replies', () => {
  test('carry the chain id, the echoed client id and the repeatability result', async () => {
    const seen: Record<string, string>[] = [];
    const spy = {
      name: 'spy',
      async sendRequest(
        request: never,
        next: (request: never) => Promise<{ headers: { toJSON(): Record<string, string> } }>,
      ) {
        const response = await next(request);
        seen.push({
          ...response.headers.toJSON(),
          sent: (request as { headers: { get(name: string): string } }).headers.get('x-ms-client-request-id'),
        });
        return response as never;
      },
    };
    const client = new CallAutomationClient(app.acs.connectionString, {
      ...insecure,
      additionalPolicies: [{ policy: spy, position: 'perRetry' }],
    } as object);
    const { context } = await app.dial();
    const { callConnectionProperties, callConnection } = await client.answerCall(context, `${app.url}/cb`);
    await callConnection.hangUp(true);
    for (const headers of seen) {
      expect(headers['x-microsoft-skype-chain-id']).toBe(callConnectionProperties.correlationId);
      expect(headers['x-ms-client-request-id']).toBe(headers['sent']);
    }
    expect(seen[1]?.['repeatability-result']).toBe('accepted');
    expect(seen[0]?.['content-type']).toBe('application/json; charset=utf-8');
  });

  test('refuse what is out of range with 400/8523', async () => {
    const { conn } = await app.ring();
    const caller = { phoneNumber: '+15550100' };
    const invalid = { statusCode: 400, code: '8523' };
    const invite = {
      targetParticipant: { phoneNumber: '+15550142' },
      sourceCallIdNumber: { phoneNumber: '+15550199' },
    };
    await expect(conn.addParticipant(invite, { invitationTimeoutInSeconds: 999 })).rejects.toMatchObject(invalid);
    const dtmf = { kind: 'callMediaRecognizeDtmfOptions' as const, maxTonesToCollect: 1 };
    const media = conn.getCallMedia();
    const silence = media.startRecognizing(caller, { ...dtmf, initialSilenceTimeoutInSeconds: 999 });
    await expect(silence).rejects.toMatchObject(invalid);
    await expect(media.startRecognizing(caller, { ...dtmf, interToneTimeoutInSeconds: 99 })).rejects.toMatchObject(
      invalid,
    );
    await expect(media.playToAll([])).rejects.toMatchObject(invalid);
    const { context } = await app.dial();
    await expect(app.client.answerCall(context, 'not a url')).rejects.toMatchObject(invalid);
    const format = { mediaStreamingOptions: app.mediaOptions({ audioFormat: 'opus' }) };
    await expect(app.client.answerCall(context, `${app.url}/cb`, format)).rejects.toMatchObject(invalid);
    await app.client.answerCall(context, `${app.url}/cb`);
  });

  test('of operations nobody serves are 404', async () => {
    app.acs.setFaults({ verifyHmac: false });
    const reply = await fetch(`${app.acs.url}/calling/callConnections:dance`, { method: 'POST' });
    expect(reply.status).toBe(404);
    const broken = await fetch(`${app.acs.url}/calling/callConnections:answer`, { method: 'POST', body: '{' });
    expect(await broken.json()).toMatchObject({ error: { code: '8523' } });
  });
});

describe('strict mode', () => {
  test('refuses what production refuses', async () => {
    const strict = await startApp({ strict: true });
    try {
      const invalid = { statusCode: 400, code: '8523' };
      const { context } = await strict.dial();
      const answer = (callback: string, options: object = {}) => strict.client.answerCall(context, callback, options);
      await expect(answer(`${strict.url}/cb`)).rejects.toMatchObject(invalid);
      const secure = 'https://127.0.0.1:1/cb';
      await expect(answer(secure, { mediaStreamingOptions: strict.mediaOptions() })).rejects.toMatchObject(invalid);
      await expect(answer(secure, { operationContext: 'x'.repeat(5_001) })).rejects.toMatchObject(invalid);
      const unknown = { mediaStreamingOptions: { ...strict.mediaOptions({ transportUrl: 'wss://127.0.0.1:1/' }) } };
      await expect(answer(secure, unknown)).resolves.toBeDefined();
      strict.acs.setFaults({ verifyHmac: false });
      const reply = await fetch(`${strict.acs.url}/calling/callConnections:reject`, {
        method: 'POST',
        body: JSON.stringify({ incomingCallContext: 'x', callRejectReason: 'busy', extra: 1 }),
      });
      expect(await reply.json()).toMatchObject({ error: { code: '8523', message: expect.stringContaining('extra') } });
    } finally {
      await strict.close();
    }
  });

  test('accepts everything the SDK sends', async () => {
    const strict = await startApp({ strict: true, faults: { playMs: 10 } });
    try {
      const { context } = await strict.dial();
      const secure = 'https://127.0.0.1:1/cb';
      const { callConnection: conn } = await strict.client.answerCall(context, secure, {
        operationContext: 'op',
        callIntelligenceOptions: { cognitiveServicesEndpoint: 'https://speech.example.com' },
        mediaStreamingOptions: strict.mediaOptions({
          transportUrl: 'wss://127.0.0.1:1/',
          audioFormat: 'pcm24KMono',
          enableDtmfTones: true,
        }),
      });
      await until(() => strict.acs.calls()[0]?.state === 'connected');
      const caller = { phoneNumber: '+15550100' };
      const invite = {
        targetParticipant: { phoneNumber: '+15550142' },
        sourceCallIdNumber: { phoneNumber: '+15550199' },
      };
      await conn.addParticipant(
        {
          ...invite,
          customCallingContext: [
            { kind: 'sipuui', key: 'User-To-User', value: 'u' },
            { kind: 'sipx', key: 'k', value: 'v' },
            { kind: 'voip', key: 'k', value: 'v' },
          ],
        },
        { operationContext: 'a', invitationTimeoutInSeconds: 10 },
      );
      const media = conn.getCallMedia();
      await media.playToAll([
        file,
        { kind: 'textSource', text: 'hi', voiceName: 'x' },
        { kind: 'ssmlSource', ssmlText: '<speak/>' },
      ]);
      await media.startRecognizing(caller, {
        kind: 'callMediaRecognizeSpeechOrDtmfOptions',
        maxTonesToCollect: 2,
        playPrompts: [file],
        speechLanguage: 'en-US',
        interruptPrompt: true,
        endSilenceTimeoutInSeconds: 1,
      });
      await media.cancelAllOperations();
      await media.hold(caller);
      await media.unhold(caller);
      await conn.transferCallToParticipant({ communicationUserId: '8:acs:bob' }, { transferee: caller });
    } finally {
      await strict.close();
    }
  });
});
