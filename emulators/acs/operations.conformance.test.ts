import { DtmfTone } from '@azure/communication-call-automation';
import { describe, expect } from 'vitest';
import { WebSocketServer } from 'ws';
import type { App } from './test/app.ts';
import { Inbox, until } from './test/inbox.ts';
import { tone, waitingPhone } from './test/phone.ts';
import { testWithApp } from './test/with-app.ts';

const caller = { phoneNumber: '+15550100' };
const bot = { phoneNumber: '+15550199' };
const colleague = { phoneNumber: '+15550142' };
const speechLinked = { callIntelligenceOptions: { cognitiveServicesEndpoint: 'https://speech.example.com' } };
const text = { kind: 'textSource' as const, text: 'Good morning.' };
const file = { kind: 'fileSource' as const, url: 'https://example.com/a.wav' };

const test = testWithApp({ faults: { playMs: 60, recognizeScale: 0.02 } });

async function result(app: App, name: string) {
  const { event } = await app.named(name);
  return event.data;
}

describe.concurrent('transfer', () => {
  test('accepted by the target takes our leg out: accepted first, disconnected last', async ({ app }) => {
    const { conn, phone } = await app.ring();
    const asked = await conn.transferCallToParticipant(colleague, {
      operationContext: 'to-sales',
      sourceCallIdNumber: bot,
    });
    expect(asked.operationContext).toBe('to-sales');
    const accepted = await result(app, 'CallTransferAccepted');
    expect(accepted.resultInformation).toMatchObject({ code: 200, subCode: 7015 });
    expect(accepted.transferTarget.rawId).toBe('4:+15550142');
    expect(accepted.transferee.rawId).toBe('4:+15550100');
    expect(accepted.operationContext).toBe('to-sales');
    await app.named('CallDisconnected');
    const names = app.callbacks.items.map(one => one.name);
    expect(names.indexOf('CallTransferAccepted')).toBeLessThan(names.indexOf('CallDisconnected'));
    await until(() => app.media.items[0]?.closeCode === 1000);
    expect(await phone.event('ended')).toMatchObject({ by: 'service', subCode: 7015 });
  });

  test('may tell the disconnection first', async ({ app }) => {
    app.acs.setFaults({ transferOrder: 'disconnected-first' });
    const { conn } = await app.ring();
    await conn.transferCallToParticipant(colleague);
    await app.named('CallTransferAccepted');
    const names = app.callbacks.items.map(one => one.name);
    expect(names.indexOf('CallDisconnected')).toBeLessThan(names.indexOf('CallTransferAccepted'));
  });

  test.for([
    ['decline', 8538],
    ['busy', 8539],
    ['unavailable', 8541],
  ] as const)('refused (%s) fails with %i and the media socket keeps running', async ([outcome, subCode], { app }) => {
    app.acs.setFaults({ outcome });
    const { conn } = await app.ring();
    await conn.transferCallToParticipant(colleague);
    expect((await result(app, 'CallTransferFailed')).resultInformation.subCode).toBe(subCode);
    expect((await conn.getCallConnectionProperties()).callConnectionState).toBe('connected');
    const media = app.media.items[0]!;
    const before = media.messages.items.length;
    await until(() => media.messages.items.length > before + 3);
  });

  test('that nobody answers fails after its time; meanwhile a second one conflicts', async ({ app }) => {
    app.acs.setFaults({ outcome: 'no-answer', transferTimeoutMs: 150 });
    const { conn } = await app.ring();
    await conn.transferCallToParticipant(colleague);
    expect((await conn.getCallConnectionProperties()).callConnectionState).toBe('transferring');
    await expect(conn.transferCallToParticipant(colleague)).rejects.toMatchObject({ code: '8607' });
    await app.named('CallTransferFailed');
  });

  test('to a phone lets caller and colleague hear each other', async ({ app }) => {
    const sales = await waitingPhone(app.acs, '+15550142');
    const { conn, phone } = await app.ring();
    await conn.transferCallToParticipant(colleague);
    expect(await sales.event('incoming')).toMatchObject({ from: '+15550100' });
    sales.do('answer');
    await app.named('CallDisconnected');
    phone.say(tone(200));
    await sales.frames.first(frame => frame.isAudible);
    sales.say(tone(200));
    await phone.frames.first(frame => frame.isAudible);
    phone.do('hang-up');
    expect(await sales.event('ended')).toMatchObject({ by: 'caller' });
  });

  test('of a call whose caller hangs up meanwhile stops the ringing', async ({ app }) => {
    const sales = await waitingPhone(app.acs, '+15550142');
    const { conn, phone } = await app.ring();
    await conn.transferCallToParticipant(colleague);
    await sales.event('incoming');
    phone.do('hang-up');
    expect(await sales.event('failed')).toMatchObject({ reason: 'no-answer' });
    await app.named('CallDisconnected');
  });
});

