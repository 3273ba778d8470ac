import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Action, ActionType, type Decision, type RetryOptions } from './action.ts';
import { decisionEvent } from './decisions.ts';
import { type HistoryEvent, historyEvent } from './history.ts';
import { ActionRefused, type Walked, walk } from './id-walk.ts';

const start = Date.UTC(2026, 0, 1);
const day = 86_400_000;

/** A little host: keeps the history of one instance and answers decisions by hand. */
class Story {
  readonly decisions: Decision[] = [];
  walked: Walked;
  #history: HistoryEvent[] = [];
  #actions: readonly Action[];
  #at = start;

  constructor(...actions: Action[]) {
    this.#actions = actions;
    this.walked = this.#episode([historyEvent('ExecutionStarted', start, { Name: 'o' })]);
  }

  /** Ids and kinds of all decisions so far. */
  get ids(): string[] {
    return this.decisions.map(({ id, kind, ...rest }) => `${id} ${'name' in rest ? rest.name : kind}`);
  }

  /** @param more actions that the orchestrator has added because of it */
  succeed(id: number, result: unknown = null, ...more: Action[]): void {
    const at = this.#time(id);
    const kind = this.decisions.find(decision => decision.id === id)!.kind;
    const type =
      kind === 'timer' ? 'TimerFired' : kind === 'activity' ? 'TaskCompleted' : 'SubOrchestrationInstanceCompleted';
    const event = historyEvent(type, at, {
      [kind === 'timer' ? 'TimerId' : 'TaskScheduledId']: id,
      Result: JSON.stringify(result),
    });
    this.#go(event, more);
  }

  fail(id: number, ...more: Action[]): void {
    this.#go(historyEvent('TaskFailed', this.#at, { TaskScheduledId: id, Reason: 'r', Details: 'd' }), more);
  }

  raise(name: string, ...more: Action[]): void {
    this.#go(historyEvent('EventRaised', this.#at, { Name: name, Input: '1' }), more);
  }

  /** Replays the history through other code. */
  under(...actions: Action[]): () => Walked {
    return () => walk({ instanceId: 'i', executionId: 'e', history: this.#history, actions });
  }

  #go(event: HistoryEvent, more: Action[]): void {
    this.#actions = [...this.#actions, ...more];
    this.walked = this.#episode([event]);
  }

  #time(id: number): number {
    const decision = this.decisions.find(known => known.id === id);
    if (decision?.kind === 'timer') this.#at = Math.max(this.#at, decision.fireAt);
    return this.#at;
  }

