import * as df from 'durable-functions';

/** Entities, and orchestrators that signal, call and lock them. */

df.app.entity('counter', context => {
  const count = context.df.getState(() => 0) as number;
  switch (context.df.operationName) {
    case 'add':
      context.df.setState(count + ((context.df.getInput() as number | undefined) ?? 1));
      break;
    case 'get':
      context.df.return(count);
      break;
    case 'fail':
      throw new Error('entity says no');
    case 'tell':
      context.df.signalEntity(new df.EntityId('counter', 'told'), 'add', 7);
      break;
    case 'delete':
      context.df.destructOnExit();
      break;
  }
});

df.app.orchestration('signalsThenCalls', function* (context) {
  const id = new df.EntityId('Counter', `c-${context.df.instanceId}`);
  context.df.signalEntity(id, 'add', 2);
  context.df.signalEntity(id, 'add', 3);
  const count = yield context.df.callEntity(id, 'get');
  let failure = '';
  try {
    yield context.df.callEntity(id, 'fail');
  } catch (error) {
    failure = (error as Error).message;
  }
  return { count, failure };
});

df.app.orchestration('lockedTransfer', function* (context) {
  const { from, to, amount } = context.df.getInput() as { from: string; to: string; amount: number };
  const source = new df.EntityId('counter', from);
  const target = new df.EntityId('counter', to);
  const lock = (yield context.df.lock(source, target)) as df.DurableLock;
  const held = (yield context.df.callEntity(source, 'get')) as number;
  yield context.df.callActivity('slow', { label: 'transfer', ms: 50 });
  yield context.df.callEntity(source, 'add', -amount);
  yield context.df.callEntity(target, 'add', amount);
  lock.release();
  return held;
});

df.app.orchestration('keepsLock', function* (context) {
  const { key } = context.df.getInput() as { key: string };
  yield context.df.lock(new df.EntityId('counter', key));
  yield context.df.waitForExternalEvent('never');
});