describe.concurrent('participants', () => {
  test('are listed with the app among them, and found by their raw id', async ({ app }) => {
    const { conn } = await app.ring();
    const list = await conn.listParticipants();
    expect(list.values?.map(one => one.isMuted)).toEqual([false, false]);
    expect((await conn.getParticipant(caller)).identifier).toMatchObject(caller);
    await expect(conn.getParticipant(colleague)).rejects.toMatchObject({ statusCode: 404, code: '8522' });
  });

  test('are added: everybody hears everybody', async ({ app }) => {
    const third = await waitingPhone(app.acs, '+15550142');
    const { conn, phone } = await app.ring();
    const invite = { targetParticipant: colleague, sourceCallIdNumber: bot };
    const added = await conn.addParticipant(invite, { operationContext: 'add', invitationTimeoutInSeconds: 20 });
    expect(added).toMatchObject({ operationContext: 'add', participant: { identifier: colleague, isMuted: false } });
    expect(added.invitationId).toMatch(/^[0-9a-f-]{36}$/);
    await third.event('incoming');
    third.do('answer');
    expect((await result(app, 'AddParticipantSucceeded')).participant.rawId).toBe('4:+15550142');
    const updates = () =>
      app.callbacks.items.filter(one => one.name === 'ParticipantsUpdated').map(one => one.event.data);
    await until(() => updates().some(data => data.participants.length === 3));
    const sequence = updates().map(data => data.sequenceNumber);
    expect(new Set(sequence).size).toBe(sequence.length);
    third.say(tone(100));
    await phone.frames.first(frame => frame.isAudible);
    await app.media.items[0]!.messages.first(
      message => message.audioData?.participantRawID === '4:+15550142' && !message.audioData.silent,
    );
  });

  test('that decline are told with the participant', async ({ app }) => {
    app.acs.setFaults({ outcome: 'decline' });
    const { conn } = await app.ring();
    await conn.addParticipant({ targetParticipant: colleague, sourceCallIdNumber: bot });
    const failed = await result(app, 'AddParticipantFailed');
    expect(failed).toMatchObject({ participant: { rawId: '4:+15550142' }, resultInformation: { subCode: 8538 } });
  });

  test('are uninvited while they ring, and not after', async ({ app }) => {
    app.acs.setFaults({ outcome: 'no-answer' });
    const { conn } = await app.ring();
    const { invitationId } = await conn.addParticipant({ targetParticipant: colleague, sourceCallIdNumber: bot });
    const cancelled = await conn.cancelAddParticipantOperation(invitationId ?? '');
    expect(cancelled.invitationId).toBe(invitationId);
    expect((await result(app, 'CancelAddParticipantSucceeded')).invitationId).toBe(invitationId);
    await conn.cancelAddParticipantOperation(invitationId ?? '');
    await app.named('CancelAddParticipantFailed');
  });

  test('are removed; the last one takes the call with them', async ({ app }) => {
    const { conn, phone } = await app.ring();
    await conn.addParticipant({ targetParticipant: colleague, sourceCallIdNumber: bot });
    await app.named('AddParticipantSucceeded');
    await conn.removeParticipant(colleague, { operationContext: 'out' });
    expect(await result(app, 'RemoveParticipantSucceeded')).toMatchObject({
      operationContext: 'out',
      participant: { rawId: '4:+15550142' },
    });
    await conn.removeParticipant({ phoneNumber: '+15550007' });
    await app.named('RemoveParticipantFailed');
    await conn.removeParticipant(caller);
    expect(await phone.event('ended')).toMatchObject({ by: 'app', subCode: 5300 });
    expect((await result(app, 'CallDisconnected')).resultInformation.subCode).toBe(5002);
  });

  test('are muted, for the app too', async ({ app }) => {
    const { conn, phone } = await app.ring();
    await conn.muteParticipant(caller);
    await app.callbacks.first(one => one.event.data.participants?.[0].isMuted === true);
    phone.say(tone(60));
    await phone.event('mic-idle');
    expect(app.media.items[0]?.frames().every(frame => frame.audioData.silent)).toBe(true);
  });

  test('are moved from another call of ours', async ({ app }) => {
    const first = await app.ring();
    const second = await app.ring({ from: '+15550101' });
    const moved = await first.conn.moveParticipants([{ phoneNumber: '+15550101' }], second.cc);
    expect(moved.fromCall).toBe(second.cc);
    expect(await result(app, 'MoveParticipantSucceeded')).toMatchObject({
      fromCall: second.cc,
      participant: { rawId: '4:+15550101' },
    });
    await app.named('CallDisconnected', second.cc);
    expect((await first.conn.listParticipants()).values).toHaveLength(3);
    second.phone.say(tone(60));
    await first.phone.frames.first(frame => frame.isAudible);
  });
});

