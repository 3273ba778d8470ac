import { z } from 'zod';
import { book, cancel, spokenSlot } from '../business/clinic.ts';
import { appointment, ofCaller, officeOf, recordsOf } from '../business/records.ts';
import { defineTool } from '../tool.ts';

/**
 * Moves the patient's appointment: first the new time is theirs, then the old one is given back, so that in between and
 * after a crash they never stand without any.
 */
export const moveAppointment = defineTool({
  name: 'move-appointment',
  description: 'Moves an appointment to a time that find_slots has offered, after the patient has said yes to it.',
  parameters: z.object({
    appointment: z.string().max(60).describe('As my_appointments has it'),
    slot: z.string().max(60).describe('The new time, as find_slots has it'),
  }),
  timeoutMs: 10_000,
  effect: true,
  needs: ['customer-id'],
  tags: ['clinic'],
  personal: ['spoken'],
  holdWords: ['I am moving it.', 'One moment, I am changing the calendar.'],
  result: z.object({ status: z.string(), spoken: z.string().optional() }),
  summarise: ({ status }) => status,
  run: async ({ appointment: old, slot }, context) => {
    const found = ofCaller(await recordsOf(context).get('appointments', old), appointment, context);
    if (!found) return { status: 'no such appointment' };
    const { key } = officeOf(context);
    const booked = await book(slot, found.reason ?? '', context, key);
    if (!('slot' in booked)) return { status: `not moved: ${booked.status}` };
    // Keys are remembered by record, but the new time may be the old one.
    if (slot !== old) await cancel(old, context, `${key}:old`);
    return { status: 'moved', spoken: spokenSlot(booked.slot) };
  },
});
