/** What a client of the JSON subprotocols may send. */
import { z } from 'zod';
import { dataTypes } from './message.ts';

const ackId = z.int().nonnegative().optional();
const group = z.string().min(1).max(1024);
const content = { dataType: z.enum(dataTypes).default('text'), data: z.unknown() };
const hasContent = ({ dataType, data }: { dataType: string; data?: unknown }): boolean =>
  dataType === 'json' ? data !== undefined : typeof data === 'string';
const wrongContent = { message: 'data does not fit its dataType' };

const frame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('joinGroup'), group, ackId }),
  z.object({ type: z.literal('leaveGroup'), group, ackId }),
  z
    .object({ type: z.literal('sendToGroup'), group, ackId, noEcho: z.boolean().default(false), ...content })
    .refine(hasContent, wrongContent),
  z.object({ type: z.literal('event'), event: z.string().min(1), ackId, ...content }).refine(hasContent, wrongContent),
  z.object({ type: z.literal('ping') }),
  z.object({ type: z.literal('sequenceAck'), sequenceId: z.int().nonnegative() }),
]);
export type ClientFrame = z.output<typeof frame>;

/** What a frame says; undefined when it breaks the protocol. */
export function parseClientFrame(text: string): ClientFrame | undefined {
  try {
    return frame.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