describe.concurrent('play', () => {
  test('starts, is heard, and completes after its time', async ({ app }) => {
    const { conn, phone } = await app.ring({ answer: speechLinked });
    await conn.getCallMedia().playToAll([text], { operationContext: 'hello' });
    expect(await result(app, 'PlayStarted')).toMatchObject({
      operationContext: 'hello',
      resultInformation: { code: 200, subCode: 0, message: 'Action completed successfully.' },
    });
    await phone.frames.first(frame => frame.isAudible);
    expect((await result(app, 'PlayCompleted')).operationContext).toBe('hello');
  });

  test('of text fails with 8565 when speech is not linked, or the switch says so', async ({ app }) => {
    const { conn } = await app.ring();
    await conn.getCallMedia().playToAll([file, text]);
    expect(await result(app, 'PlayFailed')).toMatchObject({
      failedPlaySourceIndex: 1,
      resultInformation: { subCode: 8565 },
    });
    app.acs.setFaults({ cognitiveServices: 'missing' });
    const linked = await app.ring({ from: '+15550101', answer: speechLinked });
    await linked.conn.getCallMedia().play([text], [{ phoneNumber: '+15550101' }]);
    await app.named('PlayFailed', linked.cc);
  });

  test('of a file on this machine fetches it: bad formats and missing files fail', async ({ app }) => {
    const { conn } = await app.ring();
    await conn.getCallMedia().playToAll([{ ...file, url: `${app.url}/nothing.wav` }]);
    expect((await result(app, 'PlayFailed')).resultInformation.subCode).toBe(8536);
    await conn.getCallMedia().playToAll([{ ...file, url: `${app.acs.url}/calling/keys` }]);
    await app.callbacks.first(one => one.event.data.resultInformation?.subCode === 8535);
  });

  test('waits for the one before, unless told to interrupt', async ({ app }) => {
    const { conn } = await app.ring();
    const media = conn.getCallMedia();
    await media.playToAll([file], { operationContext: 'loop', loop: true });
    await media.playToAll([file], { operationContext: 'waits' });
    await app.callbacks.first(one => one.name === 'PlayStarted' && one.event.data.operationContext === 'loop');
    await media.playToAll([file], { operationContext: 'now', interruptCallMediaOperation: true });
    const cancelled = (context: string) =>
      app.callbacks.first(one => one.name === 'PlayCanceled' && one.event.data.operationContext === context);
    expect((await cancelled('loop')).event.data.resultInformation).toMatchObject({ code: 400, subCode: 8508 });
    await cancelled('waits');
    expect((await result(app, 'PlayCompleted')).operationContext).toBe('now');
    expect(app.callbacks.count(one => one.event.data.operationContext === 'waits' && one.name === 'PlayStarted')).toBe(
      0,
    );
  });

  test('sends its events to the address of the operation', async ({ app }) => {
    const { conn } = await app.ring();
    await conn.getCallMedia().playToAll([file], { operationCallbackUrl: `${app.url}/cb/play` });
    expect((await app.named('PlayCompleted')).path).toBe('/cb/play');
    await conn.hangUp(true);
    expect((await app.named('CallDisconnected')).path).toBe('/cb?k=1');
  });

  test('before the call is up is refused with 8501', async ({ app }) => {
    app.acs.setFaults({ connectDelayMs: 500 });
    const { conn } = await app.ring({ waitConnected: false });
    await expect(conn.getCallMedia().playToAll([file])).rejects.toMatchObject({ statusCode: 400, code: '8501' });
  });
});

