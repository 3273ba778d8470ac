import { expect, test } from 'vitest';
import type { ControlMessage } from '../../contracts/control.ts';
import { type Steered, talking, testRules } from './testing/steered.ts';
import { telling } from './untold.ts';

const say = { type: 'telling-asked', id: 'op', wish: { do: 'say', text: 'One moment.' } } as const;
const message = { id: 'op', do: 'say', text: 'One moment.', at: 0 } as const;
const nobody = { ...testRules, people: { ...testRules.people, targets: [] } };

const operation = (call: Steered) => call.state.operations.find(({ id }) => id === 'op');
const toTell = (call: Steered): ControlMessage[] =>
  call.wanted().flatMap(intent => (intent.do === 'tell-media' ? [intent.message] : []));
const came = (call: Steered, told: ControlMessage, reached: boolean) =>
  call.came({ type: 'told-media', message: told, reached });

test('what somebody wants said is told under its own name, once, and done when it is on its way', () => {
  const call = talking().told(say).told(say);
  expect(toTell(call)).toEqual([message]);
  expect(operation(call)).toMatchObject({ order: 'say', state: 'asked' });
  expect(operation(came(call, message, true))).toMatchObject({ state: 'done' });
  expect(call.passes(290_000).wanted()).toEqual([]);
  expect(JSON.stringify(call.state)).not.toContain('One moment');
});

test('a wish that cannot be told is told again under the same name, later each time, and fails after a minute', () => {
  const call = talking().told(say);
  expect(toTell(call)).toEqual([message]);
  const waits: number[] = [];
  let from = call.now;
  for (let failed = 1; failed < telling.attempts; failed += 1) {
    came(call, message, false);
    while (call.wanted().length === 0) call.passes(100);
    waits.push(call.now - from);
    from = call.now;
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  expect(operation(call)).toMatchObject({ state: 'asked' });
  expect(operation(came(call, message, false))).toMatchObject({ state: 'failed', code: 'unavailable' });
  expect(call.passes(200_000).wanted()).toEqual([]);
});

test('a wish that was told at the second try is done', () => {
  const call = came(talking().told(say), message, false).passes(1_000);
  expect(operation(came(call, message, true))).toMatchObject({ state: 'done' });
});

test('the agent learns that it has the caller back although the first message was lost', () => {
  const call = talking(nobody).told({ type: 'handoff-asked', ask: { reason: 'r', summary: '' } });
  const [back] = toTell(call);
  expect(back).toMatchObject({ do: 'back-to-agent' });
  came(call, back!, false).passes(1_000);
  expect(toTell(call)).toEqual([back]);
  came(call, back!, true);
  expect(call.passes(290_000).wanted()).toEqual([]);
});

test('of a search only the newest word is told again', () => {
  const call = talking(nobody).told({ type: 'handoff-asked', ask: { reason: 'r', summary: '' } });
  const [back] = toTell(call);
  came(call, back!, false);
  call.told({ type: 'handoff-asked', ask: { reason: 'r', summary: '', targets: ['+15550111'] } });
  const [sought] = toTell(call);
  expect(sought).toMatchObject({ do: 'seek-person' });
  came(call, sought!, false);
  call.passes(20_000);
  expect(toTell(call)).toEqual([]);
});

test('a call that is ending, or without its agent, tells nobody anything', () => {
  const ending = came(talking().told(say), message, false);
  ending.told({ type: 'hang-up-asked', by: 'agent', reason: 'asked' });
  ending.wanted();
  expect(ending.passes(60_000).wanted()).toEqual([]);

  const alone = talking().told({ type: 'ordered', id: 'stop', order: { do: 'stop-streaming' } });
  alone.came({ type: 'carried-out', context: 'stop', reply: { outcome: 'asked' } });
  alone.wanted();
  expect(alone.told(say).wanted()).toEqual([]);
  expect(operation(alone)).toMatchObject({ state: 'failed', code: 'no-conversation' });
});
