import { z } from 'zod';
import { doctorsOf, spokenSlot } from '../business/clinic.ts';
import { dayOf, today } from '../business/days.ts';
import { appointment, callersRecords } from '../business/records.ts';
import { defineTool } from '../tool.ts';

/** What the patient has booked and is still to come. */
export const myAppointments = defineTool({
  name: 'my-appointments',
  description: 'The appointments the patient has. Use it before you move or cancel one.',
  parameters: z.object({}),
  timeoutMs: 5000,
  needs: ['customer-id'],
  retries: 1,
  tags: ['clinic'],
  personal: ['spoken'],
  holdWords: ['I am looking for your appointment.'],
  result: z.object({ appointments: z.array(z.object({ appointment: z.string(), spoken: z.string() })) }),
  summarise: ({ appointments }) => `${appointments.length} appointments`,
  run: async (_, context) => {
    const found = await callersRecords(context, 'appointments', appointment, { status: 'booked' });
    const doctors = new Map((await doctorsOf(context)).map(doctor => [doctor.id, doctor]));
    const dated = found.map(each => ({ ...each, day: dayOf(each.day, context.now()) }));
    const ahead = dated.filter(({ day }) => day >= today(context.now()));
    return {
      appointments: ahead
        .sort((a, b) => `${a.day} ${a.time}`.localeCompare(`${b.day} ${b.time}`))
        .flatMap(({ id, day, time, doctor: name }) => {
          const doctor = doctors.get(name);
          return doctor ? [{ appointment: id, spoken: spokenSlot({ day, time, doctor }) }] : [];
        }),
    };
  },
});