describe.concurrent('recognize', () => {
  const dtmf = { kind: 'callMediaRecognizeDtmfOptions' as const };
  const choices = [
    { label: 'Sales', phrases: ['sales', 'buy'], tone: DtmfTone.One },
    { label: 'Support', phrases: ['support'] },
  ];

  test('collects as many tones as asked', async ({ app }) => {
    const { conn, phone } = await app.ring();
    await conn
      .getCallMedia()
      .startRecognizing(caller, { ...dtmf, maxTonesToCollect: 3, operationContext: 'pin', playPrompt: file });
    for (const key of ['1', 'two', '#']) phone.do('dtmf', { tone: key });
    expect(await result(app, 'RecognizeCompleted')).toMatchObject({
      operationContext: 'pin',
      recognitionType: 'dtmf',
      dtmfResult: { tones: ['one', 'two', 'pound'] },
      resultInformation: { code: 200, subCode: 8531 },
    });
  });

  test('ends at a stop tone', async ({ app }) => {
    const { conn, phone } = await app.ring();
    await conn
      .getCallMedia()
      .startRecognizing(caller, { ...dtmf, maxTonesToCollect: 9, stopDtmfTones: [DtmfTone.Pound] });
    for (const key of ['5', '6', '#']) phone.do('dtmf', { tone: key });
    expect(await result(app, 'RecognizeCompleted')).toMatchObject({
      dtmfResult: { tones: ['five', 'six'] },
      resultInformation: { subCode: 8514 },
    });
  });

  test('times out on silence, and between tones', async ({ app }) => {
    const { conn, phone } = await app.ring();
    await conn.getCallMedia().startRecognizing(caller, { ...dtmf, maxTonesToCollect: 2, operationContext: 'first' });
    const failed = (context: string) =>
      app.callbacks.first(one => one.name === 'RecognizeFailed' && one.event.data.operationContext === context);
    expect((await failed('first')).event.data.resultInformation).toMatchObject({ code: 400, subCode: 8510 });
    await conn.getCallMedia().startRecognizing(caller, { ...dtmf, maxTonesToCollect: 2, operationContext: 'second' });
    phone.do('dtmf', { tone: '1' });
    expect((await failed('second')).event.data.resultInformation.subCode).toBe(8532);
  });

  test('matches choices by key and by phrase, and fails on others', async ({ app }) => {
    const { conn, phone, cc } = await app.ring({ answer: speechLinked });
    const media = conn.getCallMedia();
    const ask = (operationContext: string) =>
      media.startRecognizing(caller, {
        kind: 'callMediaRecognizeChoiceOptions',
        choices,
        operationContext,
        initialSilenceTimeoutInSeconds: 100,
      });
    const outcome = (context: string) => app.callbacks.first(one => one.event.data.operationContext === context);
    await ask('key');
    phone.do('dtmf', { tone: '1' });
    expect((await outcome('key')).event.data).toMatchObject({
      recognitionType: 'choices',
      choiceResult: { label: 'Sales' },
      resultInformation: { subCode: 8533 },
    });
    await ask('phrase');
    app.acs.speak(cc, 'Support');
    expect((await outcome('phrase')).event.data).toMatchObject({
      choiceResult: { label: 'Support', recognizedPhrase: 'Support' },
      resultInformation: { subCode: 8545 },
    });
    await ask('wrong');
    phone.do('dtmf', { tone: '9' });
    expect((await outcome('wrong')).event.data.resultInformation.subCode).toBe(8534);
  });

  test('of speech returns what was said, and needs linked speech', async ({ app }) => {
    const linked = await app.ring({ answer: speechLinked });
    const asked = { kind: 'callMediaRecognizeSpeechOptions' as const, initialSilenceTimeoutInSeconds: 100 };
    await linked.conn.getCallMedia().startRecognizing(caller, asked);
    app.acs.speak(linked.cc, 'hello there');
    expect(await result(app, 'RecognizeCompleted')).toMatchObject({
      recognitionType: 'speech',
      speechResult: { speech: 'hello there' },
      resultInformation: { subCode: 8569 },
    });
    const other = await app.ring({ from: '+15550101' });
    await other.conn.getCallMedia().startRecognizing({ phoneNumber: '+15550101' }, asked);
    expect((await result(app, 'RecognizeFailed')).resultInformation.subCode).toBe(8565);
  });

  test('is cancelled with everything else', async ({ app }) => {
    const { conn } = await app.ring();
    await conn
      .getCallMedia()
      .startRecognizing(caller, { ...dtmf, maxTonesToCollect: 2, initialSilenceTimeoutInSeconds: 300 });
    await conn.getCallMedia().cancelAllOperations();
    expect((await result(app, 'RecognizeCanceled')).resultInformation.subCode).toBe(8508);
  });
});

