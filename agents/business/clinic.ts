import type { ToolContext } from '../tool.ts';
import {
  type Appointment,
  appointment,
  callersId,
  type Doctor,
  doctor,
  ofCaller,
  officeOf,
  recordsOf,
} from './records.ts';
import { placeOf, type Slot, slotOf } from './slots.ts';
import { spokenDay, spokenTime } from './spoken.ts';

/** What the clinic's tools do to its book of appointments. */
export async function doctorsOf(context: ToolContext): Promise<Doctor[]> {
  const found = await recordsOf(context).find('doctors', {});
  return found.map(record => doctor.parse(record));
}

/** All that is booked with these doctors. */
export async function takenWith(doctors: readonly Doctor[], context: ToolContext): Promise<Appointment[]> {
  const data = recordsOf(context);
  const booked = await Promise.all(
    doctors.map(({ id }) => data.find('appointments', { doctor: id, status: 'booked' })),
  );
  return booked.flat().map(record => appointment.parse(record));
}

export type Booking = { status: 'booked'; slot: Slot } | { status: 'taken' | 'no such time' };

/**
 * Puts the caller's name to a slot. The slot is the appointment's id, so of two who want it at the same moment one gets it,
 * and whoever has it and asks again has it still.
 */
export async function book(id: string, reason: string, context: ToolContext, key: string): Promise<Booking> {
  const slot = slotOf(id, await doctorsOf(context), context.now());
  if (!slot) return { status: 'no such time' };
  const customer = callersId(context);
  const others = await takenWith([slot.doctor], context);
  if (others.some(each => each.customer !== customer && placeOf(each, context.now()) === id))
    return { status: 'taken' };
  const { day, time } = slot;
  const record = await officeOf(context).change('appointments', id, key, before =>
    before?.['status'] === 'booked'
      ? before
      : { id, customer, doctor: slot.doctor.id, day, time, reason, status: 'booked' },
  );
  return ofCaller(record, appointment, context)?.status === 'booked' ? { status: 'booked', slot } : { status: 'taken' };
}

/** @returns whether the appointment was the caller's and stands no more */
export async function cancel(id: string, context: ToolContext, key: string): Promise<boolean> {
  const found = ofCaller(await recordsOf(context).get('appointments', id), appointment, context);
  if (!found) return false;
  const record = await officeOf(context).change('appointments', id, key, before => {
    if (!before) throw new Error('the appointment is gone');
    return ofCaller(before, appointment, context) ? { ...before, status: 'cancelled' } : before;
  });
  return record['status'] === 'cancelled';
}

/** "Tuesday, November 24 at 9:30 a.m. with Dr. Lang". */
export function spokenSlot({ day, time, doctor: { name } }: Pick<Slot, 'day' | 'time' | 'doctor'>): string {
  return `${spokenDay(day)} at ${spokenTime(time)} with ${name}`;
}
