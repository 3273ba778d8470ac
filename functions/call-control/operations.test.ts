import { expect, test } from 'vitest';
import { type Order, order } from '../acs/orders.ts';
import { mostKept, mostWaiting, patience } from './operations.ts';
import { statusOf } from './status.ts';
import { type Steered, steered, talking, testRules } from './testing/steered.ts';

const play = order.parse({ do: 'play', source: { text: 'Hello' } });
const record: Order = { do: 'start-recording', channels: 'unmixed' };
const ended = (call: Steered, id: string) => call.state.operations.find(each => each.id === id);

function ordered(what: Order = play, before?: Order): Steered {
  return talking().told({ type: 'ordered', id: 'op', order: what, ...(before && { before }) });
}
const asked = { type: 'carried-out', context: 'op', reply: { outcome: 'asked' } } as const;
const over = (end: 'succeeded' | 'failed' | 'cancelled', context = 'op') =>
  ({ type: 'order-ended', context, end, code: 400, subCode: 8508 }) as const;

test('an order is asked under its own name, and ends as the carrier says', () => {
  const call = ordered();
  expect(call.orders()).toEqual([{ order: play, context: 'op' }]);
  expect(ended(call.came(asked), 'op')).toMatchObject({ state: 'asked' });
  expect(ended(call.told(over('succeeded')), 'op')).toMatchObject({ state: 'done', order: 'play', endedAt: 0 });
});

test.each([
  ['refused', { outcome: 'refused', status: 400, code: '8523' }, 'refused 400/8523'],
  ['unreachable', undefined, 'unavailable'],
  ['gone', { outcome: 'gone' }, 'call-ended'],
] as const)('an order the carrier has %s fails at once', (_, reply, code) => {
  const call = ordered().came({ type: 'carried-out', context: 'op', ...(reply && { reply }) });
  expect(ended(call, 'op')).toMatchObject({ state: 'failed', code });
});

test.each([
  ['failed', 'failed'],
  ['cancelled', 'cancelled'],
] as const)('an order that has %s says so', (end, state) => {
  expect(ended(ordered().came(asked).told(over(end)), 'op')).toMatchObject({ state, code: '400/8508' });
});

test('what comes before an order must succeed first', () => {
  const call = ordered(record, play);
  expect(call.orders()).toEqual([{ order: play, context: 'op.before' }]);
  call.came({ ...asked, context: 'op.before' }).told(over('succeeded', 'op.before'));
  expect(call.orders()).toEqual([{ order: record, context: 'op' }]);
  call.came({ type: 'carried-out', context: 'op', reply: { outcome: 'done', recordingId: 'r' } });
  expect(ended(call, 'op')).toMatchObject({ state: 'done' });
  expect(call.state.recording).toEqual({ recordingId: 'r', state: 'active' });

  const silent = ordered(record, play);
  silent.wanted();
  silent.came({ ...asked, context: 'op.before' }).told(over('failed', 'op.before'));
  expect(silent.orders()).toEqual([]);
  expect(ended(silent, 'op')).toMatchObject({ state: 'failed', code: '400/8508' });
});

test('what ends at once may still turn out to have failed', () => {
  const call = ordered({ do: 'hold', who: '+15550199' });
  call.came({ type: 'carried-out', context: 'op', reply: { outcome: 'done' } });
  expect(ended(call, 'op')).toMatchObject({ state: 'done' });
  expect(ended(call.told(over('failed')), 'op')).toMatchObject({ state: 'failed', code: '400/8508' });
});

test('an order nobody reports the end of fails, after as long as it may last', () => {
  const call = ordered({ do: 'remove', who: '+15550199' }).came(asked).passes(9_999);
  expect(ended(call, 'op')).toMatchObject({ state: 'asked' });
  expect(ended(call.passes(1), 'op')).toMatchObject({ state: 'failed', code: 'unreported' });
  expect(patience({ ...play, loop: true } as Order)).toBeUndefined();
});

test('an order for a call that is not connected, or about to end, is refused at once', () => {
  const ringing = steered().told({ type: 'ordered', id: 'op', order: play });
  expect(ended(ringing, 'op')).toMatchObject({ state: 'failed', code: 'not-connected' });
  const ending = talking().told({ type: 'hang-up-asked', by: 'agent', reason: 'asked' });
  ending.wanted();
  expect(ending.told({ type: 'ordered', id: 'op', order: play }).orders()).toEqual([]);
  expect(ended(ending, 'op')).toMatchObject({ state: 'failed', code: 'not-connected' });
});

