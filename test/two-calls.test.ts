import { expect, test } from 'vitest';
import { plainWords } from '../commands/call-report.ts';
import { runningSystem } from './running-system.ts';

const it = runningSystem();

test('two calls at once, with words of their own: no word crosses', async () => {
  await it.admin(
    `${it.system.chatUrl}/emulator/script`,
    'PUT',
    '- match: { lastUser: "^(?<word>\\\\w+)" }\n  say: "You said {{word}} and nothing but {{word}}."\n',
  );
  const [one, two] = await Promise.all([
    it.call([{ say: 'apple' }, { say: 'bread' }, { say: 'cherry' }], '+15550101'),
    it.call([{ say: 'iron' }, { say: 'steel' }, { say: 'tin' }], '+15550102'),
  ]);
  for (const [report, words] of [
    [one, ['apple', 'bread', 'cherry']],
    [two, ['iron', 'steel', 'tin']],
  ] as const) {
    expect(report.turns.map(turn => turn.said)).toEqual([...words]);
    expect(report.turns.map(turn => plainWords(turn.heard))).toEqual(
      words.map(word => `you said ${word} and nothing but ${word}`),
    );
  }
});
