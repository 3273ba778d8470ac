import * as df from 'durable-functions';

/** One orchestrator per Durable feature. */

df.app.orchestration('sequence', function* (context) {
  const first = (yield context.df.callActivity('hello', 'Ada')) as string;
  const second = (yield context.df.callActivity('hello', 'Grace')) as string;
  return [first, second];
});

df.app.orchestration('encodings', function* (context) {
  const inputs: unknown[] = ['5', 'text', 5, { a: [1] }, true, null, undefined, '2024-01-02T03:04:05Z'];
  const shown: unknown[] = [];
  for (const input of inputs) shown.push(yield context.df.callActivity('show', input));
  return { input: context.df.getInput() ?? null, shown, nothing: yield context.df.callActivity('nothing') };
});

df.app.orchestration('fanOut', function* (context) {
  const labels = context.df.getInput() as string[];
  const tasks = labels.map(label => context.df.callActivity('slow', { label, ms: 60 }));
  const results = (yield context.df.Task.all(tasks)) as string[];
  return results.join('');
});

df.app.orchestration('retries', function* (context) {
  const options = new df.RetryOptions(20, 3);
  options.backoffCoefficient = 2;
  const { key, failures } = context.df.getInput() as { key: string; failures: number };
  try {
    return yield context.df.callActivityWithRetry('flaky', options, { key, failures });
  } catch (error) {
    return `gave up: ${(error as Error).message.split('\n')[0]!.trim()}`;
  }
});

df.app.orchestration('approval', function* (context) {
  const { withinMs } = context.df.getInput() as { withinMs: number };
  context.df.setCustomStatus({ waiting: true });
  const deadline = new Date(context.df.currentUtcDateTime.getTime() + withinMs);
  const timer = context.df.createTimer(deadline);
  const answer = context.df.waitForExternalEvent('answer');
  const winner = yield context.df.Task.any([answer, timer]);
  if (winner === timer) return 'too late';
  timer.cancel();
  return { answer: answer.result ?? null };
});

df.app.orchestration('forgetfulTimer', function* (context) {
  const timer = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 400));
  yield context.df.Task.any([context.df.callActivity('hello', 'Ada'), timer]);
  return 'returned';
});

df.app.orchestration('sleep', function* (context) {
  const { ms } = context.df.getInput() as { ms: number };
  const before = context.df.currentUtcDateTime.getTime();
  yield context.df.createTimer(new Date(before + ms));
  return context.df.currentUtcDateTime.getTime() - before;
});

df.app.orchestration('twoEvents', function* (context) {
  const first = yield context.df.waitForExternalEvent('number');
  const second = yield context.df.waitForExternalEvent('number');
  return [first, second];
});

df.app.orchestration('child', function* (context) {
  const { fail } = context.df.getInput() as { fail: boolean };
  yield context.df.callActivity('hello', 'child');
  if (fail) throw new Error('child says no');
  return { child: context.df.instanceId, parent: context.df.parentInstanceId ?? null };
});

df.app.orchestration('parent', function* (context) {
  const own = yield context.df.callSubOrchestrator('child', { fail: false }, `${context.df.instanceId}-child`);
  const generated = (yield context.df.callSubOrchestrator('child', { fail: false })) as { child: string };
  let failure = '';
  try {
    yield context.df.callSubOrchestrator('child', { fail: true });
  } catch (error) {
    failure = (error as Error).message;
  }
  return { own, generated: generated.child !== '', failure };
});

df.app.orchestration('countdown', function* (context) {
  const { left, seen } = context.df.getInput() as { left: number; seen: string[] };
  const said = (yield context.df.callActivity('hello', `${left}`)) as string;
  seen.push(said.split(' ')[1]!);
  if (left > 1) context.df.continueAsNew({ left: left - 1, seen });
  return seen;
});

df.app.orchestration('quoted', function* (context) {
  const input = context.df.getInput();
  if (input === 'start') {
    yield context.df.callActivity('nothing');
    context.df.continueAsNew('text');
  }
  return input;
});

df.app.orchestration('failing', function* (context) {
  context.df.setCustomStatus('about to fail');
  yield context.df.callActivity('flaky', { key: context.df.instanceId, failures: 99 });
});

df.app.orchestration('guids', function* (context) {
  const one = context.df.newGuid(context.df.instanceId);
  yield context.df.callActivity('nothing');
  const two = context.df.newGuid(context.df.instanceId);
  return { one, two, differ: one !== two };
});

df.app.orchestration('misspelt', function* (context) {
  return yield context.df.callActivity('noSuchActivity');
});

df.app.orchestration('longTimer', function* (context) {
  const inTenDays = new Date(context.df.currentUtcDateTime.getTime() + 10 * 86_400_000);
  const timer = context.df.createTimer(inTenDays);
  yield context.df.Task.any([context.df.waitForExternalEvent('go'), timer]);
  timer.cancel();
  return 'went';
});

df.app.orchestration('fetches', function* (context) {
  const { url } = context.df.getInput() as { url: string };
  const answer = (yield context.df.callHttp({ method: 'GET', url })) as { statusCode: number; content: string };
  return { status: answer.statusCode, content: answer.content };
});

df.app.orchestration('collector', function* (context) {
  const { seen } = context.df.getInput() as { seen: number[] };
  const item = (yield context.df.waitForExternalEvent('item')) as number;
  yield context.df.callActivity('slow', { label: `collect ${item}`, ms: 120 });
  if (seen.length < 1) context.df.continueAsNew({ seen: [...seen, item] });
  return [...seen, item];
});

/** A mistake: one timer in two Task.any calls. */
df.app.orchestration('reusedTimer', function* (context) {
  const timer = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 60_000));
  yield context.df.Task.any([context.df.waitForExternalEvent('a'), timer]);
  yield context.df.Task.any([context.df.waitForExternalEvent('b'), timer]);
});

/** The crash matrix: between activities, inside a fan-out, waiting for an event and a timer, and in a child. */
df.app.orchestration('journey', function* (context) {
  const one = yield context.df.callActivity('slow', { label: 'one', ms: 20 });
  const options = new df.RetryOptions(20, 3);
  const two = yield context.df.callActivityWithRetry('slow', options, { label: 'two', ms: 200 });
  const fan = ['x', 'y', 'z'].map(label => context.df.callActivity('slow', { label, ms: 200 }));
  const three = yield context.df.Task.all(fan);
  context.df.setCustomStatus('waiting');
  const timer = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 60_000));
  const event = context.df.waitForExternalEvent('go');
  yield context.df.Task.any([event, timer]);
  timer.cancel();
  const before = context.df.currentUtcDateTime.getTime();
  yield context.df.createTimer(new Date(before + 300));
  const child = yield context.df.callSubOrchestrator('fanOut', ['p', 'q']);
  const last = yield context.df.callActivity('slow', { label: 'last', ms: 20 });
  return { one, two, three, event: event.result, child, last };
});

/** Its code depends on SAMPLE_VARIANT, as if a new version had been deployed while instances ran. */
df.app.orchestration('changing', function* (context) {
  const variant = process.env['SAMPLE_VARIANT'];
  if (variant === 'other-activity') yield context.df.callActivity('show', 1);
  else if (variant === 'timer-instead') yield context.df.createTimer(context.df.currentUtcDateTime);
  else if (variant !== 'removed') yield context.df.callActivity('hello', 'before');
  if (variant === 'added') yield context.df.callActivity('show', 'extra');
  yield context.df.waitForExternalEvent('go');
  return 'same code';
});
