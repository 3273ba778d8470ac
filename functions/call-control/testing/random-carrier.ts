import type { Look } from '../../acs/look.ts';
import type { Order, OrderReply } from '../../acs/orders.ts';
import { type CallRules, type Control, freshControl, type Intent, type SteerEvent } from '../state.ts';
import { alarmAt, steer } from '../steer.ts';
import type { Told } from './steered.ts';

/**
 * A call with a carrier that keeps true books of who is in it and reports late, twice, in any order and, when it is ill,
 * not at all: what people and operators do comes from a seed.
 */
export interface Lived {
  state: Control;
  /** The most people of ours that were in the call at one moment. */
  mostPersons: number;
  endedAt: number;
  steps: number;
}

interface Due {
  at: number;
  event: Told & { id: string };
}

interface Act {
  at: number;
  run(): unknown;
}

const talkMs = 150_000;
const mostSteps = 5_000;

export function livedThrough(random: () => number, rules: CallRules, isIll: boolean): Lived {
  let now = 0;
  let state = freshControl(0);
  let due: Due[] = [];
  let acts: Act[] = [];
  let made = 0;
  let sequence = 0;
  let isUp = true;
  let isHeard = true;
  let mayAskFrom = 0;
  let mostPersons = 0;
  let steps = 0;
  const persons = new Set<string>();
  const ringing = new Map<string, { who: string; context: string }>();

  const chance = (share: number): boolean => random() < share;
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const soon = (mostMs: number): number => now + Math.floor(random() * mostMs);

  /** Reported at some moment; sometimes again, and by an ill carrier sometimes never. */
  const report = (event: Told, at = soon(900)): void => {
    if (isIll && chance(0.15)) return;
    const whole = { at: now, ...event, id: `e${made++}` };
    due.push({ at, event: whole });
    if (chance(0.2)) due.push({ at: at + Math.floor(random() * 20_000), event: whole });
  };
  const reportPeople = (): void => report({ type: 'participants', sequence: sequence++, count: 2 + persons.size });
  const over = (context: string, succeeded: boolean, more: object = {}): Told => {
    const [code, subCode] = succeeded
      ? [200, 0]
      : pick([
          [603, 8538],
          [486, 8539],
          [480, 8541],
          [400, 8510],
        ] as const);
    return { type: 'order-ended', context, end: succeeded ? 'succeeded' : 'failed', code, subCode, ...more } as Told;
  };
  const endCall = (code: number, subCode: number): void => {
    if (!isUp) return;
    isUp = false;
    persons.clear();
    ringing.clear();
    report({ type: 'disconnected', code, subCode });
  };

  const answerOrder = (order: Order, context: string): OrderReply | undefined => {
    if (!isUp) return { outcome: 'gone' };
    if (isIll && chance(0.1)) return undefined;
    if (isIll && chance(0.1)) return { outcome: 'refused', status: 400, code: pick(['8523', '8500', '8585']) };
    switch (order.do) {
      case 'add': {
        const invitationId = `i${made++}`;
        ringing.set(invitationId, { who: order.who, context });
        acts.push({ at: soon(order.ringSeconds * 1_400), run: () => pickUp(invitationId) });
        return { outcome: 'asked', invitationId };
      }
      case 'cancel-add':
        acts.push({ at: soon(800), run: () => report(over(context, ringing.delete(order.invitationId))) });
        return { outcome: 'asked' };
      case 'remove':
        acts.push({ at: soon(800), run: () => showOut(order.who, context) });
        return { outcome: 'asked' };
      case 'transfer':
        acts.push({ at: soon(60_000), run: () => moveTo(context) });
        return { outcome: 'asked' };
      case 'recognise': {
        const key = pick(['1', '1', '2', '5', undefined]);
        report(over(context, key !== undefined, key === undefined ? {} : { tones: key }), soon(15_000));
        return { outcome: 'asked' };
      }
      case 'start-streaming':
        isHeard = chance(0.7);
        report(isHeard ? { type: 'streaming-started' } : { type: 'streaming-failed', code: 500, subCode: 8603 });
        return { outcome: 'asked' };
      case 'stop-streaming':
        isHeard = false;
        report({ type: 'streaming-stopped', code: 200, subCode: 0 });
        return { outcome: 'asked' };
      default:
        report(over(context, chance(0.8)), soon(8_000));
        return { outcome: 'asked' };
    }
  };
  const pickUp = (invitationId: string): void => {
    const rung = ringing.get(invitationId);
    if (!rung || !ringing.delete(invitationId)) return;
    const answers = chance(0.5);
    if (answers) persons.add(rung.who);
    report(over(rung.context, answers));
    if (answers) reportPeople();
  };
  const showOut = (who: string, context: string): void => {
    report(over(context, persons.delete(who)));
    reportPeople();
  };
  const moveTo = (context: string): void => {
    if (!isUp) return;
    const taken = chance(0.4);
    report(over(context, taken));
    if (taken) endCall(200, 7000);
  };

  const perform = (intent: Intent): SteerEvent | undefined => {
    switch (intent.do) {
      case 'carry-out': {
        const reply = answerOrder(intent.order, intent.context);
        return { type: 'carried-out', context: intent.context, ...(reply && { reply }) };
      }
      case 'look-up': {
        if (isIll && chance(0.2)) return { type: 'looked', why: intent.why };
        const look: Look = isUp ? { up: true, streaming: isHeard, people: 2 + persons.size } : { up: false };
        if (intent.who !== undefined && isUp) look.present = persons.has(intent.who);
        return { type: 'looked', why: intent.why, look };
      }
      case 'ask-host':
        return { type: 'host-asked', hostId: intent.hostId, ...(!(isIll && chance(0.2)) && { silent: chance(0.5) }) };
      case 'hang-up': {
        const gone = !isUp;
        endCall(200, 7000);
        return { type: 'hung-up', gone };
      }
      case 'tell-media':
        if (intent.message.do === 'back-to-agent') mayAskFrom = now + 5_000;
        return { type: 'told-media', message: intent.message, reached: !(isIll && chance(0.3)) };
      default:
        return undefined;
    }
  };
  const take = (event: SteerEvent): void => {
    const intents: Intent[] = [];
    const fold = (folded: SteerEvent): void => {
      const step = steer(state, folded, now, rules);
      state = step.state;
      intents.push(...step.intents);
    };
    fold(event);
    for (let intent = intents.shift(); intent; intent = intents.shift()) {
      if (state.life.phase === 'ended' && intent.do !== 'hang-up') continue;
      const outcome = perform(intent);
      if (outcome) fold(outcome);
      mostPersons = Math.max(mostPersons, persons.size);
    }
  };

  const doings: (() => void)[] = [
    () => now >= mayAskFrom && tell({ type: 'handoff-asked', ask: ask(pick(['consult', 'consult', 'transfer'])) }),
    () => tell({ type: 'handoff-cancelled' }),
    () => tell({ type: 'ordered', order: { do: 'cancel-media' } }),
    () => tell({ type: 'ordered', order: { do: 'play', source: { text: 'x' }, loop: chance(0.3) } }),
    () =>
      tell({
        ...{ type: 'ordered', order: { do: 'start-recording', channels: 'unmixed' } },
        before: { do: 'play', source: { text: 'x' }, loop: false },
      }),
    () => tell({ type: 'telling-asked', wish: pick([{ do: 'say', text: 'x' }, { do: 'move' }] as const) }),
    () => tell({ type: 'ordered', order: { do: pick(['start-streaming', 'stop-streaming'] as const) } }),
    () => {
      isHeard = false;
      tell({ type: 'streaming-failed', code: 500, subCode: 8603 });
    },
    // A frozen host keeps its sockets.
    () => {
      isHeard = chance(0.5);
      tell({ type: 'host-lost', hostId: 'h' });
    },
    () => {
      if (!persons.delete([...persons][0] ?? '')) return;
      reportPeople();
    },
    () => chance(0.1) && endCall(200, 540000),
  ];
  const tell = (event: Told): void => report(event, now);
  const ask = (mode: 'consult' | 'transfer') => ({ reason: 'x', summary: '', mode });
  const someDoings = 3 + Math.floor(random() * 9);
  for (let i = 0; i < someDoings; i += 1) acts.push({ at: 1_000 + soon(talkMs - 1_000), run: pick(doings) });
  acts.push({ at: talkMs + soon(30_000), run: () => endCall(200, 540000) });

  take({ type: 'began' });
  for (const event of [
    { type: 'answered', callConnectionId: 'cc' },
    { type: 'connected', callConnectionId: 'cc' },
    { type: 'streaming-started' },
  ] as const)
    due.push({ at: soon(500), event: { at: 0, ...event, id: `e${made++}` } });
  const seen = new Set<string>();
  while (state.life.phase !== 'ended' && steps < mostSteps) {
    steps += 1;
    const act = soonest(acts);
    const next = soonest(due);
    now = Math.max(now, Math.min(alarmAt(state, rules), act?.at ?? never, next?.at ?? never));
    if (act && act.at <= now) {
      acts = acts.filter(each => each !== act);
      act.run();
    } else if (next && next.at <= now) {
      due = due.filter(each => each !== next);
      if (!seen.has(next.event.id)) take({ from: 'acs', ...next.event } as SteerEvent);
      seen.add(next.event.id);
    } else take({ type: 'alarm' });
    mostPersons = Math.max(mostPersons, persons.size);
  }
  return { state, mostPersons, endedAt: now, steps };
}

const never = Number.POSITIVE_INFINITY;

function soonest<T extends { at: number }>(all: readonly T[]): T | undefined {
  let first = all[0];
  for (const each of all) if (first && each.at < first.at) first = each;
  return first;
}
