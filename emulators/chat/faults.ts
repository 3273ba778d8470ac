/** Trouble ordered for the next requests, whatever the script says. Each entry serves `count` requests, then the next. */
import { z } from 'zod';
import { ScriptError } from './script.ts';
import { type Trouble, troubleSchema, troubleShape } from './trouble.ts';

const faultSchema = z
  .strictObject({
    count: z.int().min(1).default(1),
    /** Only requests of this wire. */
    api: z.enum(['responses', 'chat']).optional(),
    ...troubleShape,
  })
  .refine(fault => Object.keys(troubleSchema.shape).some(key => fault[key as keyof Trouble] !== undefined), {
    message: `does nothing. Add one of ${Object.keys(troubleShape).join(', ')}.`,
  });

const faultsSchema = z.strictObject({ next: z.array(faultSchema).max(1000) });
export type Faults = z.input<typeof faultsSchema>;

export function createFaults() {
  let next: z.output<typeof faultSchema>[] = [];
  return {
    /** Replaces what was ordered. Throws `ScriptError`, and then nothing changes. */
    set(faults: unknown): void {
      const parsed = faultsSchema.safeParse(faults);
      if (!parsed.success) throw new ScriptError(told(parsed.error));
      next = parsed.data.next;
    },
    left: (): Faults => ({ next }),
    /** The trouble this request shall have; it is then used up by one. */
    take(api: 'responses' | 'chat'): Trouble | undefined {
      const fault = next.find(candidate => candidate.api === undefined || candidate.api === api);
      if (!fault) return undefined;
      fault.count -= 1;
      if (fault.count === 0) next = next.filter(candidate => candidate !== fault);
      const { count: _count, api: _api, ...trouble } = fault;
      return trouble;
    },
    clear(): void {
      next = [];
    },
  };
}

export type FaultQueue = ReturnType<typeof createFaults>;

function told(error: z.ZodError): string {
  const lines = error.issues.map(issue => `${issue.path.map(String).join('.') || 'the body'}: ${issue.message}`);
  const form = 'Write {"next": [{"count": 1, "error": {"status": 429}}]}; the README lists the kinds of trouble.';
  return [...lines, form].join('\n');
}
