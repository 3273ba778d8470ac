import type { LifeEvent } from '../../../contracts/call-life.ts';
import type { ControlMessage } from '../../../contracts/control.ts';
import type { Order } from '../../acs/orders.ts';
import type { ControlEvent } from '../../call-message.ts';
import { type CallRules, type Control, freshControl, type Intent, type Outcome, type SteerEvent } from '../state.ts';
import { alarmAt, steer } from '../steer.ts';

/** A call on a clock of its own: events go in, and what is wanted next is read off. */
export const testRules: CallRules = {
  ...{ callId: 'c', direction: 'in', maxCallMs: 3_600_000, idleMs: 60_000, ourNumber: '+15550100' },
  people: { targets: ['+15550111', '+15550112'], mode: 'consult', ringSeconds: 25 },
};

type Untimed<T> = T extends { at: number } ? Omit<T, 'at'> : T;
export type Told = Untimed<LifeEvent | ControlEvent> & { id?: string; from?: 'acs' | 'us'; at?: number };

export interface Steered {
  state: Control;
  now: number;
  /** What has been wanted since last asked. */
  wanted(): Intent[];
  /** The orders among it, by context. */
  orders(): { order: Order; context: string }[];
  messages(): ControlMessage['do'][];
  /** `at` and `id` are made up where absent. */
  told(event: Told): Steered;
  came(outcome: Outcome): Steered;
  /** Lets time pass; alarms are met at their moments. */
  passes(ms: number): Steered;
}

export function steered(rules: CallRules = testRules, state = freshControl(0)): Steered {
  let intents: Intent[] = [];
  let made = 0;
  const take = (event: SteerEvent): Steered => {
    const step = steer(call.state, event, call.now, rules);
    call.state = step.state;
    intents.push(...step.intents);
    return call;
  };
  const drained = (): Intent[] => {
    const all = intents;
    intents = [];
    return all;
  };
  const call: Steered = {
    state,
    now: 0,
    wanted: drained,
    orders: () =>
      drained().flatMap(intent =>
        intent.do === 'carry-out' ? [{ order: intent.order, context: intent.context }] : [],
      ),
    messages: () => drained().flatMap(intent => (intent.do === 'tell-media' ? [intent.message.do] : [])),
    told: event => take({ id: `m${made++}`, from: 'acs', at: call.now, ...event } as SteerEvent),
    came: take,
    passes(ms) {
      const until = call.now + ms;
      for (;;) {
        const alarm = call.state.life.phase === 'ended' ? Number.POSITIVE_INFINITY : alarmAt(call.state, rules);
        if (alarm > until) break;
        call.now = Math.max(call.now, alarm);
        take({ type: 'alarm' });
      }
      call.now = until;
      return call;
    },
  };
  return call;
}

/** A call that is up and heard. */
export function talking(rules: CallRules = testRules): Steered {
  const call = steered(rules)
    .came({ type: 'began' })
    .told({ type: 'answered', from: 'us', callConnectionId: 'cc' })
    .told({ type: 'connected', callConnectionId: 'cc' })
    .told({ type: 'participants', sequence: 1, count: 2 })
    .told({ type: 'streaming-started' });
  call.wanted();
  return call;
}
