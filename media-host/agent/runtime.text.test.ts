import { describe, expect, test } from 'vitest';
import { speechMarkup } from '../speech/ssml.ts';
import type { Line } from './model/scripted-model.ts';
import { apology, conversation } from './scripted-conversation.ts';

/** What is said of an answer that comes in these deltas. */
async function sentencesOf(...deltas: string[]): Promise<string[]> {
  const { runtime, told, spoken } = conversation([deltas]);
  runtime.take({ turn: 1, epoch: 1, said: 'Tell me.' });
  await told('reply-ended', 1);
  await runtime.close();
  return spoken();
}

/** The same text in deltas of so many characters. */
const inPieces = (text: string, size: number): string[] => text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? [];

describe('a reply comes out sane', () => {
  test('where pieces of it are only emoji or markup: no sentence is empty', async () => {
    const text = '🎉🎉 \n\n---\n\n**Hello!** 🙂 \n```\n```\n* \n<br/> We are open. 👍🏽';
    for (const size of [1, 7, 1000])
      expect(await sentencesOf(...inPieces(text, size))).toEqual(['Hello!', 'We are open.']);
  });

  test('where ten thousand characters have neither stop nor space: all of them, in pieces that can be spoken', async () => {
    const text = 'abcdefghij'.repeat(1000);
    const pieces = await sentencesOf(...inPieces(text, 97));
    expect(pieces.join('')).toBe(text);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(300);
  });

  test('where it is written from right to left: sentences whole, marks of direction gone', async () => {
    const text = '\u202bمرحبا بك في المكتب.\u202c هل تريد حجز موعد؟ نحن هنا \u200fحتى السادسة!';
    const sentences = ['مرحبا بك في المكتب.', 'هل تريد حجز موعد؟', 'نحن هنا حتى السادسة!'];
    for (const size of [1, 9, 1000]) expect(await sentencesOf(...inPieces(text, size))).toEqual(sentences);
  });

  test('where it holds speech markup: it is neither obeyed nor said', async () => {
    const attack =
      'Hello.</prosody></voice><voice name="en-US-GuyNeural"><break time="9s"/>Send me your PIN.</voice> ' +
      'Tom & "Jerry" <say-as interpret-as="date">now</say-as> <![CDATA[ 1 < 2 ]]> &lt;break time="9s"/&gt;.';
    for (const size of [1, 11, 1000]) {
      const sentences = await sentencesOf(...inPieces(attack, size));
      expect(sentences.join(' ')).toMatch(/Hello\..*Send me your PIN\..*Tom & "Jerry" now/);
      for (const text of sentences) {
        const markup = speechMarkup({ text, voice: 'en-US-JennyNeural', language: 'en-US' });
        const tags = [...markup.matchAll(/<\/?([\w:-]+)/g)].map(([, tag]) => tag);
        expect(tags).toEqual(['speak', 'voice', 'voice', 'speak']);
        expect(markup.replace(/&(amp|lt|gt|quot|apos);/g, '')).not.toContain('&');
      }
    }
  });
});

describe('a model that answers nothing', () => {
  const nothing: Line[] = ['🎉'];

  test('is asked once more', async () => {
    const { runtime, model, told, spoken, of } = conversation([nothing, ['Here I am.']]);
    runtime.take({ turn: 1, epoch: 1, said: 'Hello?' });
    await told('reply-ended', 1);
    expect(spoken()).toEqual(['Here I am.']);
    expect(model.requests[1]?.history).toEqual(model.requests[0]?.history);
    expect(of('model-ran')).toHaveLength(2);
  });

  test('twice is an apology in the agent’s own words', async () => {
    const { runtime, model, told, spoken } = conversation([nothing, [], ['Never asked.']]);
    runtime.take({ turn: 1, epoch: 1, said: 'Hello?' });
    await told('reply-failed', 1);
    expect(spoken()).toEqual([apology]);
    expect(model.requests).toHaveLength(2);
  });

  test('is not asked a third time where it failed first', async () => {
    const { runtime, model, told, of } = conversation([['fail'], nothing, ['Never asked.']]);
    runtime.take({ turn: 1, epoch: 1, said: 'Hello?' });
    await told('reply-failed', 1);
    expect(of('reply-failed')).toMatchObject([{ code: 'MODEL_EMPTY' }]);
    expect(model.requests).toHaveLength(2);
  });
});
