import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../../agents/tool.ts';
import type { EffectAsk } from '../../../contracts/control.ts';
import type { Line } from '../model/scripted-model.ts';
import { conversation, gate, settled } from '../scripted-conversation.ts';
import { type BegunEffect, outsideEffects } from './outside-effects.ts';

const book = defineTool({
  name: 'book-table',
  description: 'Books a table.',
  parameters: z.object({ persons: z.number() }),
  effect: true,
  run: () => expect.unreachable('an effect ran in the media host'),
});

/** The world outside: done once under a key, whoever asks. */
function world() {
  const done = new Map<string, EffectAsk>();
  return {
    done,
    carryOut: async (_: string, ask: EffectAsk) => {
      if (!done.has(ask.key)) done.set(ask.key, ask);
      return { table: done.size };
    },
  };
}

const table: Line[][] = [[{ call: 'book_table', args: { persons: 4 } }], ['Table one is yours.']];

test('an effect is carried out outside, and its outcome is what the model reads', async () => {
  const { carryOut, done } = world();
  const { runtime, model, of, told } = conversation(table, { tools: [book], carryOut });
  runtime.take({ turn: 1, epoch: 0, said: 'A table for four.' });
  await told('reply-ended', 1);
  expect([...done.values()]).toEqual([
    { key: expect.stringMatching(/^turn-1:book-table:/), tool: 'book-table', arguments: { persons: 4 } },
  ]);
  expect(model.requests[1]?.history.at(-1)).toMatchObject({ type: 'tool-output', output: '{"table":1}' });
  expect(of('effect-began')).toMatchObject([{ turn: 1, name: 'book-table', arguments: '{"persons":4}' }]);
});

test('a host that takes over ends the round that was lost, and the model reads how', async () => {
  const { carryOut, done } = world();
  const first = conversation(table, { tools: [book], carryOut });
  first.runtime.take({ turn: 1, epoch: 0, said: 'A table for four.' });
  await settled();
  const begunEffects: BegunEffect[] = first
    .of('effect-began')
    .map(({ turn, name, key, arguments: args }) => ({ turn, name, key, arguments: args }));
  expect(begunEffects).toHaveLength(1);
  const next = conversation([['Yours.']], { tools: [book], carryOut, begunEffects });
  next.runtime.take({ turn: 1, epoch: 0, said: 'A table for four.' });
  await next.told('reply-ended', 1);
  expect(done.size).toBe(1);
  expect(next.of('effect-began')).toEqual([]);
  expect(next.model.requests[0]?.history).toMatchObject([
    { type: 'caller', text: 'A table for four.' },
    { type: 'tool-call', name: 'book_table', arguments: '{"persons":4}' },
    { type: 'tool-output', output: '{"table":1}' },
  ]);
});

test('what it cannot learn at once does not keep the caller from another turn, nor is it done twice', async () => {
  const { carryOut, done } = world();
  const asked = gate();
  const slow = async (...ask: Parameters<typeof carryOut>) => {
    await asked.passed;
    return carryOut(...ask);
  };
  const args = '{"persons":4}';
  const lost = { turn: 1, name: 'book-table', key: 'turn-1:book-table:0000', arguments: args };
  const again = { call: 'book_table', args: { persons: 4 } };
  const next = conversation([[again], ['Yours.']], { tools: [book], carryOut: slow, begunEffects: [lost] });
  next.runtime.take({ turn: 2, epoch: 0, said: 'Hello?' });
  await next.told('tool-started', 2);
  expect(next.model.requests[0]?.history).toMatchObject([
    { type: 'caller', text: 'Hello?' },
    { type: 'tool-call', arguments: args },
    { type: 'tool-output', output: expect.stringContaining('under way') },
  ]);
  asked.open();
  await next.told('reply-ended', 2);
  expect([...done.keys()]).toEqual([lost.key]);
  expect(next.of('effect-began')).toEqual([]);
});

test('another turn, other arguments: another effect', async () => {
  const { carryOut, done } = world();
  const effects = outsideEffects('0'.repeat(32), carryOut);
  const context = { callId: '0'.repeat(32), signal: new AbortController().signal, now: () => 0 };
  const run = (turn: number, args: string) => effects.of(book, turn, args, () => undefined).run({}, context);
  for (const [turn, args] of [
    [1, '{"persons":4}'],
    [1, '{"persons":4}'],
    [1, '{"persons":2}'],
    [2, '{"persons":4}'],
  ] as const)
    await run(turn, args);
  expect(done.size).toBe(3);
});
