import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../../agents/tool.ts';
import type { CallEvent, CallFact } from '../../../contracts/call-event.ts';
import { type EffectAsk, firstTry } from '../../../contracts/control.ts';
import { CallError } from '../../../contracts/error.ts';
import { resume } from '../../journal/resume.ts';
import { type Chance, chanceOf } from '../../testing/chance.ts';
import type { ChatModel, ModelEvent, ModelItem } from '../model/model.ts';
import { conversation, settled } from '../scripted-conversation.ts';
import type { CarryOut } from './outside-effects.ts';

/**
 * Random lives of a call in which everything goes wrong that can: the caller talks over the agent, replies and questions
 * of the control plane are lost, late or repeated, tools fail with and without having done it, the host dies and another
 * goes on from the journal, and the model asks for what it was told to be under way. What the caller ordered is then
 * there once.
 */
const histories = 1_000;

const order = defineTool({
  name: 'place-order',
  description: 'Orders.',
  parameters: z.object({ number: z.number(), size: z.number() }),
  effect: true,
  timeoutMs: 2_000,
  run: () => expect.unreachable('an effect ran in the media host'),
});

/** The world knows an order by the first key it came with; the control plane runs a tool once for a key. */
function world(chance: Chance) {
  const orders = new Map<string, number>();
  const outcomes = new Map<string, { number: number; failed: boolean }>();
  const counts = { asked: 0, runs: 0, lost: 0, repeated: 0, failed: 0 };
  const place = ({ key, arguments: args }: EffectAsk, kind: boolean) => {
    const number = Number(args['number']);
    const known = outcomes.get(key);
    if (known) {
      counts.repeated += 1;
      expect(known.number, 'a key stands for what it was first used for').toBe(number);
      return known;
    }
    counts.runs += 1;
    const failed = kind && chance.between(1, 6) === 1;
    const done = !failed || chance.between(0, 1) === 1;
    if (done) orders.set(firstTry(key), number);
    if (failed) counts.failed += 1;
    const outcome = { number, failed };
    outcomes.set(key, outcome);
    return outcome;
  };
  /** One way to the control plane and back; `quiet` loses nothing. */
  const carryOut =
    (after: (ms: number, run: () => void) => () => void, quiet: () => boolean): CarryOut =>
    (_, ask) =>
      new Promise((resolve, reject) => {
        counts.asked += 1;
        const way = quiet() ? 0 : chance.between(0, 5);
        const lost = () => reject(new CallError('EFFECT_ABANDONED', { tool: ask.tool, status: 0 }));
        if (way > 3) counts.lost += 1;
        if (way === 4) return void after(chance.between(0, 3_000), lost);
        const answer = () => {
          const { number, failed } = place(ask, !quiet());
          // A question that was sent twice.
          if (way === 3) place(ask, false);
          if (way === 5) return void after(chance.between(0, 3_000), lost);
          after(chance.between(0, way === 2 ? 9_000 : 300), () =>
            failed ? reject(new CallError('TOOL_FAILED', { tool: ask.tool, reason: 424 })) : resolve({ done: number }),
          );
        };
        if (way === 0) answer();
        else after(chance.between(0, 800), answer);
      });
  return { orders, counts, carryOut };
}

/** Asks for every order that it has not read or said to be done, now and then for one that it reads to be under way. */
function hastyModel(chance: Chance): ChatModel {
  let calls = 0;
  return {
    async *stream({ history, tools }): AsyncGenerator<ModelEvent> {
      const open = ordered(history).filter(number => !isDone(history, number));
      const hurried = open.filter(number => !isUnderWay(history, number) || chance.between(0, 2) === 0);
      if (tools.length > 0 && hurried.length > 0) {
        const twice = chance.between(0, 4) === 0 ? [hurried[0] ?? 0] : [];
        for (const number of [...hurried, ...twice]) {
          calls += 1;
          const written = [`{"number":${number},"size":1}`, `{ "size": 1, "number": ${number} }`][chance.between(0, 1)];
          yield { type: 'tool-call', callId: `call_${calls}`, name: 'place_order', arguments: written ?? '' };
        }
        yield { type: 'done', usage: { input: 1, output: 1, cached: 0 }, finish: 'tool-calls' };
        return;
      }
      const done = ordered(history).filter(number => isDone(history, number));
      yield { type: 'text', delta: done.length > 0 ? done.map(number => `Done ${number}.`).join(' ') : 'I am sorry.' };
      yield { type: 'done', usage: { input: 1, output: 1, cached: 0 }, finish: 'stop' };
    },
  };
}

const ordered = (history: readonly ModelItem[]): number[] => [
  ...new Set(
    history.flatMap(item =>
      item.type === 'caller' ? [...item.text.matchAll(/order (\d+)/g)].map(([, n]) => Number(n)) : [],
    ),
  ),
];
const outputs = (history: readonly ModelItem[]): string[] =>
  history.flatMap(item => (item.type === 'tool-output' ? [item.output] : []));
const isDone = (history: readonly ModelItem[], number: number): boolean =>
  outputs(history).includes(JSON.stringify({ done: number })) ||
  history.some(item => item.type === 'agent' && new RegExp(`Done ${number}\\.`).test(item.text));
const isUnderWay = (history: readonly ModelItem[], number: number): boolean => {
  const calls = history.flatMap(item =>
    item.type === 'tool-call' && JSON.parse(item.arguments).number === number ? [item.callId] : [],
  );
  return history.some(
    item => item.type === 'tool-output' && calls.includes(item.callId) && item.output.includes('under way'),
  );
};