describe.concurrent('tones and hold', () => {
  test('continuous recognition numbers every tone until it is stopped', async ({ app }) => {
    const { conn, phone } = await app.ring();
    const media = conn.getCallMedia();
    await media.startContinuousDtmfRecognition(caller, { operationContext: 'keys' });
    for (const key of ['8', '*']) phone.do('dtmf', { tone: key });
    await app.callbacks.nth(one => one.name === 'ContinuousDtmfRecognitionToneReceived', 2);
    const tones = app.callbacks.items
      .filter(one => one.name === 'ContinuousDtmfRecognitionToneReceived')
      .map(one => one.event.data)
      .sort((a, b) => a.sequenceId - b.sequenceId);
    expect(tones.map(data => [data.sequenceId, data.tone, data.operationContext])).toEqual([
      [1, 'eight', 'keys'],
      [2, 'asterisk', 'keys'],
    ]);
    await media.stopContinuousDtmfRecognition(caller);
    await app.named('ContinuousDtmfRecognitionStopped');
  });

  test('are sent to the phone, at most eighteen, to numbers only', async ({ app }) => {
    const { conn, phone } = await app.ring();
    const media = conn.getCallMedia();
    const sent = await media.sendDtmfTones([DtmfTone.One, DtmfTone.Pound], caller);
    expect(sent.operationContext).toBeUndefined();
    await app.named('SendDtmfTonesCompleted');
    expect(phone.events.items.filter(said => said.event === 'dtmf').map(said => said['tone'])).toEqual(['1', '#']);
    const many = media.sendDtmfTones(
      Array.from({ length: 19 }, () => DtmfTone.One),
      caller,
    );
    await expect(many).rejects.toMatchObject({ statusCode: 400, code: '8523' });
    const voip = await app.ring({ from: '8:acs:alice' });
    const toUser = voip.conn.getCallMedia().sendDtmfTones([DtmfTone.One], { communicationUserId: '8:acs:alice' });
    await expect(toUser).rejects.toMatchObject({ statusCode: 400 });
  });

  test('hold silences both ways and is told by the list alone', async ({ app }) => {
    const { conn, phone } = await app.ring();
    const media = conn.getCallMedia();
    await media.hold(caller);
    expect(await phone.event('hold')).toMatchObject({ on: true });
    await app.callbacks.first(one => one.event.data.participants?.[0].isOnHold === true);
    phone.say(tone(40));
    await phone.event('mic-idle');
    await media.unhold(caller);
    await phone.event('hold', 2);
    expect(app.media.items[0]?.frames().every(frame => frame.audioData.silent)).toBe(true);
    expect(app.callbacks.items.every(one => !one.name.startsWith('Hold'))).toBe(true);
    await media.hold(caller, { playSource: text });
    expect((await result(app, 'HoldFailed')).resultInformation.subCode).toBe(8565);
  });
});

