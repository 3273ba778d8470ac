import * as df from 'durable-functions';
import { type CallLife, type LifeEvent, live, ringing } from '../contracts/call-life.ts';
import type { HangUpResult } from './activities/hang-up.ts';
import type { SaveRecordInput, SaveRecordResult } from './activities/save-record.ts';
import { type Alarm, nextAlarm, type Watch } from './call-alarms.ts';
import { type CallMessage, isControlEvent } from './call-message.ts';
import type { CallStart } from './call-start.ts';
import { Inbox } from './inbox.ts';

/**
 * The life of one call, from ring to record. It alone says what state the call is in; whatever is reported late, twice
 * or not at all, it ends and leaves a final record. Deterministic: time comes from the context, everything else from
 * activities.
 */
type Steps<T> = Generator<df.Task, T, unknown>;

/** ACS may be away for a moment, and a caller rings for 30 s. */
const carrierRetry = { firstMs: 2_000, attempts: 3, longestMs: 10_000 };
/** A record is worth waiting for: half an hour of Cosmos being away. */
const recordRetry = { firstMs: 1_000, attempts: 35, longestMs: 60_000 };
/** The media host closes the journal as its socket closes; that is usually done before the first look. */
const journalWaitMs = 400;
const journalLooks = 8;

export function* call(context: df.OrchestrationContext): Steps<Pick<CallLife, 'phase' | 'endedBy' | 'endReason'>> {
  const start = context.df.getInput<CallStart>();
  const inbox = new Inbox(context.df);
  const now = (): number => new Date(context.df.currentUtcDateTime).getTime();
  const watch: Watch = {
    life: ringing,
    begunAt: now(),
    phaseSince: now(),
    answerTried: false,
    seenUpAt: now(),
    maxCallMs: start.maxCallMs,
  };
  let noted = false;
  let mediaFailed: string | undefined;

  const fold = (event: LifeEvent): void => {
    const before = watch.life.phase;
    watch.life = live(watch.life, event);
    if (watch.life.phase !== before) watch.phaseSince = now();
    if (event.type === 'connected') watch.seenUpAt = now();
    context.df.setCustomStatus(watch.life);
  };

  context.df.setCustomStatus(watch.life);
  while (watch.life.phase !== 'ended') {
    const { life } = watch;
    if (mediaFailed !== undefined && life.callConnectionId !== undefined) {
      yield* giveUp(mediaFailed);
    } else if (life.hangUpAsked && life.callConnectionId !== undefined && watch.hangUpAt === undefined) {
      yield* hangUp(life.callConnectionId);
    } else if (life.phase === 'connected' && !noted) {
      noted = true;
      yield* noteConnected();
    } else {
      const alarm = nextAlarm(watch);
      const message = yield* inbox.next(alarm.at);
      if (message) take(message);
      else yield* act(alarm);
    }
  }
  yield* saveFinal();
  return { phase: watch.life.phase, ...pickEnd(watch.life) };

  function take(message: CallMessage): void {
    const { life } = watch;
    if (isControlEvent(message)) {
      if (message.type === 'answer-unclear' && life.phase === 'ringing') watch.unclearSince ??= now();
      return;
    }
    // Our own failure to answer says nothing once somebody has answered; ACS's AnswerFailed always counts.
    if (message.type === 'answer-failed' && message.from === 'us' && life.phase !== 'ringing') return;
    fold(message);
    // A caller whose sound never reached anybody hears nothing and would hold the line for nothing.
    if (message.type === 'streaming-failed' && watch.life.streamingAt === undefined)
      mediaFailed = `media-failed ${message.code}/${message.subCode}`;
  }

  function* act(alarm: Alarm): Steps<void> {
    switch (alarm.what) {
      case 'answer':
        watch.answerTried = true;
        return yield* answer();
      case 'not-connected':
        return yield* giveUp('not-connected');
      case 'look':
        return yield* look();
      case 'too-long':
        return fold({ type: 'hang-up-asked', by: 'system', reason: 'longest-call-reached', at: now() });
      case 'hang-up-unreported':
        return fold({ type: 'disconnected', code: 200, subCode: 7000, at: now() });
    }
  }

  function* answer(): Steps<void> {
    const result = yield* tried<CallMessage>('answer', start, carrierRetry);
    take(result ?? { id: 'answer', from: 'us', type: 'answer-failed', code: 503, subCode: 0, at: now() });
  }

  function* giveUp(reason: string): Steps<void> {
    const { callConnectionId } = watch.life;
    const { callId } = start.opening;
    if (callConnectionId !== undefined) yield* tried('hang-up', { callId, callConnectionId }, carrierRetry);
    fold({ type: 'abandoned', reason, at: now() });
  }

  function* hangUp(callConnectionId: string): Steps<void> {
    const input = { callId: start.opening.callId, callConnectionId };
    const result = yield* tried<HangUpResult>('hang-up', input, carrierRetry);
    watch.hangUpAt = now();
    if (result?.gone) fold({ type: 'disconnected', code: 200, subCode: 7000, at: now() });
  }

  function* look(): Steps<void> {
    const { callConnectionId } = watch.life;
    const result = yield* tried<{ up: boolean }>('look-up', { callId: start.opening.callId, callConnectionId });
    watch.seenUpAt = now();
    if (result && !result.up) fold({ type: 'abandoned', reason: 'ended-unreported', at: now() });
  }

  /** A glimpse for those who watch; the final record does not depend on it. */
  function* noteConnected(): Steps<void> {
    const input: SaveRecordInput = { opening: start.opening, life: watch.life, lastLook: false };
    yield* tried('save-record', input);
  }

  function* saveFinal(): Steps<void> {
    for (let look = 1; look <= journalLooks; look += 1) {
      const input: SaveRecordInput = { opening: start.opening, life: watch.life, lastLook: look === journalLooks };
      const result = yield* tried<SaveRecordResult>('save-record', input, recordRetry);
      if (!result) throw new Error('The call record could not be saved in half an hour of trying.');
      if (result.saved) return;
      yield context.df.createTimer(new Date(now() + journalWaitMs));
    }
  }

  /** The activity's result, or undefined when all its attempts failed; the activity has logged why. */
  function* tried<T>(name: string, input: unknown, retry?: typeof carrierRetry): Steps<T | undefined> {
    const task = retry
      ? context.df.callActivityWithRetry(name, retryOptions(retry), input)
      : context.df.callActivity(name, input);
    try {
      return (yield task) as T;
    } catch (error) {
      if (task.isFaulted) return undefined;
      throw error;
    }
  }
}

function retryOptions({ firstMs, attempts, longestMs }: typeof carrierRetry): df.RetryOptions {
  const options = new df.RetryOptions(firstMs, attempts);
  options.backoffCoefficient = 2;
  options.maxRetryIntervalInMilliseconds = longestMs;
  return options;
}

function pickEnd({ endedBy, endReason }: CallLife): Pick<CallLife, 'endedBy' | 'endReason'> {
  return { ...(endedBy !== undefined && { endedBy }), ...(endReason !== undefined && { endReason }) };
}
