import { expect, test } from 'vitest';
import { runningSystem } from './running-system.ts';

const it = runningSystem();

test('functions host killed in mid-call: the caller notices nothing, and the record is complete', async () => {
  const caller = await it.ring();
  await caller.agentStartsSpeaking();
  await it.system.kill('functions');
  await caller.agentFallsSilent({ quietMs: 800 });
  await caller.say('Where are you?');
  await caller.hears('Station Road', { timeoutMs: 15_000 });
  await it.system.up('functions');
  await caller.hangUp();
  const { record } = await it.written(caller);
  expect(record).toMatchObject({
    state: 'final',
    outcome: 'contained',
    endedBy: 'caller',
    turnCount: 1,
    journal: { closed: true },
  });
});

test('media host killed in mid-call: the call ends and its record holds what was journalled', async () => {
  const caller = await it.ring();
  await caller.agentFallsSilent({ quietMs: 800 });
  await caller.say('Where are you?');
  await caller.hears('Station Road', { timeoutMs: 15_000 });
  await new Promise(resolve => setTimeout(resolve, 1100));
  await it.system.kill('mediaHost');
  if (!caller.over()) await caller.hangUp();
  const { record, events } = await it.written(caller);
  expect(record).toMatchObject({ state: 'final', answered: true, journal: { closed: false } });
  expect(events.map(event => event.seq)).toEqual(events.map((_, i) => i));
  expect(events.some(event => event.type === 'caller-spoke')).toBe(true);
  await it.system.up('mediaHost');
});

test('Cosmos away while they talk: nobody notices, and the journal arrives when it is back', async () => {
  const caller = await it.ring();
  await caller.agentFallsSilent({ quietMs: 800 });
  await it.admin(`${it.system.cosmosUrl}/emulator/faults`, 'PUT', { down: true });
  await caller.say('Where are you?');
  await caller.hears('Station Road', { timeoutMs: 15_000 });
  await it.admin(`${it.system.cosmosUrl}/emulator/faults`, 'PUT', { down: false });
  await caller.hangUp();
  const { record } = await it.written(caller);
  expect(record).toMatchObject({ state: 'final', turnCount: 1, journal: { closed: true } });
});

test('media host told to stop: it takes nobody new, gives its call time, then closes it with its journal kept', async () => {
  const caller = await it.ring();
  await caller.agentFallsSilent({ quietMs: 800 });
  const gone = it.system.kill('mediaHost', 'SIGTERM');
  await expect.poll(async () => (await it.health().catch(() => undefined))?.status).toBe('draining');
  await expect(it.ring({ from: '+15550777' })).rejects.toThrow(/busy/);
  await gone;
  await caller.hangUp();
  const { record, events } = await it.written(caller);
  expect(events.at(-1)).toMatchObject({ type: 'media-closed', reason: 'drained' });
  expect(record).toMatchObject({ state: 'final', journal: { closed: true } });
  await it.system.up('mediaHost');
});
