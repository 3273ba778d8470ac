import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conversationOf, type Item } from '../asked.ts';
import { chooseRule } from '../choose.ts';
import { fill } from '../placeholders.ts';
import { callsOf, type ParsedRule } from '../rule.ts';
import { parseScript } from '../script.ts';

const names = ['authentication', 'banking', 'clinic', 'support', 'reception', 'otherwise'];
const rules: ParsedRule[] = names.flatMap(name =>
  parseScript(readFileSync(new URL(`${name}.yaml`, import.meta.url), 'utf8'), `${name}.yaml`),
);

const tools = {
  reception: ['opening_hours', 'talk_to_person', 'hand_off'],
  authentication: ['verify_caller', 'talk_to_person', 'hand_off'],
  'banking-desk': ['account_balance', 'last_transactions', 'talk_to_person', 'hand_off'],
  'card-desk': ['my_cards', 'block_card', 'talk_to_person', 'hand_off'],
  billing: ['my_invoices', 'postpone_invoice', 'talk_to_person', 'hand_off'],
  'technical-support': ['my_tickets', 'open_ticket', 'talk_to_person', 'hand_off'],
  desk: [
    ...['find_slots', 'verify_patient', 'my_appointments', 'book_appointment', 'move_appointment'],
    ...['cancel_appointment', 'talk_to_person', 'hand_off'],
  ],
};
type Desk = keyof typeof tools;

const user = (text: string): Item => ({ kind: 'user', text });
const agent: Item = { kind: 'assistant', text: 'Hello.' };
const verified = user('{"facts":{"customer-id":{"value":"1001","from":"made sure of"}}}');
const given = (reason: string, said: string) =>
  user(JSON.stringify({ handoff: { from: 'somebody', reason }, summary: `The caller said: ${said}`, said }));
const ran = (name: string, output: object): Item[] => [
  { kind: 'call', callId: name, name, arguments: '{}' },
  { kind: 'output', callId: name, text: JSON.stringify(output) },
];

/** What the scripts answer for this desk: calls as `name {arguments}`, else the words. */
function answer(desk: Desk, items: Item[], offered: readonly string[] = tools[desk]): string[] {
  const instructions: Item = { kind: 'system', text: `You are the ${desk} of Harbour Bank.` };
  const asked = {
    ...conversationOf([instructions, ...items]),
    ...({ api: 'responses', model: 'm', stream: true, toolChoice: 'auto', parallelToolCalls: true } as const),
    offered: offered.map(name => ({ name, parameters: {} })),
    format: { type: 'text' } as const,
    ...{ maxOutputTokens: undefined, promptCacheKey: '', store: false, includeUsage: true },
  };
  const choice = chooseRule(rules, [], asked, () => undefined);
  if (!choice) return [];
  const calls = callsOf(choice.rule).map(({ name, arguments: args }) => {
    const filled = fill(args, choice.values) as Record<string, unknown>;
    return `${name} ${Object.values(filled).join(' | ')}`.trim();
  });
  return calls.length > 0 ? calls : [fill(choice.rule.say ?? '', choice.values)];
}

test('a caller who asks for the balance is verified, handed back and told', () => {
  const wish = 'what is my balance';
  expect(answer('banking-desk', [agent, user(wish)])).toEqual([
    `hand_off authentication | balance | The caller said: ${wish}`,
  ]);
  const before = [agent, user(wish), given('balance', wish)];
  expect(answer('authentication', before)).toEqual([expect.stringContaining('account or customer number')]);
  const told = [...before, agent, user('my account is 4471')];
  expect(answer('authentication', told)).toEqual(['verify_caller 4471']);
  const known = [verified, ...told, ...ran('verify_caller', { verified: true, name: 'Anna Berger', status: '' })];
  expect(answer('authentication', known)).toEqual([expect.stringMatching(/^hand_off banking-desk \| balance/)]);
  const back = [...known, given('balance', 'my account is 4471')];
  expect(answer('banking-desk', back)).toEqual(['account_balance']);
  const accounts = [{ kind: 'checking', spoken: 'two dollars' }];
  expect(answer('banking-desk', [...back, ...ran('account_balance', { accounts })])).toEqual([
    'The balance of your checking account is two dollars. Is there anything else I can do for you?',
  ]);
});

test('what is remembered of earlier calls is not taken for what the caller wants now', () => {
  const memory = user('{"earlierCalls":[{"summary":"lost a card, invoice, router"}],"caller":{"name":"Anna"}}');
  const ended = ran('verify_caller', { verified: true, name: 'Anna' });
  expect(answer('authentication', [memory, agent, user('what is my balance'), user('4471'), ...ended])).toEqual([
    expect.stringMatching(/^hand_off banking-desk/),
  ]);
});

test('who says wish and number in one breath is not asked for the number', () => {
  const words = 'what is my balance, my account is 44 71';
  expect(answer('authentication', [agent, user(words), given('balance', words)])).toEqual(['verify_caller 44 71']);
});

