import { expect, test } from 'vitest';
import { type CallLife, type LifeEvent, live } from '../../contracts/call-life.ts';
import { lifeAlarm } from './limits.ts';
import { type Control, freshControl } from './state.ts';
import { steered, talking, testRules } from './testing/steered.ts';

const control = (events: LifeEvent[], more: Partial<Control> = {}): Control => ({
  ...freshControl(0),
  life: events.reduce(live, { phase: 'ringing' } as CallLife),
  ...more,
});

const rules = { ...testRules, idleMs: undefined };
const answered: LifeEvent = { type: 'answered', callConnectionId: 'cc', at: 100 };
const connected: LifeEvent = { type: 'connected', callConnectionId: 'cc', at: 200 };

test('nobody has answered after 3 s: the orchestration does', () => {
  expect(lifeAlarm(control([]), rules)).toEqual({ what: 'answer', at: 3_000 });
});

test('an answered call that is not connected 30 s later is given up', () => {
  expect(lifeAlarm(control([answered], { phaseSince: 100 }), rules)).toEqual({ what: 'not-connected', at: 30_100 });
  expect(lifeAlarm(control([], { answerTried: true }), rules)).toEqual({ what: 'not-connected', at: 30_000 });
});

test('a spent context is given 4 s to turn out as an answer', () => {
  expect(lifeAlarm(control([], { unclearSince: 500 }), rules)).toEqual({ what: 'not-connected', at: 4_500 });
});

test('a connected call is looked after every 5 minutes and ended at its longest', () => {
  const up = control([connected], { phaseSince: 200, seenUpAt: 200 });
  expect(lifeAlarm(up, rules)).toEqual({ what: 'look', at: 300_200 });
  expect(lifeAlarm(up, { ...rules, maxCallMs: 60_000 })).toEqual({ what: 'too-long', at: 60_200 });
});

test('a hang-up is waited for 5 s, whatever the phase', () => {
  const asked = control([connected], { hangUpAt: 1_000 });
  expect(lifeAlarm(asked, rules)).toEqual({ what: 'hang-up-unreported', at: 6_000 });
});

test('somebody we call may let it ring for two minutes', () => {
  const call = steered({ ...testRules, direction: 'out' }).came({ type: 'began' });
  expect(call.wanted()).toEqual([{ do: 'dial' }]);
  call.told({ type: 'dialled', from: 'us', callConnectionId: 'cc' }).passes(119_000);
  expect(call.state.life.phase).toBe('ringing');
  call.passes(1_000);
  expect(call.state.life).toMatchObject({ phase: 'ended', endReason: 'no-answer' });
  expect(call.wanted()).toEqual([{ do: 'hang-up' }]);
});

test('a call in which nobody is with the caller is ended after a minute, unless the carrier knows better', () => {
  const call = steered().came({ type: 'began' }).told({ type: 'connected', callConnectionId: 'cc' });
  call.wanted();
  call.passes(60_000);
  expect(call.wanted()).toEqual([{ do: 'look-up', why: 'idle' }]);
  call.came({ type: 'looked', why: 'idle', look: { up: true, streaming: true } }).passes(120_000);
  expect(call.wanted()).toEqual([]);

  const deserted = steered().came({ type: 'began' }).told({ type: 'connected', callConnectionId: 'cc' }).passes(60_000);
  deserted.came({ type: 'looked', why: 'idle', look: { up: true, streaming: false } });
  expect(deserted.wanted().at(-1)).toEqual({ do: 'hang-up' });
  expect(deserted.state.life.hangUpAsked).toEqual({ by: 'system', reason: 'idle' });
});

test('an agent who talks, and a person who does, are company', () => {
  expect(talking().passes(290_000).wanted()).toEqual([]);
});

test('an end that nobody reports is given 2 s after the carrier has forgotten the call', () => {
  const call = talking().told({ type: 'ordered', order: { do: 'cancel-media' }, id: 'op' });
  call.came({ type: 'carried-out', context: 'op', reply: { outcome: 'gone' } }).passes(1_999);
  expect(call.state.life.phase).toBe('connected');
  expect(call.told({ type: 'disconnected', code: 200, subCode: 540000 }).state.life.endedBy).toBe('caller');

  const unreported = talking().told({ type: 'ordered', order: { do: 'cancel-media' }, id: 'op' });
  unreported.came({ type: 'carried-out', context: 'op', reply: { outcome: 'gone' } }).passes(2_000);
  expect(unreported.state.life).toMatchObject({ phase: 'ended', endReason: 'ended-unreported' });
});