test('at most so many orders wait, and the end of the call ends them all', () => {
  const call = talking();
  for (let i = 0; i <= mostWaiting; i += 1) call.told({ type: 'ordered', id: `op${i}`, order: play });
  expect(ended(call, `op${mostWaiting}`)).toMatchObject({ state: 'failed', code: 'too-many' });
  call.told({ type: 'disconnected', code: 200, subCode: 540000 });
  const codes = call.state.operations.map(({ state, code }) => `${state} ${code}`);
  expect(new Set(codes)).toEqual(new Set(['cancelled call-ended', 'failed too-many']));
});

test('ended orders are forgotten, the oldest first', () => {
  const call = talking();
  for (let i = 0; i < 50; i += 1)
    call.told({ type: 'ordered', id: `op${i}`, order: play }).told(over('succeeded', `op${i}`));
  expect(call.state.operations.map(({ id }) => id)).toEqual(Array.from({ length: mostKept }, (_, i) => `op${30 + i}`));
});

test('a transfer somebody ordered hands the call over, and its end is not the caller’s', () => {
  const call = ordered({ do: 'transfer', to: '+15550111' });
  call.wanted();
  call.came(asked).told({ type: 'disconnected', code: 200, subCode: 7000 });
  expect(call.state.life.phase).toBe('connected');
  call.told(over('succeeded'));
  expect(call.state.life).toMatchObject({ phase: 'ended', endedBy: 'agent', endReason: 'transferred' });
  expect(ended(call, 'op')).toMatchObject({ state: 'done' });
});

const stopped = { type: 'streaming-stopped', code: 200, subCode: 0 } as const;
const soundStopped = () => ordered({ do: 'stop-streaming' }).came(asked);

test('sound that somebody has stopped is not brought back, however late or often the carrier tells of it', () => {
  const call = soundStopped();
  call.wanted();
  for (const _ of [1, 2]) call.passes(20_000).told(stopped);
  call.told({ type: 'streaming-failed', code: 500, subCode: 8603 }).told({ type: 'host-lost', hostId: 'h' });
  expect(call.passes(testRules.idleMs! - 45_000).wanted()).toEqual([]);
  expect(call.state.media.state).toBe('off');
});

test('sound that the carrier would not stop is still looked after', () => {
  const call = ordered({ do: 'stop-streaming' });
  call.wanted();
  call.came({ ...asked, reply: { outcome: 'refused', status: 400, code: '8585' } });
  expect(call.told(stopped).passes(5_000).wanted()).toEqual([{ do: 'look-up', why: 'media' }]);
});

test('sound that was stopped begins again when it is asked for, and is looked after again', () => {
  const call = soundStopped().told(stopped).passes(1_000);
  call.told({ type: 'ordered', id: 'again', order: { do: 'start-streaming' } });
  call.came({ ...asked, context: 'again' }).told({ type: 'streaming-started' });
  expect(ended(call, 'again')).toMatchObject({ state: 'done' });
  expect(call.state.media.state).toBe('on');
  call.wanted();
  expect(call.passes(1_000).told(stopped).passes(5_000).wanted()).toEqual([{ do: 'look-up', why: 'media' }]);
});

test('a caller left without agent is hung up, unless somebody was rung in to talk to', () => {
  const end = (people: number) => {
    const call = soundStopped().told(stopped).told({ type: 'participants', sequence: 2, count: people });
    call.wanted();
    call.passes(testRules.idleMs ?? 0);
    expect(call.wanted()).toEqual([{ do: 'look-up', why: 'idle' }]);
    call.came({ type: 'looked', why: 'idle', look: { up: true, streaming: false } });
    return call.state.life.hangUpAsked?.reason;
  };
  expect(end(2)).toBe('idle');
  expect(end(3)).toBeUndefined();
});

test('the status shows no number and no word, and stays below 8 KB', () => {
  const call = talking();
  const id = (i: number) => `${i}`.padEnd(400, 'x');
  for (let i = 0; i < 40; i += 1)
    call.told({ type: 'ordered', id: id(i), order: order.parse({ do: 'add', who: '+15550177' }) });
  call.told({ type: 'handoff-asked', ask: { reason: 'a secret reason', summary: 'and why', targets: ['+15550178'] } });
  const text = JSON.stringify(statusOf(call.state, testRules));
  expect(text.length).toBeLessThan(8_001);
  expect(text).not.toMatch(/15550|secret|why/);
  expect(JSON.parse(text)).toMatchObject({ phase: 'connected', handoff: { stage: 'ringing', asking: 1, of: 1 } });
});
