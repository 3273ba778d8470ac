import { z } from 'zod';
import type { Door } from '../doors.ts';
import { failure } from '../log.ts';
import { problem } from '../problem.ts';
import { readQuery } from './request-body.ts';

/** The calls on record, the newest first. No words, no numbers: callers are known by a digest. */
const place = z.object({ before: z.iso.datetime(), seen: z.array(z.string().regex(/^[0-9a-f]{32}$/)).max(100) });
type Place = z.infer<typeof place>;

export const listQuery = z.strictObject({
  state: z.enum(['live', 'final']).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  continuation: z
    .string()
    .max(8_000)
    .optional()
    .describe('From the last page; the next page begins after its last call'),
});

export const listedCall = z.object({
  callId: z.string(),
  direction: z.enum(['in', 'out']),
  mode: z.string(),
  state: z.enum(['live', 'final']),
  startedAt: z.iso.datetime(),
  answeredAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  answered: z.boolean(),
  outcome: z.string(),
  endedBy: z.string().optional(),
  endReason: z.string().optional(),
  callerHash: z.string(),
  agent: z.string(),
  durationSec: z.number(),
  turnCount: z.number(),
});

export const callList = z.object({ calls: z.array(listedCall), continuation: z.string().optional() });

const columns = Object.keys(listedCall.shape)
  .map(name => `c.${name}`)
  .join(', ');

export const listCalls: Door = async (plane, request, _client, log) => {
  const read = readQuery(request, listQuery);
  if ('refusal' in read) return read.refusal;
  const { state, limit, continuation } = read.body;
  const after = continuation === undefined ? undefined : placeOf(continuation);
  if (after === null) return problem(400, 'continuation: take it from the reply before, unchanged.');
  try {
    const where = ["c.type = 'call'"];
    if (state !== undefined) where.push('c.state = @state');
    // Calls of one millisecond have no order among them, so those already given are named.
    if (after) where.push('c.startedAt <= @before', ...after.seen.map((_, i) => `c.callId != @seen${i}`));
    const sql = `SELECT ${columns} FROM c WHERE ${where.join(' AND ')} ORDER BY c.startedAt DESC OFFSET 0 LIMIT ${limit}`;
    const rows = await plane.store.documents('calls').query(sql, {
      ...(state !== undefined && { state }),
      ...(after && { before: after.before, ...Object.fromEntries(after.seen.map((id, i) => [`seen${i}`, id])) }),
    });
    const calls = z.array(listedCall).parse(rows);
    const next = calls.length === limit ? nextPlace(calls, after) : undefined;
    return { status: 200, jsonBody: { calls, ...(next && { continuation: textOf(next) }) } };
  } catch (error) {
    log.error('calls-api.failed', { operation: 'list', ...failure(error) });
    return problem(503, 'The calls could not be listed just now.');
  }
};

function nextPlace(calls: readonly z.infer<typeof listedCall>[], last: Place | undefined): Place | undefined {
  const before = calls.at(-1)?.startedAt;
  if (before === undefined) return undefined;
  const here = calls.filter(call => call.startedAt === before).map(({ callId }) => callId);
  const seen = last?.before === before ? [...last.seen, ...here] : here;
  return { before, seen: seen.slice(-100) };
}

const textOf = (at: Place): string => Buffer.from(JSON.stringify(at)).toString('base64url');

/** null: it is not one of ours. */
function placeOf(text: string): Place | null {
  try {
    return place.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
