import { expect, test } from 'vitest';
import { readSsml } from './ssml.ts';

const speak = (inside: string): string => `<speak version='1.0'><voice name='a'>${inside}</voice></speak>`;

test('text is what is left without tags, entities and comments', () => {
  expect(readSsml(speak('Fish &amp; &#163;5 &#xA3;6<!-- no --> <prosody rate="+5%">chips</prosody>'))).toEqual([
    { say: 'Fish & £5 £6' },
    { say: 'chips' },
  ]);
  expect(readSsml(`<?xml version="1.0"?>\n${speak('<![CDATA[1 < 2]]>')}`)).toEqual([{ say: '1 < 2' }]);
});

test('breaks are pauses, by time or by strength', () => {
  const pauses = ['time="250ms"', "time='1.5s'", 'strength="weak"', '', 'time="60s"'].map(a => `<break ${a}/>`);
  expect(readSsml(speak(pauses.join('')))).toEqual([250, 1500, 500, 750, 20_000].map(pauseMs => ({ pauseMs })));
});

test('substitutes are spoken, recorded audio is not', () => {
  expect(readSsml(speak('<sub alias="Doctor">Dr</sub> Who <audio src="x">fallback</audio>'))).toEqual([
    { say: 'Doctor' },
    { say: ' Who ' },
  ]);
});

test('bookmarks keep their place', () => {
  expect(readSsml(speak('a<bookmark mark="m1"/>b'))).toEqual([{ say: 'a' }, { bookmark: 'm1' }, { say: 'b' }]);
});

test.each([
  ['<speak><voice>a</speak></voice>', 'closed but not open'],
  ['<speak><voice>a</voice>', 'not closed'],
  ['<voice>a</voice>', 'does not begin with speak'],
  ['<speak>a</speak>', 'no voice'],
  ['hello', 'outside of speak'],
  ['<speak><voice>1 < 2</voice></speak>', 'not well formed'],
])('%s is refused: %s', (ssml, why) => {
  expect(() => readSsml(ssml)).toThrow(why);
});