  #episode(events: HistoryEvent[]): Walked {
    this.#history.push(historyEvent('OrchestratorStarted', this.#at), ...events);
    const walked = walk({ instanceId: 'i', executionId: 'e', history: this.#history, actions: this.#actions });
    this.decisions.push(...walked.decisions);
    this.#history.push(...walked.decisions.map(decision => decisionEvent(decision, this.#at)));
    this.#history.push(historyEvent('OrchestratorCompleted', this.#at));
    return walked;
  }
}

const activity = (name: string, input?: unknown): Action => ({
  actionType: ActionType.CallActivity,
  functionName: name,
  input,
});
const timer = (ms: number, isCanceled = false): Action => ({
  actionType: ActionType.CreateTimer,
  fireAt: new Date(start + ms).toISOString(),
  isCanceled,
});
const event = (name: string): Action => ({ actionType: ActionType.WaitForExternalEvent, externalEventName: name });
const any = (...compoundActions: Action[]): Action => ({ actionType: ActionType.WhenAny, compoundActions });
const all = (...compoundActions: Action[]): Action => ({ actionType: ActionType.WhenAll, compoundActions });
const retried = (name: string, options: Partial<RetryOptions> = {}): Action => ({
  actionType: ActionType.CallActivityWithRetry,
  functionName: name,
  retryOptions: { firstRetryIntervalInMilliseconds: 1000, maxNumberOfAttempts: 3, ...options },
});

describe('ids follow the walk', () => {
  test('an action starts when the one before it has ended', () => {
    const story = new Story(activity('a'));
    expect(story.ids).toEqual(['0 a']);
    story.succeed(0, null, activity('b'));
    expect(story.ids).toEqual(['0 a', '1 b']);
    expect(story.walked.reachedEnd).toBe(false);
    story.fail(1);
    expect(story.walked.reachedEnd).toBe(true);
    expect(story.walked.openTasks).toBe(0);
  });

  test('all children of a compound start at once, events take no id', () => {
    const story = new Story(all(activity('a'), event('x'), timer(5000), any(activity('b'), activity('c'))));
    expect(story.ids).toEqual(['0 a', '1 timer', '2 b', '3 c']);
  });

  test('WhenAny goes on with the first child, WhenAll with the last', () => {
    const either = new Story(any(activity('a'), activity('b')));
    either.succeed(1, null, activity('next'));
    expect(either.ids.at(-1)).toBe('2 next');
    const both = new Story(all(activity('a'), activity('b')), activity('next'));
    both.fail(0);
    expect(both.ids).toHaveLength(2);
    both.succeed(1);
    expect(both.ids.at(-1)).toBe('2 next');
  });

  test('a retry takes a timer and an id per failure, and a timer after the last one', () => {
    const story = new Story(retried('a', { backoffCoefficient: 2 }));
    story.fail(0);
    story.succeed(1);
    story.fail(2);
    story.succeed(3);
    story.fail(4);
    expect(story.ids).toEqual(['0 a', '1 timer', '2 a', '3 timer', '4 a', '5 timer']);
    const delays = story.decisions.filter(decision => decision.kind === 'timer').map(({ fireAt }) => fireAt - start);
    expect(delays).toEqual([1000, 3000, 7000]);
    story.succeed(5);
    expect(story.walked.reachedEnd).toBe(true);
  });

  test('a retry stops early when its time is over, and its delay is capped', () => {
    const story = new Story(retried('a', { maxNumberOfAttempts: 9, retryTimeoutInMilliseconds: 1500 }));
    story.fail(0);
    story.succeed(1);
    story.fail(2);
    story.succeed(3);
    story.fail(4);
    expect(story.ids).toHaveLength(5);
    expect(story.walked.reachedEnd).toBe(true);
    const capped = new Story(retried('a', { backoffCoefficient: 100, maxRetryIntervalInMilliseconds: 1200 }));
    capped.fail(0);
    capped.succeed(1);
    capped.fail(2);
    expect((capped.decisions[3] as { fireAt: number }).fireAt - start).toBe(1000 + 1200);
  });

  test('a timer of ten days takes slices of three days and then the rest', () => {
    const story = new Story(timer(10 * day));
    for (const id of [0, 1]) story.succeed(id);
    const fireAt = story.decisions.map(decision => (decision as { fireAt: number }).fireAt - start);
    expect(fireAt).toEqual([3 * day, 6 * day, 10 * day]);
    story.succeed(2);
    expect(story.walked.reachedEnd).toBe(true);
  });

  test('a cancelled timer has its id and is no open task', () => {
    const story = new Story(any(timer(60_000, true), event('x')), activity('next'));
    expect(story.walked.openTasks).toBe(0);
    story.raise('x');
    expect(story.ids).toEqual(['0 timer', '1 next']);
  });

  test('a child gets an id of its own from parent and decision', () => {
    const sub = (instanceId?: string): Action => ({
      actionType: ActionType.CallSubOrchestrator,
      functionName: 's',
      ...(instanceId ? { instanceId } : {}),
    });
    const story = new Story(all(sub(), sub('mine')));
    expect(story.decisions).toMatchObject([{ instanceId: 'e:0' }, { instanceId: 'mine' }]);
  });

  test('callHttp polls with a timer and another call', () => {
    const story = new Story({
      actionType: ActionType.CallHttp,
      httpRequest: { method: 'POST', uri: 'http://h/a', content: 'x' },
    });
    story.succeed(0, { statusCode: 202, headers: { Location: '/poll', 'Retry-After': '3' } });
    expect((story.decisions[1] as { fireAt: number }).fireAt - start).toBe(3000);
    story.succeed(1);
    expect(JSON.parse((story.decisions[2] as { input: string }).input)).toMatchObject({
      method: 'GET',
      uri: 'http://h/poll',
    });
    story.succeed(2, { statusCode: 200, headers: {} });
    expect(story.walked.reachedEnd).toBe(true);
  });

  test('a lock takes one id, a release one per entity, a signal one', () => {
    const lockSet = [
      { name: 'A', key: '1' },
      { name: 'b', key: '2' },
    ];
    const story = new Story({ actionType: ActionType.LockEntities, lockSet, lockRequestId: 'request' });
    expect(story.walked.held).toEqual({ lockRequestId: 'request', entities: ['@a@1', '@b@2'] });
    story.raise(
      'request',
      { actionType: ActionType.ReleaseEntities },
      { actionType: ActionType.SignalEntity, instanceId: '@a@1', operation: 'add' },
    );
    expect(
      story.decisions.map(
        decision => decision.kind === 'message' && `${decision.id} ${decision.eventName} ${decision.target}`,
      ),
    ).toEqual(['0 op @a@1', '1 release @a@1', '2 release @b@2', '3 op @a@1']);
    expect(story.walked.held).toBeUndefined();
  });

  test('an entity call is answered by an event of its request id', () => {
    const story = new Story(
      { actionType: ActionType.CallEntity, instanceId: '@a@1', operation: 'get' },
      activity('next'),
    );
    const [call] = story.decisions;
    story.raise(call?.kind === 'message' ? call.message.id : '');
    expect(story.ids.at(-1)).toBe('1 next');
  });
});

describe('external events', () => {
  test('wait for whoever asks later, in order of arrival', () => {
    const story = new Story(activity('a'));
    story.raise('x');
    story.raise('x');
    story.succeed(0, null, event('x'), event('x'), activity('next'));
    expect(story.ids.at(-1)).toBe('1 next');
  });
});

describe('history and code that disagree', () => {
  test.each<[string, Action[], string]>([
    ['another name', [activity('b')], 'history holds TaskScheduled 0 "a", but today\'s code decides activity 0 "b"'],
    ['another kind', [timer(1)], "but today's code decides timer 0"],
    ['a decision removed', [event('x')], "but today's code makes no such decision"],
    [
      'a decision added',
      [all(activity('a'), activity('b'))],
      'today\'s code decides activity 1 "b" where history shows',
    ],
  ])('%s is non-determinism', (_, actions, sentence) => {
    const story = new Story(activity('a'));
    story.succeed(0, null, event('x'));
    expect(story.under(...actions, event('x'))).toThrow(sentence);
    expect(story.under(activity('a'), event('x'))).not.toThrow();
  });

  test('an unknown action and an unknown function are refused', () => {
    expect(() => new Story({ actionType: 99 })).toThrow(ActionRefused);
    const refuse = (): string => 'no such function';
    const history = [historyEvent('OrchestratorStarted', start), historyEvent('ExecutionStarted', start)];
    expect(() => walk({ instanceId: 'i', executionId: 'e', history, actions: [activity('a')], refuse })).toThrow(
      'no such function',
    );
  });
});

test('whatever the answers and their order, ids are consecutive and every replay agrees', () => {
  const leaf = fc.oneof(
    fc.constantFrom('a', 'b', 'c').map(name => activity(name)),
    fc.integer({ min: 1, max: 12 }).map(days => timer(days * day)),
    fc.constantFrom('a', 'b').map(name => retried(name)),
  );
  const { tree } = fc.letrec<{ tree: Action }>(tie => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map(children => any(...children)),
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map(children => all(...children)),
    ),
  }));
  fc.assert(
    fc.property(fc.array(tree, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), (actions, choices) => {
      const story = new Story(...actions);
      const answered = new Set<number>();
      for (let steps = 0; steps < 400; steps += 1) {
        const open = story.decisions.filter(({ id }) => !answered.has(id));
        if (open.length === 0) break;
        const choice = choices.next().value!;
        const chosen = open[choice % open.length]!;
        answered.add(chosen.id);
        if (chosen.kind === 'activity' && choice % 3 === 0) story.fail(chosen.id);
        else story.succeed(chosen.id);
      }
      expect(story.walked.reachedEnd).toBe(true);
      expect(story.walked.openTasks).toBe(0);
      expect(story.decisions.map(({ id }) => id)).toEqual(story.decisions.map((_, index) => index));
    }),
    { numRuns: 60 },
  );
});
