import { acsEventNames } from '../acs/acs-event.ts';
import { countOne } from '../counters.ts';
import type { OnDefault } from './event-handlers.ts';
import { callMessageOf, toneOf } from './messages.ts';
import { ToneOrder } from './tone-order.ts';

/** What the house does with events: the orchestration of the call is told what changes it, the media host what is pressed. */
export function defaultHandlers(on: OnDefault): void {
  const order = new ToneOrder();

  for (const name of acsEventNames)
    on(name, async ({ event, tell }) => {
      const message = callMessageOf(event);
      return message && (await tell(message)) === 'gone' ? 'gone' : 'done';
    });

  for (const name of acsEventNames.filter(each => each.endsWith('Failed')))
    on(name, async ({ counters }) => {
      countOne(counters.callbacks.carrierFailed, name);
      return 'done';
    });

  on('ContinuousDtmfRecognitionToneReceived', async ({ event, callId, control }) => {
    const tone = toneOf(event);
    if (tone) await order.next(callId, event.sequenceId, () => control.tell(callId, tone));
    return 'done';
  });
}
