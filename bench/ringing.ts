import type { Callbacks } from './call-callbacks.ts';
import type { ControlPlane } from './control-plane.ts';

/** Calls that ring at an even pace; each lasts a moment and its caller hangs up. */
export interface RingPlan {
  perSecond: number;
  forMs: number;
  /** From being connected to hanging up, ms. */
  callMs: number;
}

export interface Rung {
  rang: number;
  /** Calls that came up, and went down again when the caller hung up. */
  answered: number;
}

export async function ringEvenly(plane: ControlPlane, callbacks: Callbacks, plan: RingPlan): Promise<Rung> {
  const rang = Math.round((plan.perSecond * plan.forMs) / 1000);
  const calls: Promise<boolean>[] = [];
  const began = performance.now();
  for (let n = 0; n < rang; n++) {
    const dueMs = began + (n * 1000) / plan.perSecond - performance.now();
    if (dueMs > 0) await new Promise(resolve => setTimeout(resolve, dueMs));
    // What went wrong with one call is a figure, and the others go on.
    calls.push(
      oneCall(plane, callbacks, plan.callMs).then(
        () => true,
        () => false,
      ),
    );
  }
  const came = await Promise.all(calls);
  return { rang, answered: came.filter(answered => answered).length };
}

async function oneCall(plane: ControlPlane, callbacks: Callbacks, callMs: number): Promise<void> {
  const [rung] = await plane.ring(1);
  const callId = rung?.callId ?? '';
  const { event } = await callbacks.of(callId, 'CallConnected');
  await new Promise(resolve => setTimeout(resolve, callMs));
  await plane.drop(event.data.callConnectionId);
  await callbacks.of(callId, 'CallDisconnected');
}