/** One call: hosts come and go, the journal stays. */
async function lifeOf(seed: string) {
  const chance = chanceOf(seed);
  const { orders, counts, carryOut } = world(chance);
  const journal: CallEvent[] = [];
  const note = (fact: CallFact) => journal.push({ ...fact, seq: journal.length, at: journal.length });
  let quiet = false;
  let turn = 0;
  let wanted = 0;
  let crashes = 0;
  let bargeIns = 0;

  const open = (before?: ReturnType<typeof resume>) => {
    const host = { dead: false, busy: false };
    const opened = conversation([], {
      tools: [order],
      model: hastyModel(chance),
      carryOut: (...asked) => carryOut(opened.clock.after, () => quiet)(...asked),
      ...(before && { history: before.history, begunEffects: before.begunEffects }),
      emit: event => {
        if (host.dead) return;
        if (event.type === 'reply-ended' || event.type === 'reply-failed') host.busy = false;
        if (event.type !== 'effect-began') return;
        const { epoch: _, ...fact } = event;
        note(fact);
      },
    });
    return { ...opened, host };
  };
  let now = open();
  note({
    ...{ type: 'media-opened', hostId: 'a', mode: 'media', agent: 'reception', agentVersion: '1', sampleRate: 16_000 },
  });

  const times = { startMs: 0, endMs: 0 };
  const pass = async (ms: number, stepMs = 500) => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await settled();
      now.clock.advance(Math.min(stepMs, ms - passed));
    }
    await settled();
  };
  const take = (said: string) => {
    now.host.busy = true;
    note({ type: 'caller-spoke', turn, text: said, ...times });
    now.runtime.take({ turn, epoch: now.shared.epoch, said, final: chance.between(0, 3) > 0 });
  };
  const spoken = () =>
    now
      .of('sentence')
      .flatMap(one => (one.turn === turn ? [one.text] : []))
      .join(' ');
  /** What was made of the reply is heard whole, in part or not at all; then the caller has the floor. */
  const endTurn = () => {
    const text = spoken();
    const interrupted = now.host.busy || chance.between(0, 2) === 0;
    const heard = interrupted ? text.slice(0, chance.between(0, text.length)) : text;
    if (interrupted) {
      bargeIns += 1;
      note({ type: 'barge-in', turn, by: 'voice', decidedAtUs: 0, unsentMs: 0, unplayedMs: 0 });
      now.bargeIn(turn, heard);
    } else now.runtime.heard(turn, heard, false);
    note({ type: 'agent-spoke', turn, agent: 'reception', text, heard, interrupted, ...times });
  };
  const says = (words: string) => {
    if (turn > 0) endTurn();
    turn += 1;
    take(words);
  };
  const crash = () => {
    crashes += 1;
    now.host.dead = true;
    const before = resume(journal);
    now = open(before);
    turn = before.turn;
    if (before.unanswered.length > 0) take(before.unanswered.join(' '));
  };

  for (let step = chance.between(3, 7); step > 0; step--) {
    const what = chance.between(0, 9);
    if (what < 5 || turn === 0) says(`order ${++wanted}`);
    else if (what === 5) says('wait');
    else if (what < 8 && now.host.busy) {
      // The caller adds words to a turn that is being answered.
      now.shared.epoch += 1;
      now.runtime.cancel(now.shared.epoch);
      const said = journal.findLast(event => event.type === 'caller-spoke' && event.turn === turn);
      take(`${said?.type === 'caller-spoke' ? said.text : ''} order ${++wanted}`.trim());
    } else crash();
    await pass(chance.between(0, 8) * 250);
  }
  quiet = true;
  const allDone = () =>
    Array.from({ length: wanted }, (_, at) => `Done ${at + 1}.`).every(done => spoken().includes(done));
  await pass(24_000, 4_000);
  for (let patience = 0; patience < 4 && !allDone(); patience++) {
    says('is it done?');
    await pass(6_000, 2_000);
  }
  const said = spoken();
  now.host.dead = true;
  return { orders: [...orders.values()].sort((a, b) => a - b), wanted, said, counts, crashes, bargeIns };
}

test(`over ${histories} random lives of a call, each order is in the world once`, async () => {
  const all = { orders: 0, asked: 0, runs: 0, lost: 0, repeated: 0, failed: 0, crashes: 0, bargeIns: 0 };
  for (let at = 0; at < histories; at++) {
    const { orders, wanted, said, counts, crashes, bargeIns } = await lifeOf(`life ${at}`);
    const each = Array.from({ length: wanted }, (_, n) => n + 1);
    expect({ at, orders }).toEqual({ at, orders: each });
    for (const number of each) expect({ at, said }).toEqual({ at, said: expect.stringContaining(`Done ${number}.`) });
    for (const [name, count] of Object.entries({ ...counts, crashes, bargeIns, orders: wanted }))
      all[name as keyof typeof all] += count;
  }
  expect(Math.min(...Object.values(all))).toBeGreaterThan(100);
  console.info(`effects once: ${JSON.stringify(all)}`);
}, 60_000);

test('what is ordered again after its outcome was told is another order', async () => {
  const { orders, carryOut } = world(chanceOf('again'));
  const call = (id: string) => [{ call: 'place_order', args: { number: 7, size: 1 }, id }];
  const { runtime, clock, told } = conversation([call('a'), ['Done.'], call('b'), ['Done.']], {
    tools: [order],
    carryOut: (...asked) => carryOut(clock.after, () => true)(...asked),
  });
  for (const turn of [1, 2]) {
    runtime.take({ turn, epoch: 0, said: 'order 7' });
    for (let at = 0; at < 4; at++) {
      await settled();
      clock.advance(500);
    }
    await told('reply-ended', turn);
    runtime.heard(turn, 'Done.', false);
  }
  expect(orders.size).toBe(2);
});
