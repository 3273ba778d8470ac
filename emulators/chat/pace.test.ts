import { expect, test } from 'vitest';
import { model, talk } from './with-openai.ts';

const say = 'word '.repeat(40).trim();

async function times(openai: Awaited<ReturnType<typeof talk>>['openai']): Promise<number[]> {
  const startedMs = performance.now();
  const found: number[] = [];
  for await (const event of await openai.responses.create({ model, input: 'Hello?', stream: true })) {
    if (event.type === 'response.output_text.delta') found.push(performance.now() - startedMs);
  }
  return found;
}

test('words come when the script says and do not fall behind', async () => {
  const { openai } = await talk({ rules: [{ say, ttftMs: 80, gapMs: 10 }] });
  await times(openai);
  const found = await times(openai);
  expect(found[0]).toBeGreaterThanOrEqual(78);
  const lateMs = found.map((at, index) => at - 80 - index * 10).sort((a, b) => a - b);
  expect(lateMs[0]).toBeGreaterThanOrEqual(-2);
  // The median: another test on the same core may steal single deltas, but drift would move them all.
  expect(lateMs[Math.floor(lateMs.length / 2)]).toBeLessThan(25);
});

test('a rule without times keeps the pace of the stand-in', async () => {
  const { openai } = await talk({ rules: [{ say: 'Quick.' }], ttftMs: 150, gapMs: 0 });
  const [first = 0] = await times(openai);
  expect(first).toBeGreaterThanOrEqual(148);
});

test('a hundred streams run at once, each whole and its own', async () => {
  const { openai, chat } = await talk({
    rules: [{ match: { lastUser: '(?<n>\\d+)' }, say: `{{n}} ${say}`, ttftMs: 20 }],
  });
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      let text = '';
      for await (const event of await openai.responses.create({ model, input: `${n}`, stream: true })) {
        if (event.type === 'response.output_text.delta') text += event.delta;
      }
      return text;
    }),
  );
  expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => `${n} ${say}`));
  await chat.idle();
  expect(chat.requests.every(record => record.outcome === 'completed')).toBe(true);
});

test('the same seed gives the same ids, pieces and jitter', async () => {
  const heard = async (seed: number) => {
    const { openai } = await talk({ seed, rules: [{ say, ttftMs: 1, gapMs: 0, jitterMs: 3 }] });
    const events: string[] = [];
    for await (const event of await openai.responses.create({ model, input: 'Hello?', stream: true })) {
      if (event.type === 'response.output_text.delta') events.push(`${event.item_id} ${event.delta}`);
    }
    return events;
  };
  const [first, again, other] = [await heard(1), await heard(1), await heard(2)];
  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
});
