import { expect, test } from 'vitest';
import type { ToSpeech } from '../lanes/speech-lane.ts';
import { createListening } from './listening.ts';

const english = { language: 'en-US', phrases: ['parcel'] };
const spanish = { language: 'es-ES', phrases: ['parcel'] };
const closed = { acted: undefined };
const open = { acted: { text: 'in spanish please', at: 0 } };

function listening() {
  const posted: ToSpeech[] = [];
  return {
    posted,
    ...createListening(1, { post: message => void posted.push(message), close: async () => undefined }, english),
  };
}

test('another language is listened for, once, when the words that were answered are closed', () => {
  const { posted, follow, moved } = listening();
  follow(spanish);
  moved(open);
  expect(posted).toEqual([]);
  moved(closed);
  moved(closed);
  expect(posted).toEqual([{ type: 'relisten', call: 1, ...spanish }]);
});

test('nothing changes where the next agent listens for the same, or the change is taken back in time', () => {
  const { posted, follow, moved } = listening();
  follow({ ...english });
  moved(closed);
  follow(spanish);
  moved(open);
  follow(english);
  moved(closed);
  expect(posted).toEqual([]);
});

test('other words to expect are a reason too', () => {
  const { posted, follow, moved } = listening();
  follow({ ...english, phrases: ['invoice'] });
  moved(closed);
  expect(posted).toMatchObject([{ language: 'en-US', phrases: ['invoice'] }]);
});
