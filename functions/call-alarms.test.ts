import { expect, test } from 'vitest';
import { type LifeEvent, live, ringing } from '../contracts/call-life.ts';
import { nextAlarm, type Watch } from './call-alarms.ts';

const watch = (events: LifeEvent[], more: Partial<Watch> = {}): Watch => ({
  life: events.reduce(live, ringing),
  ...{ begunAt: 0, phaseSince: 0, answerTried: false, seenUpAt: 0, maxCallMs: 3_600_000 },
  ...more,
});

const answered: LifeEvent = { type: 'answered', callConnectionId: 'cc', at: 100 };
const connected: LifeEvent = { type: 'connected', callConnectionId: 'cc', at: 200 };

test('nobody has answered after 3 s: the orchestration does', () => {
  expect(nextAlarm(watch([]))).toEqual({ what: 'answer', at: 3_000 });
});

test('an answered call that is not connected 30 s later is given up', () => {
  expect(nextAlarm(watch([answered], { phaseSince: 100 }))).toEqual({ what: 'not-connected', at: 30_100 });
  expect(nextAlarm(watch([], { answerTried: true }))).toEqual({ what: 'not-connected', at: 30_000 });
});

test('a spent context is given 4 s to turn out as an answer', () => {
  expect(nextAlarm(watch([], { unclearSince: 500 }))).toEqual({ what: 'not-connected', at: 4_500 });
});

test('a connected call is looked after every 5 minutes and ended at its longest', () => {
  const up = { phaseSince: 200, seenUpAt: 200 };
  expect(nextAlarm(watch([connected], up))).toEqual({ what: 'look', at: 300_200 });
  expect(nextAlarm(watch([connected], { ...up, maxCallMs: 60_000 }))).toEqual({ what: 'too-long', at: 60_200 });
});

test('a hang-up is waited for 5 s, whatever the phase', () => {
  expect(nextAlarm(watch([connected], { hangUpAt: 1_000 }))).toEqual({ what: 'hang-up-unreported', at: 6_000 });
});
