import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import { defineTool } from '../../../agents/tool.ts';

/** An effect that leaves a line for each time it is carried out, wherever that is: two lines are a table booked twice. */
export const book = defineTool({
  name: 'book',
  description: 'Books a table.',
  parameters: z.object({ table: z.string() }),
  effect: true,
  run: ({ table }, { callId }) => {
    const file = process.env['BENCH_BOOKINGS'];
    if (file !== undefined) appendFileSync(file, `${JSON.stringify({ callId, table })}\n`);
    return { table };
  },
});
