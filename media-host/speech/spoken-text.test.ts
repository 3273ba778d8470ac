import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spokenText } from './spoken-text.ts';

test.each<[string, string]>([
  ['Hello there.', 'Hello there.'],
  ['We are **open** until *six* p.m.', 'We are open until six p.m.'],
  ['**Monday:** nine to six', 'Monday: nine to six'],
  ['**Half of it is here,', 'Half of it is here,'],
  ['and the rest here.** Good.', 'and the rest here. Good.'],
  ['# Opening hours', 'Opening hours'],
  ['- first\n- second', 'first second'],
  ['1. Open the door.', '1. Open the door.'],
  ['> quoted', 'quoted'],
  ['Press `1` or ```js\nrun()\n``` now.', 'Press 1 or run() now.'],
  ['See [our page](https://example.com/a_b "title") today.', 'See our page today.'],
  ['the other half](https://example.com) of a link', 'the other half of a link'],
  ['![a map](map.png) Here.', 'a map Here.'],
  ['Go to <https://example.com>.', 'Go to https://example.com.'],
  ['<b>Bold</b> and <break time="5s"/> gone.', 'Bold and gone.'],
  ['<!-- hidden --> Seen.', 'Seen.'],
  ['Fish &amp; chips &lt; 5', 'Fish & chips < 5'],
  ['Great 👍🏽 news 🎉! 👨‍👩‍👧', 'Great news!'],
  ['Press 1️⃣ now 🇩🇪', 'Press 1 now'],
  ['co\u00adoperate\u200b now\u0007then', 'cooperate now then'],
  ['| Day | Hours |\n|---|---|\n| Monday | 9 |', 'Day Hours Monday 9'],
  ['Write to first_last@example.com or file_name', 'Write to first_last@example.com or file_name'],
  ['_Really_ __good__ ~~bad~~', 'Really good bad'],
  ['3 * 4 and 5*6', '3 * 4 and 5*6'],
  ['It’s “fine” — 25 % off, €5!', 'It’s “fine” — 25 % off, €5!'],
  ['営業中です。', '営業中です。'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['---', ''],
  ['🎉🎉', ''],
  ['**', ''],
  ['...', ''],
  ['', ''],
])('%j is spoken as %j', (written, spoken) => {
  expect(spokenText(written)).toBe(spoken);
});

test('nothing soundless is left of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
      const spoken = spokenText(text);
      expect(spoken).not.toMatch(/[\p{Cc}\p{Cs}\p{Co}\p{Extended_Pictographic}\u200b\ufeff]/u);
      expect(spoken).toBe(spoken.trim());
    }),
    { numRuns: 2000 },
  );
});

test('plain words and numbers stay as they are', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[A-Za-z0-9]{1,9}[.,!?]?$/), { minLength: 1, maxLength: 20 }), words => {
      expect(spokenText(words.join(' '))).toBe(words.join(' '));
    }),
  );
});
