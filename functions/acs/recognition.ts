import type { Order } from './orders.ts';
import { playSource } from './play-source.ts';
import { toneWords } from './tones.ts';

type Recognise = Extract<Order, { do: 'recognise' }>;

/** What ACS is to listen for, in the SDK's words. A choice without a key of its own is taken by speech alone. */
export function recognition(order: Recognise) {
  const { what, prompt, silenceSeconds, toneSeconds, endSilenceMs, mostTones, stopTones, choices, language } = order;
  const every = {
    interruptPrompt: order.interruptible,
    initialSilenceTimeoutInSeconds: silenceSeconds,
    ...(prompt !== undefined && { playPrompt: playSource(prompt) }),
  };
  const keys = {
    interToneTimeoutInSeconds: toneSeconds,
    maxTonesToCollect: mostTones,
    ...(stopTones !== undefined && { stopDtmfTones: toneWords(stopTones) }),
  };
  const spoken = language === undefined ? {} : { speechLanguage: language };
  const speech = { endSilenceTimeoutInSeconds: endSilenceMs / 1000, ...spoken };
  switch (what) {
    case 'dtmf':
      return { kind: 'callMediaRecognizeDtmfOptions', ...every, ...keys } as const;
    case 'choices':
      return {
        kind: 'callMediaRecognizeChoiceOptions',
        ...every,
        ...spoken,
        choices: (choices ?? []).map(({ label, phrases, tone }) => {
          const [word] = toneWords(tone ?? '');
          return { label, phrases, ...(word !== undefined && { tone: word }) };
        }),
      } as const;
    case 'speech':
      return { kind: 'callMediaRecognizeSpeechOptions', ...every, ...speech } as const;
    case 'speech-or-dtmf':
      return { kind: 'callMediaRecognizeSpeechOrDtmfOptions', ...every, ...keys, ...speech } as const;
  }
}
