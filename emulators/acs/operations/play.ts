import type { Exchange } from '../exchange.ts';
import type { Leg } from '../leg.ts';
import type { PlaySource } from '../rest/bodies.ts';
import { operationBody, playBody } from '../rest/bodies.ts';
import type { Operation } from '../rest/operation.ts';
import { addressOf, onConnectedLeg } from '../rest/operation.ts';
import { cancelled, completed } from '../results.ts';
import type { MediaOperation } from './media-operations.ts';
import { promptOf } from './prompt.ts';

const bytesPerMs = 32;

/** Prompts, and the end of all of them. */
export const playOperations: Operation[] = [
  onConnectedLeg(':play', playBody, (leg, { exchange, body }) => {
    const loop = body.playOptions?.loop ?? false;
    leg.operations.add(
      play(exchange, leg, body.playSources, loop, addressOf(body)),
      body.interruptCallMediaOperation ?? false,
    );
    return { status: 202 };
  }),
  onConnectedLeg(':cancelAllMediaOperations', operationBody, leg => {
    leg.operations.cancelAll();
    return { status: 202 };
  }),
];

function play(
  exchange: Exchange,
  leg: Leg,
  sources: PlaySource[],
  loop: boolean,
  address: ReturnType<typeof addressOf>,
): MediaOperation {
  const { prompts } = leg.conversation;
  let isOver = false;
  let stopTimer: () => void = () => undefined;
  const stop = () => {
    isOver = true;
    stopTimer();
    prompts.clear();
  };

  async function begin(finished: () => void): Promise<void> {
    const prompt = await promptOf(exchange, leg, sources);
    if (isOver) return;
    if ('result' in prompt) {
      const extra = { failedPlaySourceIndex: prompt.failedIndex };
      leg.tell('PlayFailed', extra, { ...address, result: prompt.result });
      return finished();
    }
    leg.tell('PlayStarted', {}, { ...address, result: completed });
    const round = () => {
      leg.conversation.openEars();
      prompts.push(prompt.pcm);
      stopTimer = leg.alarms.after(Math.max(1, prompt.pcm.length / bytesPerMs), () => {
        if (loop) return round();
        leg.tell('PlayCompleted', {}, { ...address, result: completed, post: { afterMs: 5 } });
        finished();
      });
    };
    round();
  }

  return {
    begin: finished => void begin(finished),
    cancel() {
      stop();
      leg.tell('PlayCanceled', {}, { ...address, result: cancelled });
    },
    drop: stop,
  };
}