test.each<[Desk, Item[], string]>([
  ['banking-desk', [verified, agent, user('my latest transactions please')], 'last_transactions 3'],
  ['banking-desk', [verified, agent, user('I lost my card')], 'hand_off card-desk'],
  ['banking-desk', [agent, user('I lost my card')], 'hand_off authentication'],
  ['card-desk', [verified, given('a lost card', 'I lost my card')], 'my_cards'],
  ['card-desk', [verified, agent, user('7731')], 'Blocking a card cannot be undone'],
  ['card-desk', [verified, user('my account is 4471'), agent, user('7731'), agent, user('yes')], 'block_card 7731'],
  ['reception', [agent, user('I have a question about my invoice')], 'hand_off authentication | invoice'],
  ['reception', [verified, agent, user('and my invoice?')], 'hand_off billing | invoice'],
  ['reception', [agent, user('my internet does not work')], 'hand_off technical-support | internet'],
  ['billing', [verified, given('invoice', 'my invoice')], 'my_invoices open'],
  ['technical-support', [given('internet', 'my internet does not work')], 'Please take the router'],
  ['technical-support', [verified, given('internet', 'my internet does not work')], 'Please take the router'],
  ['technical-support', [agent, user('No, it is still dead.')], 'hand_off authentication | report a fault'],
  ['technical-support', [verified, agent, user('No.')], 'open_ticket'],
  ['desk', [agent, user('an appointment please')], 'find_slots any'],
  ['desk', [agent, user('I need to see Doctor Reyes')], 'find_slots Reyes'],
  ['desk', [agent, user('I was born on March 9, 1984')], 'verify_patient March 9, 1984'],
  ['desk', [agent, user('I want to cancel my appointment')], 'Gladly. Please tell me your date of birth.'],
  ['desk', [agent, user('where are you')], 'You find us at 4 Linden Square'],
  ['desk', [agent, user('bananas')], 'I am sorry, I am not sure I understood that. Would you like an appointment?'],
  ['billing', [agent, user('when are you open')], 'hand_off reception'],
  ['card-desk', [agent, user('Thank you, goodbye.')], 'Thank you for calling. Goodbye.'],
  ['banking-desk', [agent, user('I want to speak to a person')], 'talk_to_person'],
])('%s: case %#', (desk, items, expected) => {
  expect(answer(desk, items)[0]).toMatch(new RegExp(`^${expected.replace(/[|?.]/g, '\\$&')}`));
});

test.each<[object, string]>([
  [{ verified: false, triesLeft: 2 }, 'I am sorry, that did not match.'],
  [{ verified: false, triesLeft: 0 }, 'hand_off human-handoff'],
  [{ error: 'TOOL_FAILED' }, 'I am sorry, I cannot check that just now.'],
])('who is not verified (%j) goes on', (output, expected) => {
  const [said = ''] = answer('authentication', [agent, user('4471'), ...ran('verify_caller', output)]);
  expect(said.startsWith(expected)).toBe(true);
});

test('an appointment is booked, moved and cancelled by what the tools answer', () => {
  const patient = ran('verify_patient', { verified: true });
  expect(answer('desk', [agent, user('Doctor Reyes'), agent, user('March 9 1984'), ...patient])).toEqual([
    'find_slots Reyes | any',
  ]);
  const slots = [{ slot: 'lang.1', spoken: 'Monday at nine with Dr. Lang' }];
  const appointments = [{ appointment: 'a-1', spoken: 'Tuesday at ten with Dr. Lang' }];
  const free = ran('find_slots', { slots });
  const mine = ran('my_appointments', { appointments });
  const both: Item[] = [mine[0]!, free[0]!, mine[1]!, free[1]!];
  const say = (words: string) => [verified, agent, user(words)];
  expect(answer('desk', [...say('born on March 9 1984'), ...free])).toEqual(['book_appointment lang.1']);
  expect(answer('desk', [agent, user('an appointment'), ...free])[0]).toMatch(/^I have Monday at nine/);
  expect(answer('desk', [...say('move my appointment'), ...both])[0]).toMatch(/^You have Tuesday.*move it to Monday/);
  const moving = [...say('move my appointment'), agent, user('yes')];
  expect(answer('desk', moving)).toEqual(['my_appointments', 'find_slots any']);
  expect(answer('desk', [...moving, ...both])).toEqual(['move_appointment a-1 | lang.1']);
  const cancelling = [...say('cancel it'), agent, user('yes')];
  expect(answer('desk', [...cancelling, ...both])).toEqual(['cancel_appointment a-1']);
});

test('where nobody can be handed over to, the general scripts answer', () => {
  const alone = tools.reception.filter(name => name !== 'hand_off');
  expect(answer('reception', [agent, user('my invoice')], alone)[0]).toMatch(/not sure I understood/);
});
