import { expect, test } from 'vitest';
import { endWaitMs, hostWaitMs, stopMs, windowMs } from './media-recovery.ts';
import { type Steered, talking, testRules } from './testing/steered.ts';

const failed = { type: 'streaming-failed', code: 500, subCode: 8603 } as const;
const stopped = { type: 'streaming-stopped', code: 200, subCode: 0 } as const;
const started = { type: 'streaming-started' } as const;
const nobody = { ...testRules, people: { ...testRules.people, targets: [] } };

/** The sound was lost, and the carrier says that the call is up without it. */
function silent(call: Steered = talking()): Steered {
  call.passes(60_000).told(failed).passes(endWaitMs);
  call.wanted();
  return call.came({ type: 'looked', why: 'media', look: { up: true, streaming: false } });
}
const start = (call: Steered) => ({ context: call.state.media.context ?? '' });

test.each([
  ['failed', failed, endWaitMs],
  ['stopped', stopped, endWaitMs],
  ['lost its host', { type: 'host-lost', hostId: 'h' }, hostWaitMs],
] as const)('sound that %s is waited for, then the carrier is asked', (_, event, waitMs) => {
  const call = talking().passes(60_000).told(event);
  expect(call.passes(waitMs - 1).wanted()).toEqual([]);
  expect(call.passes(1).wanted()).toEqual([{ do: 'look-up', why: 'media' }]);
});

test('sound that comes back by itself needs nothing', () => {
  const call = talking().passes(60_000).told(stopped).passes(500).told(started);
  expect(call.passes(60_000).wanted()).toEqual([]);
  expect(call.state.media.state).toBe('on');
});

/** Its host is missed, and the carrier says that the sound flows. */
function missed(call: Steered = talking()): Steered {
  call.passes(60_000).told({ type: 'host-lost', hostId: 'h' }).passes(hostWaitMs);
  call.wanted();
  return call.came({ type: 'looked', why: 'media', look: { up: true, streaming: true } });
}

test('a host that is missed and holds its sockets is asked, and left alone when it answers', () => {
  for (const silent of [false, undefined]) {
    const call = missed();
    expect(call.wanted()).toEqual([{ do: 'ask-host', hostId: 'h' }]);
    call.came({ type: 'host-asked', hostId: 'h', ...(silent !== undefined && { silent }) });
    expect(call.passes(60_000).wanted()).toEqual([]);
    expect(call.state.media.state).toBe('on');
  }
});

test('the sound of a frozen host is stopped, and started towards whoever lives', () => {
  const call = missed();
  call.wanted();
  call.came({ type: 'host-asked', hostId: 'h', silent: true });
  expect(call.orders()).toMatchObject([{ order: { do: 'stop-streaming' } }]);
  call.came({ type: 'carried-out', ...start(call), reply: { outcome: 'asked' } }).passes(200);
  expect(call.told(stopped).passes(0).wanted()).toEqual([{ do: 'look-up', why: 'media' }]);
  call.came({ type: 'looked', why: 'media', look: { up: true, streaming: false } });
  expect(call.orders()).toMatchObject([{ order: { do: 'start-streaming' } }]);
  call.came({ type: 'carried-out', ...start(call), reply: { outcome: 'asked' } }).passes(300);
  expect(call.told(started).passes(60_000).wanted()).toEqual([]);
  expect(call.state.media).toMatchObject({ state: 'on', startedAt: call.now - 60_000 });
});

test('a stop that nobody reports is found out, and one that failed is asked for again', () => {
  const call = missed();
  call.wanted();
  call.came({ type: 'host-asked', hostId: 'h', silent: true });
  call.wanted();
  call.came({ type: 'carried-out', ...start(call), reply: { outcome: 'asked' } }).passes(stopMs + 500);
  expect(call.wanted()).toEqual([{ do: 'look-up', why: 'media' }]);
  call.came({ type: 'looked', why: 'media', look: { up: true, streaming: true } });
  expect(call.orders()).toMatchObject([{ order: { do: 'stop-streaming' } }]);
  call.came({ type: 'carried-out', ...start(call) }).passes(1_000);
  call.wanted();
  call.came({ type: 'looked', why: 'media', look: { up: true, streaming: false } });
  expect(call.orders()).toMatchObject([{ order: { do: 'start-streaming' } }]);
});

test('while nobody lives at the address, the caller of a frozen host is told so and handed to a person', () => {
  const call = missed();
  call.came({ type: 'host-asked', hostId: 'h', silent: true }).told(stopped).passes(0);
  call.came({ type: 'looked', why: 'media', look: { up: true, streaming: false } });
  call.wanted();
  call.passes(windowMs);
  expect(call.orders().map(({ order }) => order.do)).toEqual(['stop-streaming', 'play']);
  call.told({ type: 'order-ended', ...start(call), end: 'succeeded', code: 200, subCode: 0 });
  expect(call.orders()).toMatchObject([{ order: { do: 'transfer', to: '+15550111' } }]);
});

