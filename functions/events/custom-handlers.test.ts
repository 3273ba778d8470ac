import { expect, test } from 'vitest';
import { callIdOf } from '../../contracts/call-id.ts';
import { acsEventNames } from '../acs/acs-event.ts';
import { cloudEvent, eventScene } from '../testing/event-scene.ts';
import { processEvents } from './process-events.ts';

const [one, other] = ['corr-1', 'corr-2'];
const [callOne, callOther] = [callIdOf(one), callIdOf(other)];

const outcomes = (done: Awaited<ReturnType<typeof processEvents>>) => done.results.map(({ outcome }) => outcome);

test('the house comes first, then custom handlers in the order in which they were added', async () => {
  const order: string[] = [];
  const scene = eventScene(on => {
    on('CallConnected', async () => order.push(`first, ${scene.told.length} told`));
    on('CallConnected', () => order.push('second'));
    on('CallDisconnected', () => order.push('of another event'));
  });
  await processEvents([cloudEvent('CallConnected', one)], scene.desk, scene.delivery());
  expect(order).toEqual(['first, 1 told', 'second']);
});

test('a hundred deliveries of two events at once run each handler once per event', async () => {
  const ran: string[] = [];
  const scene = eventScene(on => {
    on('CallConnected', ({ event }) => ran.push(`a ${event.id}`));
    on('CallConnected', ({ event }) => ran.push(`b ${event.id}`));
  });
  const events = [cloudEvent('CallConnected', one), cloudEvent('CallConnected', other)];
  await Promise.all(Array.from({ length: 100 }, () => processEvents(events, scene.desk, scene.delivery())));
  expect(ran.sort()).toEqual(events.flatMap(({ id }) => [`a ${id}`, `b ${id}`]).sort());
  expect(scene.told.map(({ callId }) => callId).sort()).toEqual([callOne, callOther].sort());
  // Claimed and settled, each event once: whoever comes later asks nobody.
  expect(scene.documents).toMatchObject({ writes: 4, reads: 2 });
});

test('two processes that get the same event at once, and later, run each custom handler once between them', async () => {
  const ran: string[] = [];
  const scene = eventScene(on => {
    on('CallConnected', async () => ran.push('a'));
    on('CallConnected', () => ran.push('b'));
  });
  const event = [cloudEvent('CallConnected', one)];
  const desks = [scene.desk, scene.anotherDesk(), scene.anotherDesk()];
  await Promise.all(desks.map(desk => processEvents(event, desk, scene.delivery())));
  for (const desk of [...desks, scene.anotherDesk()]) await processEvents(event, desk, scene.delivery());
  expect(ran).toEqual(['a', 'b']);
});

test('an event without custom handlers writes and reads nothing', async () => {
  const scene = eventScene(on => on('PlayCompleted', () => undefined));
  for (const name of acsEventNames.filter(name => name !== 'PlayCompleted'))
    await processEvents([cloudEvent(name, one)], scene.desk, scene.delivery());
  expect(scene.documents).toMatchObject({ reads: 0, writes: 0 });
});

test('a custom handler that throws is counted and told without what it said, and the others run', async () => {
  const ran: string[] = [];
  const scene = eventScene(on => {
    on('PlayFailed', () => {
      throw new Error('Mrs Miller, +15550199');
    });
    on('PlayFailed', () => ran.push('the other'));
  });
  const event = [cloudEvent('PlayFailed', one)];
  const done = await processEvents(event, scene.desk, scene.delivery());
  expect(done).toMatchObject({ processed: 0, failed: 1, results: [{ name: 'PlayFailed', outcome: 'failed' }] });
  expect(ran).toEqual(['the other']);
  expect(scene.logged()).toContain('"event":"event.handler-failed"');
  expect(scene.logged()).toContain('"subject":"custom-1"');
  expect(scene.logged()).not.toMatch(/Miller|5550199/);
  expect(scene.desk.counters.callbacks.failed).toBe(1);
});

test('what failed runs again when the event comes again, here or elsewhere, and what succeeded does not', async () => {
  const ran: string[] = [];
  let works = false;
  const scene = eventScene(on => {
    on('CallConnected', () => ran.push('good'));
    on('CallConnected', () => {
      ran.push(works ? 'mended' : 'bad');
      if (!works) throw new Error('not yet');
    });
  });
  const event = [cloudEvent('CallConnected', one)];
  const deliver = async (desk = scene.desk) => outcomes(await processEvents(event, desk, scene.delivery()));
  expect(await deliver()).toEqual(['failed']);
  expect(await deliver()).toEqual(['failed']);
  works = true;
  expect(await deliver(scene.anotherDesk())).toEqual(['processed']);
  expect(await deliver()).toEqual(['processed']);
  expect(ran).toEqual(['good', 'bad', 'bad', 'mended']);
  // Once by each process, and under one id: the orchestration folds it once.
  expect(scene.told.map(({ message }) => message.id)).toEqual([event[0]?.id, event[0]?.id]);
});

