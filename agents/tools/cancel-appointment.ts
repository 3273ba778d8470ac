import { z } from 'zod';
import { cancel } from '../business/clinic.ts';
import { officeOf } from '../business/records.ts';
import { defineTool } from '../tool.ts';

/** Cancels the patient's appointment; the time is free for others. */
export const cancelAppointment = defineTool({
  name: 'cancel-appointment',
  description: 'Cancels an appointment of the patient, after they have said yes to exactly this one.',
  parameters: z.object({ appointment: z.string().max(60).describe('As my_appointments has it') }),
  timeoutMs: 10_000,
  effect: true,
  needs: ['customer-id'],
  tags: ['clinic'],
  holdWords: ['I am cancelling it.'],
  result: z.object({ status: z.enum(['cancelled', 'no such appointment']) }),
  summarise: ({ status }) => status,
  run: async ({ appointment }, context) => ({
    status: (await cancel(appointment, context, officeOf(context).key)) ? 'cancelled' : 'no such appointment',
  }),
});