describe.concurrent('media streaming and transcription', () => {
  test('start and stop by hand, with their contexts', async ({ app }) => {
    const { conn } = await app.ring({ media: { startMediaStreaming: false } });
    const media = conn.getCallMedia();
    expect((await conn.getCallConnectionProperties()).mediaStreamingSubscription?.state).toBe('inactive');
    await media.startMediaStreaming({ operationContext: 'ms', operationCallbackUrl: `${app.url}/cb/ms` });
    const started = await app.named('MediaStreamingStarted');
    expect(started).toMatchObject({ path: '/cb/ms', event: { data: { operationContext: 'ms' } } });
    expect((await conn.getCallConnectionProperties()).mediaStreamingSubscription?.state).toBe('active');
    await expect(media.startMediaStreaming()).rejects.toMatchObject({ statusCode: 400, code: '8585' });
    await media.stopMediaStreaming({ operationContext: 'end' });
    expect(await result(app, 'MediaStreamingStopped')).toMatchObject({
      operationContext: 'end',
      mediaStreamingUpdate: { mediaStreamingStatusDetails: 'subscriptionStopped' },
    });
    await until(() => app.media.items[0]?.closeCode === 1000);
    await media.startMediaStreaming();
    await app.media.nth(() => true, 2);
    app.acs.setFaults({ restartAllowed: false });
    await until(() => app.acs.calls()[0]?.media?.isOpen === true);
    await media.stopMediaStreaming();
    await expect(media.startMediaStreaming()).rejects.toMatchObject({ statusCode: 400 });
  });

  test('need their settings from the answer', async ({ app }) => {
    const { conn } = await app.ring({ withMedia: false });
    const media = conn.getCallMedia();
    await expect(media.startMediaStreaming()).rejects.toMatchObject({ statusCode: 405, code: '8522' });
    await expect(media.startTranscription({ locale: 'en-US' })).rejects.toMatchObject({
      statusCode: 405,
      code: '8522',
    });
  });

  test('transcription runs over its own socket', async ({ app }) => {
    const words = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    const heard = new Inbox<string>();
    words.on('connection', socket => socket.on('message', data => heard.push(String(data))));
    await new Promise<void>(resolve => words.once('listening', resolve));
    const { port } = words.address() as { port: number };
    const { conn, cc } = await app.ring({
      answer: {
        ...speechLinked,
        transcriptionOptions: {
          transportType: 'websocket',
          transportUrl: `ws://127.0.0.1:${port}/words`,
          locale: 'en-US',
          startTranscription: false,
        },
      },
    });
    const media = conn.getCallMedia();
    await media.startTranscription({ locale: 'en-US', operationContext: 'tr' });
    expect(await result(app, 'TranscriptionStarted')).toMatchObject({
      operationContext: 'tr',
      transcriptionUpdate: {
        transcriptionStatus: 'transcriptionStarted',
        transcriptionStatusDetails: 'subscriptionStarted',
      },
    });
    app.acs.speak(cc, 'Testing one');
    const data = await heard.first(message => message.includes('"TranscriptionData"'));
    expect(data).toMatch(/"offset":\d{18}/);
    expect(JSON.parse(data).transcriptionData).toMatchObject({ text: 'Testing one', participantRawID: '4:+15550100' });
    expect(heard.items[0]).toContain('"TranscriptionMetadata"');
    await media.updateTranscription('de-DE');
    await app.named('TranscriptionUpdated');
    await media.stopTranscription();
    await app.named('TranscriptionStopped');
    for (const socket of words.clients) socket.terminate();
    words.close();
  });
});

describe.concurrent('recording', () => {
  test('is started, paused, resumed and stopped, and says so', async ({ app }) => {
    const { conn } = await app.ring();
    const callLocator = {
      kind: 'serverCallLocator' as const,
      id: (await conn.getCallConnectionProperties()).serverCallId ?? '',
    };
    const recording = app.client.getCallRecording();
    const started = await recording.start({ callLocator, recordingStateCallbackEndpointUrl: `${app.url}/cb/rec` });
    expect(started.recordingState).toBe('active');
    const id = started.recordingId;
    const first = await app.named('RecordingStateChanged');
    expect(first.event.source).toMatch(/^calling\/recordings\/.*\/RecordingStateChanged$/);
    await recording.pause(id);
    expect((await recording.getState(id)).recordingState).toBe('inactive');
    await recording.resume(id);
    expect((await recording.getState(id)).recordingState).toBe('active');
    await recording.stop(id);
    await app.callbacks.nth(one => one.name === 'RecordingStateChanged', 4);
    await app.incoming.first(({ body }) => body.includes('RecordingFileStatusUpdated'));
    await expect(recording.getState(id)).rejects.toMatchObject({ statusCode: 404 });
  });

  test('by connection id ends with the call', async ({ app }) => {
    const { conn, cc } = await app.ring();
    await app.client
      .getCallRecording()
      .start({ callConnectionId: cc, recordingStateCallbackEndpointUrl: `${app.url}/cb/rec` });
    await conn.hangUp(true);
    await app.callbacks.first(one => one.name === 'RecordingStateChanged' && one.event.data.state === 'inactive');
  });
});