test('custom handlers that cannot be claimed have not run, and the event is asked for again', async () => {
  const ran: string[] = [];
  const scene = eventScene(on => on('CallConnected', () => ran.push('custom')));
  const event = [cloudEvent('CallConnected', one)];
  scene.documents.down = true;
  expect(outcomes(await processEvents(event, scene.desk, scene.delivery()))).toEqual(['retry']);
  expect(ran).toEqual([]);
  scene.documents.down = false;
  expect(outcomes(await processEvents(event, scene.desk, scene.delivery()))).toEqual(['processed']);
  expect(ran).toEqual(['custom']);
  expect(scene.told).toHaveLength(1);
});

test('the claim of a process that died lapses, and the event runs its handlers when it comes again', async () => {
  const ran: string[] = [];
  const scene = eventScene(on => on('CallConnected', () => ran.push('custom')), 0);
  const hanging = eventScene(on => on('CallConnected', () => new Promise(() => ran.push('begun'))), 0);
  const event = [cloudEvent('CallConnected', one)];
  const { now } = scene.delivery();
  await processEvents(event, { ...hanging.desk, documents: scene.documents }, scene.delivery());
  const desk = scene.anotherDesk();
  await processEvents(event, desk, scene.delivery({ now: now + 80_000 }));
  expect(ran).toEqual(['begun']);
  await processEvents(event, { ...desk, patienceMs: 60_000 }, scene.delivery({ now: now + 100_000 }));
  expect(ran).toEqual(['begun', 'custom']);
});

test('nobody waits for a slow handler, which ends all the same', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const slow = eventScene(on => {
    on('CallConnected', () => released);
    on('CallConnected', () => end());
  }, 0);
  const done = await processEvents([cloudEvent('CallConnected', one)], slow.desk, slow.delivery());
  expect(outcomes(done)).toEqual(['processed']);
  release();
  await ended;
});

test('what a handler sets is kept and told to the agent, and the next handler reads it', async () => {
  const read: (string | undefined)[] = [];
  const scene = eventScene(on => {
    on('CallConnected', ({ memory }) => memory.set('tier', 'gold'));
    on('CallConnected', async ({ memory }) => {
      read.push(await memory.get('tier'), await memory.get('unset'));
      memory.set('seen', 'once');
      read.push(await memory.get('seen'));
    });
  });
  const event = cloudEvent('CallConnected', one);
  await processEvents([event], scene.desk, scene.delivery());
  expect(read).toEqual(['gold', undefined, 'once']);
  expect(scene.documents.stored.get(`${callOne} memory`)?.fields).toMatchObject({
    ...{ id: 'memory', pk: callOne, type: 'memory', ttl: 86_400 },
    facts: { tier: 'gold', seen: 'once' },
  });
  expect(scene.heard).toMatchObject([
    { callId: callOne, message: { do: 'remember', id: `${event.id}.custom-1`, facts: { tier: 'gold' } } },
    { callId: callOne, message: { do: 'remember', id: `${event.id}.custom-2`, facts: { seen: 'once' } } },
  ]);
});

test('what a handler sets before it fails is not kept, nor is what is no fact', async () => {
  const scene = eventScene(on => {
    on('CallConnected', ({ memory }) => {
      memory.set('half', 'done');
      throw new Error('no more');
    });
    on('CallConnected', ({ memory }) => memory.set('__proto__', 'x'));
    on('CallConnected', ({ memory }) => memory.set('long', 'x'.repeat(1_001)));
    on('CallConnected', ({ memory }) => memory.set('number', 5 as never));
    on('CallConnected', ({ memory }) => {
      for (let i = 0; i < 65; i += 1) memory.set(`f${i}`, 'x');
    });
  });
  await processEvents([cloudEvent('CallConnected', one)], scene.desk, scene.delivery());
  expect(scene.desk.counters.callbacks.failed).toBe(5);
  expect([...scene.documents.stored.keys()].filter(key => key.endsWith(' memory'))).toEqual([]);
  expect(scene.heard).toEqual([]);
});

test('a handler whose facts cannot be kept has failed, and runs again', async () => {
  const scene = eventScene(on =>
    on('CallConnected', ({ memory }) => {
      memory.set('tier', 'gold');
      scene.documents.down = ran.push('custom') === 1;
    }),
  );
  const ran: string[] = [];
  const event = [cloudEvent('CallConnected', one)];
  expect(outcomes(await processEvents(event, scene.desk, scene.delivery()))).toEqual(['failed']);
  scene.documents.down = false;
  // Nobody could settle the claim, so it has to lapse.
  const later = scene.delivery({ now: scene.delivery().now + 100_000 });
  expect(outcomes(await processEvents(event, scene.desk, later))).toEqual(['processed']);
  expect(ran).toHaveLength(2);
  expect(scene.heard).toMatchObject([{ message: { do: 'remember', facts: { tier: 'gold' } } }]);
});

test('a media host that cannot be told costs no fact and fails no handler', async () => {
  const scene = eventScene(on => on('CallConnected', ({ memory }) => memory.set('tier', 'gold')));
  scene.away.control = true;
  expect(outcomes(await processEvents([cloudEvent('CallConnected', one)], scene.desk, scene.delivery()))).toEqual([
    'processed',
  ]);
  expect(scene.documents.stored.get(`${callOne} memory`)?.fields['facts']).toEqual({ tier: 'gold' });
});
