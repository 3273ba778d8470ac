import { z } from 'zod';
import { book, spokenSlot } from '../business/clinic.ts';
import { officeOf } from '../business/records.ts';
import { defineTool } from '../tool.ts';

/** Books a free time for the patient. */
export const bookAppointment = defineTool({
  name: 'book-appointment',
  description: 'Books a time that find_slots has offered, after the patient has said yes to it.',
  parameters: z.object({
    slot: z.string().max(60).describe('As find_slots has it'),
    reason: z.string().trim().max(120).default('').describe('What it is about, in a few words, if the patient said so'),
  }),
  timeoutMs: 10_000,
  effect: true,
  needs: ['customer-id'],
  tags: ['clinic'],
  personal: ['reason', 'spoken'],
  holdWords: ['I am booking it.', 'One moment, I am writing it into the calendar.'],
  result: z.object({ status: z.string(), spoken: z.string().optional() }),
  summarise: ({ status }) => status,
  run: async ({ slot, reason }, context) => {
    const booked = await book(slot, reason, context, officeOf(context).key);
    return 'slot' in booked
      ? { status: 'booked', spoken: spokenSlot(booked.slot) }
      : { status: `not booked: ${booked.status}` };
  },
});
