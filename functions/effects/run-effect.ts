import { once } from 'node:events';
import type { Office, Tool, ToolContext, ToolData } from '../../agents/tool.ts';
import type { Counters } from '../counters.ts';
import { failure, type Log } from '../log.ts';
import type { Documents } from '../store.ts';
import { type EffectOutcome, type EffectStart, effectOutcome } from './effect.ts';
import { effectTool } from './effect-tool.ts';

/**
 * The activity that carries an effect out. How it ended is noted before it is told, because durable functions starts an
 * orchestration of a known id again once that has ended: whoever comes second finds the note and runs nothing. Only a
 * crash between the tool's end and the note runs the tool again, under the same idempotency key.
 */
export interface EffectParts {
  documents: Documents;
  agentsFolder: string;
  counters: Pick<Counters, 'effects'>;
  now: () => number;
  /** The records of the business. */
  data?: ToolData;
  /** What an effect of this call can have done. */
  office?: (callId: string) => Office;
}

/** Longer than any call, and than anybody asks again. */
const ttl = 7 * 86_400;
export const largestResultBytes = 64 * 1024;

export async function runEffect(parts: EffectParts, start: EffectStart, log: Log): Promise<EffectOutcome> {
  const { documents, agentsFolder, counters } = parts;
  const { callId, effectId, asked } = start;
  const known = await noted(documents, callId, effectId);
  if (known) {
    counters.effects.repeated += 1;
    return known;
  }
  const tool = await effectTool(agentsFolder, start.tool);
  const outcome = tool
    ? await carriedOut(tool, start, parts, log)
    : { status: 'failed' as const, asked, code: 'TOOL_UNKNOWN' };
  counters.effects[outcome.status === 'done' ? 'ran' : 'failed'] += 1;
  try {
    const etag = await documents.write({ id: effectId, pk: callId, type: 'effect', ttl, outcome });
    if (etag === undefined) return (await noted(documents, callId, effectId)) ?? outcome;
  } catch (error) {
    // The tool has run: the orchestration's own history is the note then, and running it again the greater evil.
    log.error('effect.not-noted', { callId, ...failure(error) });
  }
  return outcome;
}

/** How the effect ended, or undefined when it is not known to have ended. */
export async function noted(
  documents: Documents,
  callId: string,
  effectId: string,
): Promise<EffectOutcome | undefined> {
  const stored = await documents.read(callId, effectId);
  return stored && effectOutcome.parse(stored.fields['outcome']);
}

async function carriedOut(
  tool: Tool,
  start: EffectStart,
  { now, data, office }: EffectParts,
  log: Log,
): Promise<EffectOutcome> {
  const { callId, effectId, asked, worldKey = effectId, facts = {} } = start;
  const begun = now();
  const failed = (code: string): EffectOutcome => ({ status: 'failed', asked, code });
  const signal = AbortSignal.timeout(tool.timeoutMs);
  const tooLate = once(signal, 'abort');
  try {
    const context: ToolContext = {
      ...{ callId, signal, now, idempotencyKey: worldKey, established: facts },
      ...(data && { data }),
      ...(office && { office: office(callId) }),
    };
    const running = Promise.resolve(tool.run(tool.parse(start.arguments), context));
    const ended = await Promise.race([running.then(result => ({ result })), tooLate.then(() => undefined)]);
    if (!ended) {
      log.error('effect.timed-out', { callId, subject: tool.name, ms: now() - begun });
      return failed('TOOL_TIMED_OUT');
    }
    log.info('effect.done', { callId, subject: tool.name, ms: now() - begun });
    return { status: 'done', asked, result: portable(promised(tool, ended.result, log), tool.name, log) };
  } catch (error) {
    log.error('effect.failed', { callId, subject: tool.name, ms: now() - begun, ...failure(error) });
    return failed('TOOL_FAILED');
  }
}

/** The effect has happened, so a result that is not what the tool promises is left out too. */
function promised(tool: Tool, result: unknown, log: Log): unknown {
  try {
    return tool.parseResult(result);
  } catch (error) {
    // What is wrong with it might be told with what is in it.
    log.warn('effect.result-invalid', { subject: tool.name, code: error instanceof Error ? error.name : 'thrown' });
    return null;
  }
}

/** The effect has happened, so a result nobody can carry is left out rather than called a failure. */
function portable(result: unknown, tool: string, log: Log): unknown {
  let bytes: number | undefined;
  try {
    bytes = Buffer.byteLength(JSON.stringify(result) ?? 'null');
  } catch (error) {
    log.warn('effect.result-not-json', { subject: tool, ...failure(error) });
  }
  if (bytes !== undefined && bytes <= largestResultBytes) return result ?? null;
  log.warn('effect.result-left-out', { subject: tool, ...(bytes !== undefined && { count: bytes }) });
  return null;
}
