import { z } from 'zod';
import { doctorsOf, spokenSlot, takenWith } from '../business/clinic.ts';
import { freeSlots } from '../business/slots.ts';
import { defineTool } from '../tool.ts';

/** Free times of the doctors. Three at most: more nobody can choose from by ear. */
export const findSlots = defineTool({
  name: 'find-slots',
  description:
    'The next free times of the doctors. Use it before you offer any time, and offer only what it answers, ' +
    'in the words of `spoken`. For other times ask again with a later day.',
  parameters: z.object({
    doctor: z.string().max(60).optional().describe('Name of the doctor or specialty the caller wants, if any'),
    from: z.iso.date().optional().describe('The first day that suits, such as 2026-11-24; the next days without it'),
    part: z.enum(['morning', 'afternoon', 'any']).default('any').describe('Part of the day'),
  }),
  timeoutMs: 5000,
  retries: 1,
  tags: ['clinic'],
  holdWords: ['I am looking at the calendar.', 'Let me see when a doctor is free.'],
  result: z.object({
    slots: z.array(z.object({ slot: z.string(), spoken: z.string() })),
    doctors: z.array(z.string()),
  }),
  summarise: ({ slots }) => `${slots.length} free times`,
  run: async ({ doctor = '', from, part }, context) => {
    const all = await doctorsOf(context);
    const wanted = all.filter(each => (doctor === '' ? each.general : isMeant(doctor, each)));
    const slots = freeSlots(wanted, await takenWith(wanted, context), context.now(), { from, part });
    return {
      slots: slots.map(slot => ({ slot: slot.id, spoken: spokenSlot(slot) })),
      doctors: all.map(({ name, specialty }) => `${name}, ${specialty}`),
    };
  },
});

/** "Doctor Lang" is Dr. Lang, and "skin" somebody for dermatology no better than nobody: the model has the list. */
function isMeant(wanted: string, { name, specialty }: { name: string; specialty: string }): boolean {
  const words = wanted.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
  const own = `${name} ${specialty}`.toLowerCase();
  const telling = words.filter(word => word !== 'doctor');
  return telling.length === 0 || telling.some(word => own.includes(word));
}
