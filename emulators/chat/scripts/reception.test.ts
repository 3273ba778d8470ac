import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { model, openingHours, talk } from '../with-openai.ts';

const script = fileURLToPath(new URL('reception.yaml', import.meta.url));
const message = (role: 'user' | 'assistant', content: string) => ({ role, content });

async function reception() {
  const { openai, chat } = await talk({ script, ttftMs: 0, gapMs: 0 });
  return async (input: Parameters<typeof openai.responses.create>[0]['input']) => {
    const stream = await openai.responses.create({
      model,
      input: input!,
      tools: [openingHours],
      store: false,
      stream: true,
    });
    for await (const event of stream) {
      if (event.type === 'response.completed') {
        const [item] = event.response.output;
        const text = item?.type === 'message' && item.content[0]?.type === 'output_text' ? item.content[0].text : '';
        const args = item?.type === 'function_call' ? item.arguments : '';
        return { rule: chat.requests.at(-1)!.rule, text, args, call: item };
      }
    }
    throw new Error('not completed');
  };
}

test.each([
  ['What are your opening hours?', 'opening hours', '{"day":"all"}'],
  ['Hi, when are you open?', 'opening hours', '{"day":"all"}'],
  ['Are you open on Sunday?', 'hours of a named day', '{"day":"sunday"}'],
  ['When do you close today?', 'hours of a named day', '{"day":"today"}'],
  ['And on Friday, what are the hours?', 'hours of a day named first', '{"day":"friday"}'],
  ['No, stop. When are you open?', 'opening hours', '{"day":"all"}'],
])('"%s" is looked up', async (words, rule, args) => {
  expect(await (await reception())(words)).toMatchObject({ rule, args });
});

test.each([
  ['Where are you?', 'address'],
  ['What is your address, please?', 'address'],
  ['Thank you.', 'goodbye'],
  ['No, thank you. Goodbye!', 'goodbye'],
  ['Bye bye.', 'goodbye'],
  ['Can I talk to a person?', 'a person'],
  ['Please transfer me to a human.', 'a person'],
  ['I would like to check my account balance.', 'account balance'],
  ["Hi, I'm calling about my insurance policy.", 'insurance policy'],
  ['Hello, I have a quick question.', 'quick question'],
  ['Thank you for all the information.', 'thanks for the information'],
  ['Hello?', 'greeting'],
  ['Stop.', 'interruption'],
  ['No. Wait!', 'interruption'],
  ['wait', 'interruption'],
  ['Tell me a long story.', 'long story'],
  ['The green house sings.', 'anything else'],
  ['?', 'anything else'],
])('"%s" is answered by the rule %s', async (words, rule) => {
  const answer = await (await reception())(words);
  expect(answer.rule).toBe(rule);
  expect(answer.text).not.toBe('');
});

test('a caller who interrupts before anything was heard is not given the old answer', async () => {
  const say = await reception();
  const answer = await say([message('user', 'When are you open?'), message('user', 'Stop.')]);
  expect(answer).toMatchObject({ rule: 'interruption', text: 'Sure. What would you like to know?' });
});

test('what shall be repeated is repeated, and only that', async () => {
  const say = await reception();
  expect((await say('Please repeat after me: one two three four.')).text).toBe('one two three four.');
  expect((await say('Repeat after me, the 4 big ships are late')).text).toBe('the 4 big ships are late');
});

test('the long story lasts about a minute', async () => {
  const { text } = await (await reception())('Tell me a long story');
  expect(text.length).toBeGreaterThanOrEqual(1050);
  expect(text.match(/[.!?](\s|$)/g)).toHaveLength(12);
});

test('an agent that speaks first welcomes the caller', async () => {
  expect((await (await reception())([{ role: 'developer', content: 'Greet the caller.' }])).rule).toBe('welcome');
});

describe('the opening hours', () => {
  const answered = async (output: object) => {
    const say = await reception();
    const { call } = await say('When are you open?');
    if (call?.type !== 'function_call') throw new Error('no call');
    return say([
      message('user', 'When are you open?'),
      call,
      { type: 'function_call_output', call_id: call.call_id, output: JSON.stringify(output) },
    ]);
  };

  test.each([
    ['hours of a day', { day: 'monday', hours: '9 a.m. to 6 p.m.' }, 'On Monday our hours are 9 a.m. to 6 p.m., and'],
    ['hours of a day', { day: 'today', hours: '9 to 12', note: 'We close early.' }, 'appointment. We close early. If'],
    [
      'the whole week',
      { day: 'all', hours: '9 a.m. to 6 p.m.' },
      'Through the week our hours are 9 a.m. to 6 p.m., and',
    ],
    ['closed on that day', { day: 'sunday', hours: 'closed' }, 'we are closed on Sunday.'],
    ['look-up failed', { error: 'timeout' }, 'I cannot reach the opening hours'],
  ])('are spoken from the output of the tool: %s', async (rule, output, words) => {
    const answer = await answered(output);
    expect(answer.rule).toBe(rule);
    expect(answer.text).toContain(words);
    expect(answer.text).not.toMatch(/\{|\}|undefined| {2}/);
    if (rule === 'look-up failed') return;
    expect(answer.text.length).toBeGreaterThanOrEqual(190);
    expect(answer.text.match(/[a-z][.?](\s[A-Z]|$)/g)!.length).toBeGreaterThanOrEqual(3);
  });
});
