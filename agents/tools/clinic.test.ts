import { expect, test } from 'vitest';
import { sampleRecords } from '../testing/sample-records.ts';
import { type ToolCall, toolCall } from '../testing/tool-call.ts';
import { bookAppointment } from './book-appointment.ts';
import { cancelAppointment } from './cancel-appointment.ts';
import { findSlots } from './find-slots.ts';
import { moveAppointment } from './move-appointment.ts';
import { myAppointments } from './my-appointments.ts';

const as = (customer: string) => ({ established: { 'customer-id': customer } });
const claire = as('1003');
const offered = async (call: ToolCall, args: object = {}) =>
  ((await call.run(findSlots, args)) as { slots: { slot: string; spoken: string }[] }).slots;
const mine = async (call: ToolCall) =>
  ((await call.run(myAppointments)) as { appointments: { appointment: string; spoken: string }[] }).appointments;

test('the next free times are offered to anybody, three at most', async () => {
  const call = await toolCall();
  expect(await offered(call)).toEqual([
    { slot: 'lang.2026-11-23.0930', spoken: 'Monday, November 23 at 9:30 a.m. with Dr. Lang' },
    { slot: 'lang.2026-11-23.1000', spoken: 'Monday, November 23 at 10 a.m. with Dr. Lang' },
    { slot: 'lang.2026-11-23.1030', spoken: 'Monday, November 23 at 10:30 a.m. with Dr. Lang' },
  ]);
});

test.each([
  [{ doctor: 'Doctor Reyes' }, 'reyes.2026-11-23.1300'],
  [{ doctor: 'something for the skin' }, 'okafor.2026-11-24.1000'],
  [{ doctor: 'Lang', from: '2026-11-24' }, 'lang.2026-11-24.0930'],
  [{ part: 'afternoon' }, 'reyes.2026-11-23.1300'],
])('who wishes %j is offered %s first', async (wish, slot) => {
  expect((await offered(await toolCall(), wish))[0]?.slot).toBe(slot);
});

test('a time is booked, found, moved and cancelled; each is free again for others', async () => {
  const call = await toolCall(claire);
  const [first, second] = await offered(call, { doctor: 'Lang', from: '2026-11-25' });
  expect(await call.run(bookAppointment, { slot: first?.slot })).toEqual({ status: 'booked', spoken: first?.spoken });
  expect(await mine(call)).toEqual([{ appointment: first?.slot, spoken: first?.spoken }]);
  expect((await offered(call, { doctor: 'Lang', from: '2026-11-25' }))[0]).toEqual(second);

  const moved = await call.run(moveAppointment, { appointment: first?.slot, slot: second?.slot });
  expect(moved).toEqual({ status: 'moved', spoken: second?.spoken });
  expect(await mine(call)).toEqual([{ appointment: second?.slot, spoken: second?.spoken }]);
  expect((await offered(call, { doctor: 'Lang', from: '2026-11-25' }))[0]).toEqual(first);

  expect(await call.run(cancelAppointment, { appointment: second?.slot })).toEqual({ status: 'cancelled' });
  expect(await mine(call)).toEqual([]);
});

test('of two who want a time one gets it', async () => {
  const records = await sampleRecords();
  const [anna, thomas] = [await toolCall({ ...as('1001'), records }), await toolCall({ ...as('1002'), records })];
  const slot = 'lang.2026-11-25.0900';
  const answers = await Promise.all([anna.run(bookAppointment, { slot }), thomas.run(bookAppointment, { slot })]);
  expect(answers).toMatchObject([{ status: 'booked' }, { status: 'not booked: taken' }]);
  expect(await thomas.run(bookAppointment, { slot: 'lang.2026-11-30.0900' })).toMatchObject({ status: 'booked' });
});

test('a move that is repeated after a crash is one move', async () => {
  const call = await toolCall(as('1001'));
  const args = { appointment: 'a-5001', slot: 'lang.2026-12-01.0900' };
  const first = await call.run(moveAppointment, args, 'one');
  expect(first).toMatchObject({ status: 'moved' });
  expect(await call.run(moveAppointment, args, 'one')).toEqual(first);
  expect(call.records.changes()).toBe(2);
  expect(await mine(call)).toMatchObject([{ appointment: args.slot }]);
});

test.each([
  ['the past', 'lang.2026-11-20.0900', 'no such time'],
  ['a time nobody offered', 'lang.2026-11-25.0907', 'no such time'],
  ['somebody else’s appointment', 'lang.2026-11-24.0900', 'taken'],
  ['nonsense', '__proto__', 'no such time'],
])('%s cannot be booked', async (_, slot, why) => {
  const call = await toolCall(claire);
  expect(await call.run(bookAppointment, { slot })).toEqual({ status: `not booked: ${why}` });
  expect(call.records.changes()).toBe(0);
});

test('somebody else’s appointment is neither moved nor cancelled', async () => {
  const call = await toolCall(claire);
  expect(await call.run(cancelAppointment, { appointment: 'a-5001' })).toEqual({ status: 'no such appointment' });
  const slot = 'lang.2026-11-30.0900';
  expect(await call.run(moveAppointment, { appointment: 'a-5001', slot })).toEqual({ status: 'no such appointment' });
  expect(call.records.changes()).toBe(0);
});
