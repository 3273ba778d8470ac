import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { model, openingHours, talk } from '../with-openai.ts';

const script = fileURLToPath(new URL('reception.yaml', import.meta.url));
const talkToPerson = {
  ...openingHours,
  name: 'talk_to_person',
  parameters: {
    type: 'object',
    properties: { reason: { type: 'string' }, summary: { type: 'string' } },
    required: ['reason', 'summary'],
    additionalProperties: false,
  },
};
const message = (role: 'user' | 'assistant', content: string) => ({ role, content });

async function reception(tools: (typeof openingHours | typeof talkToPerson)[] = [openingHours]) {
  const { openai, chat } = await talk({ script, ttftMs: 0, gapMs: 0 });
  return async (input: Parameters<typeof openai.responses.create>[0]['input']) => {
    const stream = await openai.responses.create({
      model,
      input: input!,
      tools,
      store: false,
      stream: true,
    });
    for await (const event of stream) {
      if (event.type === 'response.completed') {
        const { output } = event.response;
        const spoken = output.find(item => item.type === 'message')?.content[0];
        const text = spoken?.type === 'output_text' ? spoken.text : '';
        const call = output.find(item => item.type === 'function_call');
        return { rule: chat.requests.at(-1)!.rule, text, args: call?.arguments ?? '', call };
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

test.each(['I want to speak to a person.', 'Can I talk to a human, please?', 'Put me through to a colleague.'])(
  'where a person can be had, "%s" has one found, with what the caller said',
  async words => {
    const say = await reception([openingHours, talkToPerson]);
    const answer = await say(words);
    expect(answer.rule).toBe('a person is found');
    expect(answer.text).toBe('Of course. I will find somebody for you.');
    expect(JSON.parse(answer.args)).toEqual({ reason: 'asked for a person', summary: `The caller said: ${words}` });
    if (answer.call?.type !== 'function_call') throw new Error('no call');
    const { call_id } = answer.call;
    const output = { type: 'function_call_output' as const, call_id, output: '{"error":"TOOL_FAILED"}' };
    expect((await say([message('user', words), answer.call, output])).rule).toBe('nobody is found');
  },
);

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
