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

test('media host killed in mid-call: the agent says so, goes on, and the record has all of it', async () => {
  const caller = await it.ring();
  await caller.agentFallsSilent({ quietMs: 800 });
  await caller.say('Where are you?');
  await caller.hears('Station Road', { timeoutMs: 15_000 });
  await it.system.kill('mediaHost');
  await it.system.up('mediaHost');
  await caller.hears('cut off', { timeoutMs: 20_000 });
  await caller.agentFallsSilent({ quietMs: 1200, timeoutMs: 30_000 });
  await caller.say('Thank you, goodbye.');
  await caller.hears('Thank you for calling', { timeoutMs: 15_000 });
  await caller.hangUp();
  const { record, events } = await it.written(caller);
  expect(record).toMatchObject({ state: 'final', answered: true, turnCount: 2, journal: { closed: true } });
  expect(events.map(event => event.seq)).toEqual(events.map((_, i) => i));
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

test('media host told to stop: it takes nobody new, lets its agent finish, and the call goes on at the next host', async () => {
  const caller = await it.ring();
  await caller.agentFallsSilent({ quietMs: 800 });
  await caller.say('Where are you?');
  await caller.hears('Station Road', { timeoutMs: 15_000 });
  const gone = it.system.kill('mediaHost', 'SIGTERM');
  await expect.poll(async () => (await it.health().catch(() => undefined))?.status).toBe('draining');
  await expect(it.ring({ from: '+15550777' })).rejects.toThrow(/busy/);
  await gone;
  await it.system.up('mediaHost');
  await expect.poll(async () => (await it.health()).calls, { timeout: 20_000 }).toBe(1);
  await caller.say('Thank you, goodbye.');
  await caller.hears('Thank you for calling', { timeoutMs: 15_000 });
  await caller.hangUp();
  const { record, events } = await it.written(caller);
  expect(events).toContainEqual(expect.objectContaining({ type: 'media-closed', reason: 'drained' }));
  expect(record).toMatchObject({ state: 'final', turnCount: 2, journal: { closed: true } });
});
