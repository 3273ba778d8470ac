import { z } from 'zod';

/** What Event Grid posts, in its own schema or as CloudEvents: one event or many, and the question whether we are there. */

/** One event of either schema, reduced to what both carry. */
export interface GridEvent {
  id: string;
  type: string;
  data: unknown;
}

const gridEvent = z.object({ id: z.string().min(1), eventType: z.string().min(1), data: z.unknown() });
const cloudEvent = z.object({ id: z.string().min(1), type: z.string().min(1), data: z.unknown() });

/** An event, or undefined for what is no event in either schema. */
export function gridEventOf(line: unknown): GridEvent | undefined {
  const grid = gridEvent.safeParse(line);
  if (grid.success) return { id: grid.data.id, type: grid.data.eventType, data: grid.data.data };
  const cloud = cloudEvent.safeParse(line);
  return cloud.success ? { id: cloud.data.id, type: cloud.data.type, data: cloud.data.data } : undefined;
}

/** The lines of a body that holds one event or an array of them; undefined when it is no JSON, or JSON of neither shape. */
export function linesOf(body: string): unknown[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (Array.isArray(parsed)) return parsed;
  return typeof parsed === 'object' && parsed !== null ? [parsed] : undefined;
}

const validationData = z.object({ validationCode: z.string().min(1) });

/** The code to echo when the event asks whether this endpoint wants the subscription. */
export function validationCode(event: GridEvent): string | undefined {
  if (event.type !== 'Microsoft.EventGrid.SubscriptionValidationEvent') return undefined;
  return validationData.safeParse(event.data).data?.validationCode;
}

/** The answer to CloudEvents' way of asking: yes, to whoever asks, since whoever asks had to know the function key. */
export function handshakeHeaders(origin: string | null, rate: string | null): Record<string, string> {
  return { 'WebHook-Allowed-Origin': origin ?? '*', 'WebHook-Allowed-Rate': rate ?? '120', Allow: 'POST, OPTIONS' };
}

export const incomingCallType = 'Microsoft.Communication.IncomingCall';

const party = z.object({
  rawId: z.string().min(1),
  phoneNumber: z.object({ value: z.string(), isAnonymous: z.boolean().optional() }).optional(),
});

const incomingCall = z.object({
  to: party,
  from: party,
  correlationId: z.string().min(1),
  incomingCallContext: z.string().min(1),
});

export type Party = z.infer<typeof party>;

/** A ring. `incomingCallContext` is the right to answer it: it is passed on and never logged. */
export type IncomingCall = z.infer<typeof incomingCall>;

export function incomingCallOf(event: GridEvent): IncomingCall | undefined {
  return incomingCall.safeParse(event.data).data;
}

/** Whether the party is one of those named, by telephone number or by raw id. */
export function isAmong(party: Party, names: readonly string[]): boolean {
  const ids = [party.rawId, party.rawId.replace(/^4:/, ''), party.phoneNumber?.value];
  return names.some(name => ids.includes(name));
}

/** A caller who withholds the number shares one id with all who do, so that id is nobody's. */
export function isAnonymous(party: Party): boolean {
  return party.phoneNumber?.isAnonymous === true || party.rawId.replace(/^4:/, '').toLowerCase() === 'anonymous';
}
