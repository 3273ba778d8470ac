import { expect, test } from 'vitest';
import { cloudEvent, eventScene } from '../testing/event-scene.ts';
import { processEvents } from './process-events.ts';

/** What ACS has recognised, by its three kinds; an event of one kind may carry empty fields of the others. */
const recognised = {
  speech: { recognitionType: 'speech', speechResult: { speech: 'my card is stolen' } },
  dtmf: { recognitionType: 'dtmf', dtmfResult: { tones: ['four', 'two', 'pound'] } },
  choices: { recognitionType: 'choices', choiceResult: { label: 'yes', recognizedPhrase: 'of course' } },
} as const;

test.each([
  ['speech', 'my card is stolen', {}],
  ['dtmf', 'four two pound', { tones: '42#' }],
  ['choices', 'yes', { label: 'yes' }],
] as const)(
  '%s that was recognised reaches whoever handles it, and what they note reaches the agent',
  async (kind, fact, told) => {
    const scene = eventScene(on =>
      on('RecognizeCompleted', ({ event: { speechResult, dtmfResult, choiceResult }, memory }) =>
        memory.set('recognised', speechResult?.speech ?? choiceResult?.label ?? dtmfResult?.tones?.join(' ') ?? ''),
      ),
    );
    const event = cloudEvent('RecognizeCompleted', 'corr-1', { operationContext: 'op-1', ...recognised[kind] });
    expect(await processEvents([event], scene.desk, scene.delivery())).toMatchObject({ processed: 1 });
    expect(scene.heard).toMatchObject([{ message: { do: 'remember', facts: { recognised: fact } } }]);
    const [{ message } = { message: undefined }] = scene.told;
    expect(message).toEqual(
      expect.objectContaining({ type: 'order-ended', context: 'op-1', end: 'succeeded', ...told }),
    );
    expect(JSON.stringify([message, scene.logged()])).not.toContain('stolen');
  },
);
