import { z } from 'zod';
import { defineTool } from '../tool.ts';

/** When the reception is open. The day "today" is taken where the reception is, not where the program runs. */
const timeZone = 'America/New_York';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
type Weekday = (typeof weekdays)[number];

const table: Readonly<Record<Weekday, { hours: string; note?: string }>> = {
  monday: { hours: '9 a.m. to 6 p.m.' },
  tuesday: { hours: '9 a.m. to 6 p.m.' },
  wednesday: { hours: '9 a.m. to 6 p.m.' },
  thursday: { hours: '9 a.m. to 8 p.m.', note: 'Thursday is our long evening.' },
  friday: { hours: '9 a.m. to 4 p.m.' },
  saturday: { hours: '10 a.m. to 2 p.m.' },
  sunday: { hours: 'closed' },
};

const wholeWeek = {
  hours:
    'Monday to Wednesday from 9 a.m. to 6 p.m., Thursday from 9 a.m. to 8 p.m., Friday from 9 a.m. to 4 p.m. ' +
    'and Saturday from 10 a.m. to 2 p.m.',
  note: 'On Sundays we are closed.',
};

export const openingHours = defineTool({
  name: 'opening-hours',
  description: 'When the reception is open, on one day or through the week. Use it for every question about hours.',
  parameters: z.object({
    day: z.enum([...weekdays, 'today', 'all']).describe('The day asked about; all for the whole week'),
  }),
  timeoutMs: 2000,
  holdWords: ['Let me look that up.', 'One moment, I am checking the hours.'],
  run: ({ day }, { now }) => {
    if (day === 'all') return { day, ...wholeWeek };
    const asked = day === 'today' ? weekdayAt(now()) : day;
    return { day: asked, ...table[asked] };
  },
});

function weekdayAt(epochMs: number): Weekday {
  const name = new Intl.DateTimeFormat('en-US', { weekday: 'long', timeZone }).format(epochMs).toLowerCase();
  return name as Weekday;
}
