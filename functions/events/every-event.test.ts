import { expect, test } from 'vitest';
import { callIdOf } from '../../contracts/call-id.ts';
import { type AcsEventName, acsEventNames } from '../acs/acs-event.ts';
import { type CloudEvent, cloudEvent, type EventScene, eventScene, recordedEvents } from '../testing/event-scene.ts';
import { processEvents } from './process-events.ts';

/**
 * Each event there is, in the form ACS was recorded to send it where there is a recording: once, twice, out of its place
 * and after the end, the call comes to the same state and no handler sees it twice.
 */
const recorded = recordedEvents();
const correlationId = 'corr-1';
const callId = callIdOf(correlationId);

interface Played {
  scene: EventScene;
  ran: string[];
}

/** Each group is a delivery of its own, one after the other. */
async function play(...deliveries: CloudEvent[][]): Promise<Played> {
  const ran: string[] = [];
  const scene = eventScene(on => {
    for (const name of acsEventNames) on(name, ({ event }) => ran.push(event.id));
  });
  for (const lines of deliveries) {
    const done = await processEvents(lines, scene.desk, scene.delivery({ callId }));
    expect(done).toMatchObject({ processed: lines.length, ignored: 0, failed: 0 });
  }
  return { scene, ran };
}

/** An ordinary call, without the event that is tried. */
function plainCall(tried: AcsEventName): { before: CloudEvent[]; end: CloudEvent[] } {
  const event = (name: AcsEventName, data = {}) => cloudEvent(name, correlationId, data, recorded.get(name));
  const all = [
    event('CallConnected', { callConnectionId: 'cc' }),
    event('ParticipantsUpdated', { sequenceNumber: 1 }),
    event('MediaStreamingStarted'),
  ];
  const end = event('CallDisconnected', { resultInformation: { code: 200, subCode: 540_000 } });
  return { before: all.filter(each => !isOf(each, tried)), end: tried === 'CallDisconnected' ? [] : [end] };
}

const isOf = ({ type }: CloudEvent, name: string): boolean => type === `Microsoft.Communication.${name}`;

const tryIt = (name: AcsEventName) => cloudEvent(name, correlationId, sure[name] ?? {}, recorded.get(name));

/** Made definite, since the first recording of a kind may come from any of several calls. */
const sure: Partial<Record<AcsEventName, Record<string, unknown>>> = {
  CallConnected: { callConnectionId: 'cc' },
  CallDisconnected: { resultInformation: { code: 200, subCode: 540_000 } },
  ParticipantsUpdated: { sequenceNumber: 4, participants: [{}, {}, {}] },
};

const neverBegan: ReadonlySet<string> = new Set(['AnswerFailed', 'CreateCallFailed', 'ConnectFailed']);
const ended = { phase: 'ended', endedBy: 'caller', endReason: 'disconnected 200/540000' };
const failed = { phase: 'ended', endedBy: 'system', endReason: expect.stringMatching(/^answer-failed /) };

test.skipIf(recorded.size === 0)('twenty kinds of events and more are tried as they were recorded', () => {
  expect(acsEventNames.filter(name => recorded.has(name)).length).toBeGreaterThanOrEqual(20);
});

test.each(acsEventNames)('%s: once, twice, side by side, out of place, after the end', async name => {
  const end = neverBegan.has(name) ? failed : ended;
  const count = name === 'ParticipantsUpdated' ? { sequence: 4, count: 3 } : { sequence: 1, count: 2 };
  const once = tryIt(name);
  const { before, end: last } = plainCall(name);
  const ids = [...before, once, ...last].map(({ id }) => id).sort();

  const inOrder = [...before, once, ...last].map(event => [event]);
  const ways: Record<string, CloudEvent[][]> = {
    once: inOrder,
    twice: inOrder.flatMap(delivery => [delivery, delivery]),
    'side by side': [[...before, once, once, ...last, once]],
    first: [[once], ...before.map(event => [event]), last],
    backwards: [[once, ...before.toReversed(), ...last]],
    'all of it again': [[...before, once, ...last], [...before, once, ...last].toReversed()],
  };
  for (const [way, deliveries] of Object.entries(ways)) {
    const { scene, ran } = await play(...deliveries.filter(lines => lines.length > 0));
    expect({ way, ...scene.life(callId) }).toMatchObject(end);
    // A call that failed, or that its end overtook, is over before the others come.
    if (!neverBegan.has(name) && !(name === 'CallDisconnected' && way === 'first'))
      expect({ way, ...scene.life(callId) }).toMatchObject({ callConnectionId: 'cc', participants: count });
    expect({ way, ran: ran.sort() }).toEqual({ way, ran: ids });
    expect(scene.told.map(({ message }) => message.id)).toEqual([...new Set(scene.told.map(each => each.message.id))]);
  }

  const over = [...before, ...plainCall('PlayStarted').end];
  const { scene, ran } = await play(over, [once], [once]);
  const { scene: without } = await play(over);
  expect(scene.life(callId)).toEqual(without.life(callId));
  expect(scene.life(callId)).toMatchObject(ended);
  expect(ran.filter(id => id === once.id)).toEqual([once.id]);
  expect(scene.heard.filter(({ message }) => message.id === once.id)).toHaveLength(
    name === 'ContinuousDtmfRecognitionToneReceived' ? 1 : 0,
  );
});