test('an answer about a host that the call has left meanwhile changes nothing', () => {
  const call = missed().told(started);
  call.wanted();
  expect(call.came({ type: 'host-asked', hostId: 'h', silent: true }).passes(60_000).wanted()).toEqual([]);
});

test('a host that is missed after the call has found another changes nothing', () => {
  const call = talking().passes(60_000).told(stopped).passes(500).told(started).passes(6_000);
  expect(call.told({ type: 'host-lost', hostId: 'h' }).passes(10_000).wanted()).toEqual([]);
});

test('a report of the sound before this one changes nothing', () => {
  const call = talking().passes(60_000).told(stopped).passes(500).told(started);
  expect(
    call
      .told({ ...stopped, at: call.now - 100 })
      .passes(10_000)
      .wanted(),
  ).toEqual([]);
});

test('a call that has ended meanwhile is not told to start', () => {
  const call = talking().passes(60_000).told(stopped).passes(endWaitMs);
  call.wanted();
  call.came({ type: 'looked', why: 'media', look: { up: false } }).passes(1_000);
  expect(call.told({ type: 'disconnected', code: 200, subCode: 540000 }).state.life.endedBy).toBe('caller');
  expect(call.wanted()).toEqual([]);
});

test('the carrier is told to start, and the sound is back', () => {
  const call = silent();
  expect(call.orders()).toEqual([{ order: { do: 'start-streaming' }, context: call.state.media.context }]);
  call
    .came({ type: 'carried-out', ...start(call), reply: { outcome: 'asked' } })
    .passes(300)
    .told(started);
  expect(call.passes(60_000).wanted()).toEqual([]);
});

test('a start that fails is tried again while the window lasts', () => {
  const call = silent();
  call.wanted();
  call
    .came({ type: 'carried-out', ...start(call), reply: { outcome: 'asked' } })
    .passes(100)
    .told(failed)
    .passes(500);
  expect(call.wanted()).toEqual([{ do: 'look-up', why: 'media' }]);
  call.came({ type: 'looked', why: 'media' });
  expect(call.orders()).toMatchObject([{ order: { do: 'start-streaming' } }]);
  call
    .came({ type: 'carried-out', ...start(call), reply: { outcome: 'refused', status: 400, code: '8585' } })
    .passes(1_000);
  expect(call.wanted()).toEqual([{ do: 'look-up', why: 'media' }]);
});

/** The sound stayed away, and the caller is being told so. */
function sorry(call: Steered): Steered {
  silent(call).came({ type: 'carried-out', ...start(call), reply: { outcome: 'asked' } });
  call.wanted();
  call.passes(windowMs - endWaitMs - 1);
  expect(call.wanted()).toEqual([]);
  call.passes(1);
  return call;
}

test('sound that stays away is apologised for, and the caller handed to a person', () => {
  const call = sorry(talking());
  expect(call.orders()).toMatchObject([{ order: { do: 'play', loop: false } }]);
  call.told({ type: 'order-ended', ...start(call), end: 'succeeded', code: 200, subCode: 0 });
  expect(call.orders()).toMatchObject([{ order: { do: 'transfer', to: '+15550111' } }]);
});

test('without anybody to hand them to, the caller is released after the apology, said or not', () => {
  const call = sorry(talking(nobody));
  call.wanted();
  call.passes(15_000);
  expect(call.wanted()).toEqual([{ do: 'hang-up' }]);
  expect(call.state.life.hangUpAsked).toEqual({ by: 'system', reason: 'media-lost' });
});

test('nobody takes the call of a caller without sound: it ends', () => {
  const call = sorry(talking());
  call.told({ type: 'order-ended', ...start(call), end: 'failed', code: 400, subCode: 8565 });
  for (const _ of testRules.people.targets) {
    const context = call.state.handoff?.context ?? '';
    call.told({ type: 'order-ended', context, end: 'failed', code: 486, subCode: 8539 });
  }
  expect(call.wanted().at(-1)).toEqual({ do: 'hang-up' });
  expect(call.state.life.hangUpAsked?.reason).toBe('media-lost');
});

test('sound that never began ends the call at once, even when the answer is not known yet', () => {
  const call = talking();
  const { streamingAt: _streamingAt, ...life } = call.state.life;
  call.state = { ...call.state, life, media: { state: 'none', since: 0 } };
  call.told(failed);
  expect(call.state.life).toMatchObject({ phase: 'ended', endReason: 'media-failed 500/8603' });
  expect(call.wanted()).toEqual([{ do: 'hang-up' }]);
});
