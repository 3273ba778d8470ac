import { type EarFrame, openPhoneLine } from '../emulators/caller/phone-line.ts';

/** A caller that makes sounds and understands no word: cheap enough that a hundred leave the machine to what is measured. */
export interface LightCaller {
  correlationId: string;
  callConnectionId: string;
  /** When sound began to flow, µs of the monotonic clock. */
  openUs: number;
  stops: readonly LightStop[];
  speak(pcm: Int16Array): void;
  over(): string | undefined;
  hangUp(): void;
}

export interface LightStop {
  atUs: number;
  discardedMs: number;
  /** It came while the caller spoke. */
  speaking: boolean;
  /** Frames of the app that arrived after it while the caller spoke on; undefined until the microphone is idle. */
  framesAfterStop: number | undefined;
}

/** Dials and waits until sound flows. `onFrame` gets every 20 ms of the ear. */
export async function dialLightly(
  acsUrl: string,
  from: string,
  onFrame: (frame: EarFrame) => void = () => undefined,
): Promise<LightCaller> {
  const opened = Promise.withResolvers<void>();
  const stops: LightStop[] = [];
  let speaking = false;
  let over: string | undefined;
  const finish = (why: string) => {
    over ??= why;
    opened.reject(new Error(`The call from ${from} was over before its sound flowed: ${why}.`));
  };
  const caller = { correlationId: '', callConnectionId: '', openUs: 0 };
  const url = new URL(`/phone?${new URLSearchParams({ from, to: '+15550199' })}`, acsUrl.replace('http', 'ws'));
  const line = await openPhoneLine(url, {
    event: event => {
      switch (event.event) {
        case 'ringing':
          caller.correlationId = event.correlationId;
          break;
        case 'answered':
          caller.callConnectionId = event.callConnectionId;
          break;
        case 'media-open':
          caller.openUs ||= event.atUs;
          opened.resolve();
          break;
        case 'stop-audio':
          stops.push({ atUs: event.atUs, discardedMs: event.discardedMs, framesAfterStop: undefined, speaking });
          break;
        case 'mic-started':
          speaking = true;
          break;
        case 'mic-idle': {
          speaking = false;
          const last = stops.at(-1);
          // A stop that came when the caller had finished is followed by the answer: what comes then is not late.
          if (last?.speaking) last.framesAfterStop ??= event.framesAfterStop;
          break;
        }
        case 'failed':
          return finish(event.reason);
        case 'ended':
          return finish(`ended by the ${event.by}`);
      }
    },
    frame: onFrame,
    closed: (code, reason) => finish(`closed ${code} ${reason}`),
  });
  const timer = setTimeout(() => finish('no sound within 20 s'), 20_000);
  try {
    await opened.promise;
  } finally {
    clearTimeout(timer);
  }
  return Object.assign(caller, {
    stops,
    speak: line.speak,
    over: () => over,
    hangUp: () => {
      if (over === undefined) line.send({ do: 'hang-up' });
    },
  });
}
