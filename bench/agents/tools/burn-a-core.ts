import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import { defineTool } from '../../../agents/tool.ts';

/** What a customer's tool must not do and one day will: it keeps its thread busy for two seconds without a pause. */
const burnMs = 2000;

export const burnACore = defineTool({
  name: 'burn-a-core',
  description: 'Thinks hard for two seconds.',
  parameters: z.object({}),
  run: () => {
    const fromUs = nowUs();
    let value = 0;
    while (nowUs() - fromUs < burnMs * 1000) for (let i = 0; i < 10_000; i++) value = Math.sin(value + i);
    const file = process.env['BENCH_BURNS'];
    if (file !== undefined) appendFileSync(file, `${JSON.stringify({ fromUs, toUs: nowUs() })}\n`);
    return { value };
  },
});

/** The machine's monotonic clock, the same in every process. */
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
