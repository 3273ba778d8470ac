import { z } from 'zod';
import type { DataRecord, ToolContext, ToolData } from '../tool.ts';
import { dayPattern } from './days.ts';

/** The records of the sample business, as `data/*.json` has them and the ready tools read them. */
const day = z.string().regex(dayPattern);
const owned = { id: z.string(), customer: z.string() };
const money = { cents: z.number().int(), currency: z.string().length(3) };

export const customer = z.object({
  id: z.string(),
  name: z.string(),
  phone: z.string().regex(/^\+\d{7,15}$/),
  born: z.iso.date(),
  /** As `hashPin` writes it. */
  pinHash: z.string(),
});
export type Customer = z.infer<typeof customer>;

/** Its number is its id. */
export const account = z.object({ ...owned, ...money, kind: z.string() });

export const transaction = z.object({ ...owned, ...money, account: z.string(), on: day, text: z.string() });

export const card = z.object({
  ...owned,
  kind: z.string(),
  lastFour: z.string().length(4),
  status: z.enum(['active', 'blocked']),
});

/** Its number is its id. */
export const invoice = z.object({
  ...owned,
  ...money,
  text: z.string(),
  on: day,
  due: day,
  status: z.enum(['open', 'paid']),
  postponed: z.boolean().default(false),
});

/** Its number is its id. */
export const ticket = z.object({
  ...owned,
  subject: z.string(),
  on: day,
  status: z.enum(['open', 'waiting', 'solved']),
  latest: z.string().optional(),
});

export const doctor = z.object({
  id: z.string(),
  name: z.string(),
  specialty: z.string(),
  /** Whom patients see who have named nobody. */
  general: z.boolean().default(false),
  /** Weekdays; 0 is Sunday. */
  days: z.array(z.number().int().min(0).max(6)),
  from: z.string(),
  until: z.string(),
  minutes: z.number().int().positive(),
});
export type Doctor = z.infer<typeof doctor>;

export const appointment = z.object({
  ...owned,
  doctor: z.string(),
  day,
  time: z.string(),
  reason: z.string().optional(),
  status: z.enum(['booked', 'cancelled']),
});
export type Appointment = z.infer<typeof appointment>;

/** The fact that says who the caller is; only tools can establish it. */
export const customerFact = 'customer-id';

/** @throws Error where the call has no database */
export function recordsOf({ data }: ToolContext): ToolData {
  if (!data) throw new Error('there is no database to look into');
  return data;
}

/** Who the caller is, as it was made sure of in this call; never as a model says. */
export function callersId({ established = {} }: ToolContext): string {
  const id = established[customerFact];
  if (id === undefined) throw new Error('nobody has made sure who the caller is');
  return id;
}

/** The caller's own records of a kind; those of others are never read. */
export async function callersRecords<S extends z.ZodType>(
  context: ToolContext,
  kind: string,
  schema: S,
  where: Readonly<Record<string, string>> = {},
): Promise<z.output<S>[]> {
  const found = await recordsOf(context).find(kind, { ...where, customer: callersId(context) });
  return found.map(record => schema.parse(record));
}

/** What an effect changes records with. */
export function officeOf(context: ToolContext): { change: NonNullable<ToolData['change']>; key: string } {
  const { idempotencyKey: key } = context;
  const data = recordsOf(context);
  if (!data.change || key === undefined) throw new Error('an effect is carried out by the control plane');
  return { change: data.change.bind(data), key };
}

/** A record that somebody else has is as absent as one that does not exist. */
export function ofCaller<S extends z.ZodType<{ customer: string }>>(
  record: DataRecord | undefined,
  schema: S,
  context: ToolContext,
): z.output<S> | undefined {
  const found = record && schema.safeParse(record);
  return found?.success && found.data.customer === callersId(context) ? found.data : undefined;
}
