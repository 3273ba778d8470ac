import * as df from 'durable-functions';
import type { CallLife } from '../contracts/call-life.ts';
import type { Look } from './acs/look.ts';
import type { OrderReply } from './acs/orders.ts';
import type { AskHostInput, HostAnswer } from './activities/ask-host.ts';
import type { BeginSummariesInput } from './activities/begin-summaries.ts';
import type { CarryOutInput } from './activities/carry-out.ts';
import type { HangUpResult } from './activities/hang-up.ts';
import type { LookUpInput } from './activities/look-up.ts';
import type { RememberCallerInput } from './activities/remember-caller.ts';
import type { SaveRecordInput, SaveRecordResult } from './activities/save-record.ts';
import type { TellMediaInput } from './activities/tell-media.ts';
import { type CallInput, continued, inputOf } from './call-control/continued.ts';
import type { Intent, SteerEvent } from './call-control/state.ts';
import { rulesOf } from './call-control/state.ts';
import { statusOf } from './call-control/status.ts';
import { alarmAt, steer } from './call-control/steer.ts';
import type { CallMessage } from './call-message.ts';
import { Inbox } from './inbox.ts';
import { background, type Patience } from './resilience/patience.ts';

/**
 * The life of one call, from ring to record. It alone says what state the call is in: it waits, lets the folds of
 * `call-control/` decide, and does what they want through activities; whatever is reported late, twice or not at all, it
 * ends and leaves a final record. Deterministic: time comes from the context, everything else from activities.
 */
type Steps<T> = Generator<df.Task, T, unknown>;

/** A record is worth waiting for: half an hour of Cosmos being away. */
const untilRecorded: Patience = { firstMs: 1_000, attempts: 35, factor: 2, longestMs: 60_000 };
/** The media host closes the journal as its socket closes; that is usually done before the first look. */
const journalWaitMs = 400;
const journalLooks = 8;

export function* call(
  context: df.OrchestrationContext,
): Steps<Pick<CallLife, 'phase' | 'endedBy' | 'endReason'> | undefined> {
  const now = (): number => new Date(context.df.currentUtcDateTime).getTime();
  const input = inputOf(context.df.getInput<CallInput>(), now());
  const { start } = input;
  const rules = rulesOf(start);
  const inbox = new Inbox(context, { unread: [], ...input });
  const intents: Intent[] = [];
  let { state } = input;

  const fold = (event: SteerEvent): void => {
    const step = steer(state, event, now(), rules);
    state = step.state;
    intents.push(...step.intents);
    context.df.setCustomStatus(statusOf(state, rules));
  };

  fold({ type: input.resumed ? 'resumed' : 'began' });
  for (;;) {
    const intent = intents.shift();
    if (intent) {
      // Of an ended call nothing is wanted but that the carrier knows it.
      if (state.life.phase !== 'ended' || intent.do === 'hang-up') yield* perform(intent);
    } else if (state.life.phase === 'ended') {
      break;
    } else {
      const afreshAt = continued.at(state, inbox.taken, now());
      const alarm = alarmAt(state, rules);
      const message = afreshAt <= now() ? undefined : yield* inbox.next(Math.min(alarm, afreshAt));
      if (message) fold(message);
      else if (alarm <= now()) fold({ type: 'alarm' });
      else if (afreshAt <= now()) return void context.df.continueAsNew(continued.input(start, state, inbox.left));
    }
  }
  yield* saveFinal();
  yield* rememberCaller();
  yield* beginSummaries();
  const { phase, endedBy, endReason } = state.life;
  return { phase, ...(endedBy !== undefined && { endedBy }), ...(endReason !== undefined && { endReason }) };

  function* perform(intent: Intent): Steps<void> {
    const { callId } = start.opening;
    const { callConnectionId = '' } = state.life;
    switch (intent.do) {
      case 'answer':
      case 'dial': {
        const result = yield* tried<CallMessage>(intent.do, start, background);
        const failed = { id: intent.do, from: 'us', type: 'answer-failed', code: 503, subCode: 0, at: now() } as const;
        return fold(result ?? failed);
      }
      case 'hang-up': {
        const result = yield* tried<HangUpResult>('hang-up', { callId, callConnectionId }, background);
        return fold({ type: 'hung-up', gone: result?.gone ?? false });
      }
      case 'note': {
        const note: SaveRecordInput = { opening: start.opening, life: state.life, lastLook: false };
        yield* tried('save-record', note);
        return;
      }
      case 'look-up': {
        const { why, who } = intent;
        const asked: LookUpInput = { callId, callConnectionId, ...(who !== undefined && { who }) };
        const look = yield* tried<Look>('look-up', asked);
        return fold({ type: 'looked', why, ...(look && { look }) });
      }
      case 'ask-host': {
        const { hostId } = intent;
        const asked: AskHostInput = { hostId, callId };
        const answer = yield* tried<HostAnswer>('ask-host', asked);
        return fold({ type: 'host-asked', hostId, ...(answer && { silent: answer.silent }) });
      }
      case 'carry-out': {
        const { order, context: name } = intent;
        const asked: CarryOutInput = { callId, callConnectionId, order, context: name };
        const reply = yield* tried<OrderReply>('carry-out', asked);
        return fold({ type: 'carried-out', context: name, ...(reply && { reply }) });
      }
      case 'tell-media': {
        const told: TellMediaInput = { callId, message: intent.message };
        const reached = (yield* tried<object>('tell-media', told)) !== undefined;
        return fold({ type: 'told-media', message: intent.message, reached });
      }
    }
  }

  function* saveFinal(): Steps<void> {
    for (let look = 1; look <= journalLooks; look += 1) {
      const record: SaveRecordInput = { opening: start.opening, life: state.life, lastLook: look === journalLooks };
      const result = yield* tried<SaveRecordResult>('save-record', record, untilRecorded);
      if (!result) throw new Error('The call record could not be saved in half an hour of trying.');
      if (result.saved) return;
      yield context.df.createTimer(new Date(now() + journalWaitMs));
    }
  }

  /** The record stands by now, whatever becomes of this. */
  function* rememberCaller(): Steps<void> {
    if (!start.remembers || state.life.answeredAt === undefined) return;
    const input: RememberCallerInput = { opening: start.opening, life: state.life };
    yield* tried('remember-caller', input, untilRecorded);
  }

  /** E-mails are sent by orchestrations of their own. */
  function* beginSummaries(): Steps<void> {
    if (!start.summarises || state.life.answeredAt === undefined) return;
    const input: BeginSummariesInput = { callId: start.opening.callId };
    yield* tried('begin-summaries', input, untilRecorded);
  }

  /** The activity's result, or undefined when all its attempts failed; the activity has logged why. */
  function* tried<T>(name: string, given: unknown, retry?: Patience): Steps<T | undefined> {
    const task = retry
      ? context.df.callActivityWithRetry(name, retryOptions(retry), given)
      : context.df.callActivity(name, given);
    try {
      return (yield task) as T;
    } catch (error) {
      if (task.isFaulted) return undefined;
      throw error;
    }
  }
}

function retryOptions({ firstMs, attempts, factor, longestMs }: Patience): df.RetryOptions {
  const options = new df.RetryOptions(firstMs, attempts);
  options.backoffCoefficient = factor;
  options.maxRetryIntervalInMilliseconds = longestMs;
  return options;
}
