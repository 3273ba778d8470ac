import { afterEach, expect, test, vi } from 'vitest';
import { Connection } from './connection.ts';
import { permissionsOf } from './permissions.ts';
import { Service } from './service.ts';

afterEach(() => vi.useRealTimers());

test('a lost reliable connection waits its time, each time anew, and a plain one does not', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const room = { messages: 10, bytes: 1000 };
  const service = new Service({ accessKey: 'k', bearers: [], recoveryMs: 30_000, room, log: () => undefined });
  const facts = { hub: 'control', userId: undefined, permissions: permissionsOf([]) };
  const reliable = new Connection({ ...facts, protocol: 'reliable' }, room);
  const plain = new Connection({ ...facts, protocol: 'plain' }, room);
  for (const connection of [reliable, plain]) service.hub('control').add(connection);
  for (const connection of [reliable, plain]) service.lost(connection);
  expect(service.connections()).toEqual([reliable]);
  vi.advanceTimersByTime(29_999);
  expect(service.connections()).toEqual([reliable]);
  service.found(reliable);
  vi.advanceTimersByTime(90_000);
  expect(service.connections()).toEqual([reliable]);
  service.lost(reliable);
  vi.advanceTimersByTime(30_000);
  expect(service.connections()).toEqual([]);
});
