import { expect, test } from 'vitest';
import { callIdOf } from '../../contracts/call-id.ts';
import { acsEventNames } from '../acs/acs-event.ts';
import { cloudEvent, eventScene, recordedEvents } from '../testing/event-scene.ts';
import { processEvents } from './process-events.ts';

const [one, other] = ['corr-1', 'corr-2'];
const [callOne, callOther] = [callIdOf(one), callIdOf(other)];

const outcomes = (done: Awaited<ReturnType<typeof processEvents>>) => done.results.map(({ outcome }) => outcome);

test('a call that cannot be told asks for the event again, and only that is done then', async () => {
  const ran: string[] = [];
  const scene = eventScene(on => on('CallConnected', () => ran.push('custom')));
  const events = [cloudEvent('CallConnected', one), cloudEvent('PlayStarted', one)];
  scene.away.orchestration = true;
  expect(outcomes(await processEvents(events, scene.desk, scene.delivery()))).toEqual(['retry', 'processed']);
  scene.away.orchestration = false;
  expect(outcomes(await processEvents(events, scene.desk, scene.delivery()))).toEqual(['processed', 'processed']);
  await processEvents(events, scene.desk, scene.delivery());
  expect(scene.told.map(({ message }) => message.type)).toEqual(['connected']);
  expect(ran).toEqual(['custom']);
});

const tone = (sequenceId: number, word = 'one') =>
  cloudEvent('ContinuousDtmfRecognitionToneReceived', one, { sequenceId, tone: word });
const sequences = ({ heard }: ReturnType<typeof eventScene>) =>
  heard.map(({ message }) => message.do === 'tone' && message.sequence);

test('keys reach the media host in the order of their numbers, and the orchestration never', async () => {
  const scene = eventScene();
  const row = [5, 3, 4, 1, 2].map(sequenceId => tone(sequenceId));
  await processEvents([row[0], cloudEvent('PlayStarted', one), ...row.slice(1)], scene.desk, scene.delivery());
  expect(sequences(scene)).toEqual([1, 2, 3, 4, 5]);
  expect(scene.told).toEqual([]);
});

test('of keys that come side by side those that wait go in the order of their numbers, each once', async () => {
  const scene = eventScene();
  const row = [1, 5, 4, 3, 2].map(sequenceId => tone(sequenceId));
  await Promise.all([...row, ...row].map(event => processEvents([event], scene.desk, scene.delivery())));
  expect(sequences(scene)).toEqual([1, 2, 3, 4, 5]);
});

test('a key that could not be told is asked for again, and holds up none after it', async () => {
  const scene = eventScene();
  scene.away.control = true;
  expect(outcomes(await processEvents([tone(1), tone(2)], scene.desk, scene.delivery()))).toEqual(['retry', 'retry']);
  scene.away.control = false;
  expect(outcomes(await processEvents([tone(3)], scene.desk, scene.delivery()))).toEqual(['processed']);
  expect(sequences(scene)).toEqual([3]);
});

test('the end of a call in the middle of a batch is told last', async () => {
  const scene = eventScene();
  const lines = [cloudEvent('CallDisconnected', one), cloudEvent('CallConnected', one)];
  await processEvents(lines, scene.desk, scene.delivery());
  expect(scene.told.map(({ message }) => message.type)).toEqual(['connected', 'disconnected']);
});

test('a batch for two calls: each hears its own, and one bad line spoils nothing', async () => {
  const scene = eventScene();
  const lines = [
    ...[cloudEvent('CallConnected', one), { type: 5 }, cloudEvent('CallConnected', other), 'text', null],
    { ...cloudEvent('CallConnected', other), type: 'Microsoft.Communication.HoldAudioStarted' },
    ...[cloudEvent('CallDisconnected', other), cloudEvent('ParticipantsUpdated', one)],
  ];
  const done = await processEvents(lines, scene.desk, scene.delivery());
  expect(done).toMatchObject({ processed: 4, ignored: 1, failed: 3 });
  expect(outcomes(done)).toEqual([
    ...['processed', 'refused', 'processed', 'refused', 'refused', 'ignored', 'processed', 'processed'],
  ]);
  expect(scene.life(callOne)).toMatchObject({ phase: 'connected', participants: { count: 2 } });
  expect(scene.life(callOther)).toMatchObject({ phase: 'ended' });
  expect(scene.logged()).toContain('"event":"callback.unknown-type","type":"HoldAudioStarted"');
});

test("at a call's own address another call's event is refused; where the address is the proof it is taken", async () => {
  const scene = eventScene();
  const lines = [cloudEvent('CallConnected', other)];
  expect(outcomes(await processEvents(lines, scene.desk, scene.delivery({ callId: callOne })))).toEqual(['refused']);
  expect(scene.told).toEqual([]);
  expect(scene.desk.counters.callbacks.refused).toEqual({ 'other-call': 1 });
  const proven = scene.delivery({ callId: callOne, provenBy: 'address' });
  expect(outcomes(await processEvents(lines, scene.desk, proven))).toEqual(['processed']);
  expect(scene.told).toMatchObject([{ callId: callOne }]);
});

test('an event of a call nobody knows is ignored, leaves nothing, and counts when it comes again later', async () => {
  const ran: string[] = [];
  const scene = eventScene(on => on('CallConnected', () => ran.push('custom')));
  const event = [cloudEvent('CallConnected', one)];
  scene.unknown.add(callOne);
  expect(outcomes(await processEvents(event, scene.desk, scene.delivery()))).toEqual(['ignored']);
  expect([scene.documents.writes, ran.length]).toEqual([0, 0]);
  scene.unknown.clear();
  expect(outcomes(await processEvents(event, scene.desk, scene.delivery()))).toEqual(['processed']);
  expect(ran).toEqual(['custom']);
});

test('no event is no work', async () => {
  const scene = eventScene();
  expect(await processEvents([], scene.desk, scene.delivery())).toEqual({
    ...{ processed: 0, ignored: 0, failed: 0, results: [] },
  });
});

test('the log names type and call of each event and nothing a caller said, pressed or is called', async () => {
  const scene = eventScene();
  const secret = {
    ...{ participant: { rawId: '4:+15550177', phoneNumber: { value: '+15550177' } }, tone: 'seven', sequenceId: 1 },
    ...{ transferTarget: { rawId: '8:acs:secret-user' }, operationContext: 'secret-context' },
    ...{ recognitionType: 'speech', speechResult: { speech: 'secret words' }, choiceResult: { label: 'secret label' } },
    ...{ resultInformation: { code: 400, subCode: 8510, message: 'secret message' } },
  };
  const recorded = recordedEvents();
  const lines = acsEventNames.map(name => cloudEvent(name, one, secret, recorded.get(name)));
  const done = await processEvents([...lines, { ...lines[0], data: secret }], scene.desk, scene.delivery());
  expect(done.processed).toBe(acsEventNames.length);
  for (const name of acsEventNames)
    expect(scene.logged()).toContain(`{"event":"callback","callId":"${callOne}","type":"${name}"}`);
  expect(scene.logged()).not.toMatch(/secret|5550177|seven/);
});

test('what the carrier reports as failed is counted by its name, once however often it is delivered', async () => {
  const scene = eventScene();
  const event = cloudEvent('PlayFailed', one);
  await processEvents([event, event, cloudEvent('PlayCompleted', one)], scene.desk, scene.delivery());
  await processEvents([event, cloudEvent('AddParticipantFailed', one)], scene.desk, scene.delivery());
  expect(scene.desk.counters.callbacks.carrierFailed).toEqual({ PlayFailed: 1, AddParticipantFailed: 1 });
});
