import { expect, test } from 'vitest';
import { defaultFaults } from './faults.ts';
import { mergeFaults } from './merge-faults.ts';

test('a full set of switches merges with itself', () => {
  const faults = defaultFaults();
  mergeFaults(faults, { ...defaultFaults(), ringTimeoutMs: 5, onServerClose: { reconnect: 2, delayMs: 1 } });
  expect(faults).toMatchObject({ ringTimeoutMs: 5, onServerClose: { reconnect: 2, delayMs: 1 } });
});

test.each([
  [{ ringTimeoutMS: 5 }, 'No switch is called "ringTimeoutMS"'],
  [{ ringTimeoutMs: '5' }, 'must be a number from 0'],
  [{ failNext: -1 }, 'must be a number from 0'],
  [{ verifyHmac: 1 }, 'must be a boolean'],
  [{ outcome: 'maybe' }, 'must be one of answer'],
  [{ outcomes: { '+1': 'maybe' } }, 'must be an object of'],
  [{ onServerClose: 'reconnect' }, 'must be stop, failEvent or'],
  [{ mediaDropAtMs: 'never' }, 'must be null or a number'],
  [{ ownedIds: '+1' }, 'must be a list of texts'],
])('%j is refused and changes nothing', (patch, why) => {
  const faults = defaultFaults();
  expect(() => mergeFaults(faults, { slowMs: 9, ...patch })).toThrow(why);
  expect(faults).toEqual(defaultFaults());
});
