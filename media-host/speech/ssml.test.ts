import fc from 'fast-check';
import { expect, test } from 'vitest';
import { speechMarkup } from './ssml.ts';

const said = { voice: 'en-US-JennyNeural', language: 'en-US' };

test('an utterance names voice, language and rate', () => {
  expect(speechMarkup({ ...said, text: 'Hello.', rate: '+10%' })).toBe(
    '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">' +
      '<voice name="en-US-JennyNeural"><prosody rate="+10%">Hello.</prosody></voice></speak>',
  );
  expect(speechMarkup({ ...said, text: 'Hello.' })).not.toContain('prosody');
});

test.each(['</voice><audio src="https://evil"/>', '<!-- x', ']]>', '&entity;', '"\' & <'])('%j stays text', text => {
  const ssml = speechMarkup({ ...said, text });
  expect(tagsOf(ssml)).toEqual(['<speak', '<voice', '</voice', '</speak']);
  expect(textOf(ssml)).toBe(text);
});

test('no text, voice, rate or language adds markup or breaks the document', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 100 });
  fc.assert(
    fc.property(anything, anything, anything, anything, (text, voice, rate, language) => {
      const ssml = speechMarkup({ text, voice, rate, language });
      expect(tagsOf(ssml)).toEqual(['<speak', '<voice', '<prosody', '</prosody', '</voice', '</speak']);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters XML forbids.
      expect(ssml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
      expect(ssml.isWellFormed()).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: see above.
      expect(textOf(ssml)).toBe(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, ''));
    }),
    { numRuns: 1000 },
  );
});

function tagsOf(ssml: string): string[] {
  return ssml.match(/<\/?\w*/g) ?? [];
}

/** What an XML reader takes as the text: everything outside of tags, with the five named entities resolved. */
function textOf(ssml: string): string {
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return ssml.replace(/<[^>]*>/g, '').replace(/&(\w+);/g, (_, name: string) => names[name] ?? '?');
}
