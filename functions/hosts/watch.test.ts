import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Heartbeat } from '../../contracts/control.ts';
import { type Cosmos, startCosmos } from '../../emulators/cosmos/cosmos.ts';
import type { CallMessage } from '../call-message.ts';
import { logTo } from '../log.ts';
import { openStore } from '../store.ts';
import { testSettings } from '../testing/settings.ts';
import { type HostTable, hostTable } from './host-table.ts';
import { noticeSilence } from './watch.ts';

let cosmos: Cosmos;
/** Two processes of the control plane. */
let one: HostTable;
let other: HostTable;

beforeAll(async () => {
  cosmos = await startCosmos();
});
afterAll(() => cosmos.close());
beforeEach(() => {
  cosmos.reset();
  const open = () => hostTable(openStore(testSettings({ cosmos })).documents('calls'));
  [one, other] = [open(), open()];
});

const callId = (n: number): string => String(n).padStart(32, '0');
const beat = (more: Partial<Heartbeat> = {}): Heartbeat => ({
  ...{ hostId: 'mh-1', beat: 1, places: 10, calls: [callId(1), callId(2)], draining: false, loopP99Ms: 3 },
  ...more,
});
const silent = logTo(console, 'silent');

function listener() {
  const told: { callId: string; message: CallMessage }[] = [];
  return {
    told,
    tell: async (about: string, message: CallMessage) => {
      told.push({ callId: about, message });
    },
  };
}

test('every process knows a host that one of them has heard', async () => {
  expect(await one.hear(beat(), 1_000)).toBe('taken');
  expect(await other.list(1_500)).toMatchObject([{ hostId: 'mh-1', beat: 1, heardAt: 1_000 }]);
});

test('of beats that overtake each other the latest stays', async () => {
  const beats = Array.from({ length: 6 }, (_, i) => beat({ beat: i, places: i }));
  await Promise.all(beats.toReversed().map((each, i) => (i % 2 ? one : other).hear(each, 1_000)));
  expect(await one.hear(beat({ beat: 3, places: 99 }), 2_000)).toBe('older');
  expect(await other.list(3_000)).toMatchObject([{ beat: 5, places: 5 }]);
});

test('each call of a host that has fallen silent is told so, once, whoever notices', async () => {
  await one.hear(beat(), 1_000);
  const { told, tell } = listener();
  expect(await noticeSilence(one, tell, 6_000, silent)).toBe(0);
  const counts = await Promise.all([one, other].map(table => noticeSilence(table, tell, 8_000, silent)));
  expect(counts.sort()).toEqual([0, 2]);
  await noticeSilence(other, tell, 30_000, silent);
  expect(told.map(each => each.callId).sort()).toEqual([callId(1), callId(2)]);
  expect(told[0]?.message).toEqual({
    id: 'host-lost:mh-1:1',
    from: 'us',
    type: 'host-lost',
    hostId: 'mh-1',
    at: 8_000,
  });
});

test('a host that falls silent again is another loss', async () => {
  const { told, tell } = listener();
  await one.hear(beat(), 1_000);
  await noticeSilence(one, tell, 8_000, silent);
  await one.hear(beat({ beat: 2 }), 9_000);
  await noticeSilence(one, tell, 10_500, silent);
  expect(told).toHaveLength(2);
  await noticeSilence(one, tell, 17_000, silent);
  expect(told.map(each => each.message.id)).toEqual(
    ['mh-1:1', 'mh-1:1', 'mh-1:2', 'mh-1:2'].map(id => `host-lost:${id}`),
  );
});

test('a call that could not be told is told by whoever looks later, under the same id', async () => {
  const { told, tell } = listener();
  await one.hear(beat(), 1_000);
  const deaf = async (about: string, message: CallMessage) => {
    if (about === callId(2)) throw new Error('The orchestration is away.');
    await tell(about, message);
  };
  expect(await noticeSilence(one, deaf, 8_000, silent)).toBe(1);
  expect(await noticeSilence(other, tell, 9_500, silent)).toBe(0);
  expect(await noticeSilence(other, tell, 14_000, silent)).toBe(2);
  expect(new Set(told.map(each => each.message.id))).toEqual(new Set(['host-lost:mh-1:1']));
});

test('a call that lives on another host is left alone', async () => {
  const { told, tell } = listener();
  await one.hear(beat(), 1_000);
  await one.hear(beat({ hostId: 'mh-2', calls: [callId(2), callId(3)] }), 7_500);
  await noticeSilence(one, tell, 8_000, silent);
  expect(told.map(each => each.callId)).toEqual([callId(1)]);
});
