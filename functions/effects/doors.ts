import { setTimeout as wait } from 'node:timers/promises';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { ZodError, z } from 'zod';
import { isCallId } from '../../contracts/call-id.ts';
import { type EffectReply, effectAsk, effectsPath, longestEffectWaitSeconds } from '../../contracts/control.ts';
import { CallError } from '../../contracts/error.ts';
import { readBody } from '../calls/request-body.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Door } from '../doors.ts';
import { failure } from '../log.ts';
import { problem } from '../problem.ts';
import { type EffectOutcome, type EffectStart, effectIdOf, effectOutcome, effectStart } from './effect.ts';
import { effectTool } from './effect-tool.ts';
import { noted } from './run-effect.ts';

/**
 * Where the media host has an effect carried out. However often and wherever it is asked for under one key, it is carried
 * out once, and everybody is told the same.
 */
/** Waited for where the asker says nothing: most effects are done by then. */
const usualWaitMs = 1_000;
const lookEveryMs = 50;

export const askForEffect: Door = async (plane, request, client, log) => {
  const { callId = '' } = request.params;
  if (!isCallId(callId)) return problem(404, 'There is no such call.');
  const read = await readBody(request, effectAsk);
  if ('refusal' in read) return read.refusal;
  const start = effectStart(callId, read.body);
  try {
    const tool = await effectTool(plane.settings.AGENTS_DIR, start.tool);
    if (!tool) return problem(404, 'No tool of that name changes the world.');
    if (!tool.needs.every(fact => Object.hasOwn(start.facts ?? {}, fact)))
      return problem(403, 'The tool needs facts that nothing in the call has established.');
    tool.parse(start.arguments);
    let found = await find(plane, client, callId, start.effectId);
    if (!found) found = await begin(plane, client, start);
    if (found.asked !== start.asked) return problem(409, 'Another effect was asked for under this key.');
    return await answer(plane, client, request, callId, read.body.key, found);
  } catch (error) {
    if (error instanceof ZodError) return problem(422, 'The tool does not take these arguments.');
    log.error('effect.not-asked', { callId, ...failure(error) });
    return problem(503, 'The effect could not be asked for just now; nothing is lost by asking again.');
  }
};

export const showEffect: Door = async (plane, request, client, log) => {
  const { callId = '', key = '' } = request.params;
  if (!isCallId(callId) || !effectAsk.shape.key.safeParse(key).success) return problem(404, 'There is no such effect.');
  try {
    const found = await find(plane, client, callId, effectIdOf(callId, key));
    return found ? await answer(plane, client, request, callId, key, found) : problem(404, 'There is no such effect.');
  } catch (error) {
    log.error('effect.not-shown', { callId, ...failure(error) });
    return problem(503, 'The effect could not be looked up just now.');
  }
};

interface Found {
  /** Of what was asked first. */
  asked: string;
  outcome?: EffectOutcome;
}

/** @returns undefined when it was never asked for, or was given up before the tool ran */
async function find(
  { store }: ControlPlane,
  client: DurableClient,
  callId: string,
  effectId: string,
): Promise<Found | undefined> {
  const status = await statusOf(client, effectId);
  if (status?.state === 'running') return { asked: status.asked };
  if (status?.outcome) return { asked: status.asked, outcome: status.outcome };
  const outcome = await noted(store.documents('sessions'), callId, effectId);
  return outcome && { asked: outcome.asked, outcome };
}

/** Of all who begin at the same moment one succeeds; the others find what that one has begun. */
async function begin(plane: ControlPlane, client: DurableClient, start: EffectStart): Promise<Found> {
  try {
    await client.startNew('effect', { instanceId: start.effectId, input: start });
    return { asked: start.asked };
  } catch (error) {
    const found = await find(plane, client, start.callId, start.effectId);
    if (found) return found;
    throw new CallError('ORCHESTRATION_UNAVAILABLE', { operation: 'start' }, { cause: error });
  }
}

async function answer(
  plane: ControlPlane,
  client: DurableClient,
  request: HttpRequest,
  callId: string,
  key: string,
  first: Found,
): Promise<HttpResponseInit> {
  const until = performance.now() + waitMs(request.headers.get('prefer'));
  let found: Found | undefined = first;
  while (found && !found.outcome && performance.now() < until) {
    await wait(lookEveryMs);
    found = await find(plane, client, callId, effectIdOf(callId, key));
  }
  if (!found) return problem(503, 'The effect was given up before its tool ran; ask for it again.');
  if (!found.outcome) {
    const headers = { location: `${effectsPath(callId)}/${encodeURIComponent(key)}`, 'retry-after': '1' };
    return { status: 202, headers, jsonBody: { status: 'running' } satisfies EffectReply };
  }
  const { outcome } = found;
  // Begun anew by somebody who asked for something else, in the moment in which the first had ended and was not noted.
  if (outcome.asked !== first.asked) return problem(409, 'Another effect was asked for under this key.');
  if (outcome.status === 'failed') return problem(424, `The tool did not do it (${outcome.code}).`);
  return { status: 200, jsonBody: { status: 'done', result: outcome.result } satisfies EffectReply };
}

/** `Prefer: wait=…`, seconds. */
function waitMs(prefer: string | null): number {
  const seconds = /(?:^|[\s,;])wait=(\d{1,3})(?:$|[\s,;])/.exec(prefer ?? '')?.[1];
  return seconds === undefined ? usualWaitMs : Math.min(Number(seconds), longestEffectWaitSeconds) * 1000;
}

const begun = z.looseObject({ asked: z.string() });

async function statusOf(
  client: DurableClient,
  effectId: string,
): Promise<{ state: 'running' | 'ended'; asked: string; outcome?: EffectOutcome } | undefined> {
  let status: Awaited<ReturnType<DurableClient['getStatus']>>;
  try {
    status = await client.getStatus(effectId, { showInput: true });
  } catch (error) {
    // The client tells statuses by its sentences only.
    if (error instanceof Error && /No instance with ID|HTTP 404 response/.test(error.message)) return undefined;
    throw new CallError('ORCHESTRATION_UNAVAILABLE', { operation: 'look up' }, { cause: error });
  }
  const { asked } = begun.parse(status.input);
  if (!ended.has(status.runtimeStatus)) return { state: 'running', asked };
  const outcome = effectOutcome.safeParse(status.output);
  return { state: 'ended', asked, ...(outcome.success && { outcome: outcome.data }) };
}

const ended: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Terminated', 'Canceled']);
