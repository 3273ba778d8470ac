import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemsOf } from './cast/views.ts';
import { corrected, emptyHistory, forgetUnheard, type History, heard, said, spoke, usedTools } from './history.ts';

const exchange = (callId: string) => ({ callId, name: 'opening_hours', arguments: '{}', output: '{"hours":"9"}' });
const caller = (text: string) => ({ type: 'caller', text });
const agent = (text: string) => ({ type: 'agent', text });

test('it begins with the greeting as heard', () => {
  const greeted = spoke(spoke(emptyHistory, 0, 'Hello, this is Switchboard.'), 0, 'How can I help?');
  expect(itemsOf(said(heard(greeted, 0, 'Hello, this'), 1, 'Hi.'))).toEqual([agent('Hello, this'), caller('Hi.')]);
});

test('an interrupted reply ends where it was cut, and text made later does not join it', () => {
  let history = spoke(spoke(said(emptyHistory, 1, 'Are you open?'), 1, 'Yes, we are.'), 1, 'Until six.');
  history = spoke(heard(history, 1, 'Yes, we'), 1, 'Come by.');
  expect(itemsOf(history)).toEqual([caller('Are you open?'), agent('Yes, we')]);
});

test('a reply nobody heard leaves nothing but the caller’s words', () => {
  const history = spoke(said(emptyHistory, 1, 'Are you open?'), 1, 'Yes.');
  expect(itemsOf(heard(history, 1, ''))).toEqual([caller('Are you open?')]);
  expect(itemsOf(forgetUnheard(history))).toEqual([caller('Are you open?')]);
  expect(itemsOf(heard(forgetUnheard(history), 1, 'Yes.'))).toEqual([caller('Are you open?'), agent('Yes.')]);
});

test('what was heard stays when later text is forgotten', () => {
  const history = spoke(said(heard(spoke(emptyHistory, 0, 'Hello.'), 0, 'Hello.'), 1, 'Hi.'), 1, 'Unheard.');
  expect(itemsOf(forgetUnheard(history))).toEqual([agent('Hello.'), caller('Hi.')]);
});

test('a turn asked again with more words holds them once', () => {
  const history = said(said(emptyHistory, 1, 'My policy is'), 1, 'My policy is 4471.');
  expect(itemsOf(history)).toEqual([caller('My policy is 4471.')]);
});

test('a word that only begins like the first ones is no repetition', () => {
  expect(itemsOf(said(said(emptyHistory, 1, 'Yes'), 1, 'Yesterday.'))).toEqual([caller('Yes Yesterday.')]);
});

test('words that do not repeat the first ones join them', () => {
  expect(itemsOf(said(said(emptyHistory, 1, 'One.'), 1, 'Two.'))).toEqual([caller('One. Two.')]);
});

test('words that come after a tool ran stand after it', () => {
  const ran = usedTools(said(emptyHistory, 1, 'Book it.'), 1, [exchange('a')]);
  expect(itemsOf(said(ran, 1, 'Book it. For two.')).map(({ type }) => type)).toEqual([
    'caller',
    'tool-call',
    'tool-output',
    'caller',
  ]);
});

test('tools of a round are told calls first, then outputs', () => {
  const history = usedTools(said(emptyHistory, 1, 'Both?'), 1, [exchange('a'), exchange('b')]);
  expect(itemsOf(history).map(item => ('callId' in item ? `${item.type} ${item.callId}` : item.type))).toEqual([
    'caller',
    'tool-call a',
    'tool-call b',
    'tool-output a',
    'tool-output b',
  ]);
});

test('an effect that ends after its turn was cut is still known', () => {
  const cut = heard(spoke(said(emptyHistory, 1, 'Book it.'), 1, 'One moment.'), 1, 'One');
  expect(itemsOf(usedTools(cut, 1, [exchange('a')])).map(({ type }) => type)).toEqual([
    'caller',
    'agent',
    'tool-call',
    'tool-output',
  ]);
});

test('a number that comes again after its turn was heard is a new turn', () => {
  const once = heard(spoke(said(emptyHistory, 1, 'Hi.'), 1, 'Hello.'), 1, 'Hello.');
  const twice = heard(spoke(said(once, 1, 'And?'), 1, 'Yes.'), 1, 'Yes.');
  expect(itemsOf(twice)).toEqual([caller('Hi.'), agent('Hello.'), caller('And?'), agent('Yes.')]);
});

test('it is bounded by turns and by characters, and the newest turn always stays', () => {
  const long = Array.from({ length: 9 }, (_, turn) => turn + 1).reduce(
    (history, turn) => said(history, turn, `Sentence ${turn}.`, { turns: 3 }),
    emptyHistory,
  );
  expect(itemsOf(long)).toEqual([caller('Sentence 7.'), caller('Sentence 8.'), caller('Sentence 9.')]);
  const big = said(said(emptyHistory, 1, 'Old.'), 2, 'x'.repeat(500), { characters: 100 });
  expect(itemsOf(big)).toEqual([caller('x'.repeat(500))]);
});

test('no word of the caller is lost and no call lacks its output, whatever happens in whatever order', () => {
  const step = fc.record({
    what: fc.constantFrom('said', 'spoke', 'heard', 'nothing heard', 'tools', 'forget'),
    turn: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), steps => {
      let history: History = emptyHistory;
      const words: string[] = [];
      for (const [at, { what, turn }] of steps.entries()) {
        if (what === 'said') {
          words.push(`word${at}`);
          history = said(history, turn, `word${at}`);
        } else if (what === 'spoke') history = spoke(history, turn, `speech${at}`);
        else if (what === 'heard') history = heard(history, turn, `heard${at}`);
        else if (what === 'nothing heard') history = heard(history, turn, ' ');
        else if (what === 'tools') history = usedTools(history, turn, [exchange(`call${at}`)]);
        else history = forgetUnheard(history);
      }
      const items = itemsOf(history);
      const all = items.flatMap(item => (item.type === 'caller' ? item.text.split(' ') : []));
      expect(all.toSorted()).toEqual(words.toSorted());
      const calls = items.flatMap(item => (item.type === 'tool-call' ? [item.callId] : []));
      const outputs = items.flatMap(item => (item.type === 'tool-output' ? [item.callId] : []));
      expect(outputs).toEqual(calls);
      for (const item of items) if ('text' in item) expect(item.text.trim()).not.toBe('');
    }),
  );
});

describe('words that were not certain', () => {
  const unsure = { final: false };
  const lookup = [{ callId: '1', name: 'x', arguments: '{}', output: '1' }];
  const callers = (history: History) =>
    itemsOf(history).flatMap(item => (item.type === 'caller' ? [item.text] : [item.type]));

  test('are written as the later words of the turn have them', () => {
    const first = said(emptyHistory, 1, 'are you open', unsure);
    expect(callers(said(first, 1, 'Are you open on Monday?'))).toEqual(['Are you open on Monday?']);
    expect(callers(said(first, 1, 'Are you broken?'))).toEqual(['Are you broken?']);
    expect(callers(said(said(emptyHistory, 1, 'One.'), 1, 'Two.'))).toEqual(['One. Two.']);
  });

  test('stay before the tool that ran for them, as far as they were right', () => {
    const first = usedTools(said(emptyHistory, 1, 'hours on', unsure), 1, lookup);
    expect(callers(said(first, 1, 'Hours on Monday?'))).toEqual(['hours on', 'tool-call', 'tool-output', 'Monday?']);
    expect(callers(said(first, 1, 'Our son.'))).toEqual(['Our son.', 'tool-call', 'tool-output']);
  });

  test('are corrected in their places', () => {
    const first = usedTools(said(emptyHistory, 1, 'hours on', unsure), 1, lookup);
    const whole = said(first, 1, 'hours on monday', unsure);
    expect(callers(corrected(whole, 1, 'Hours on Monday?'))).toEqual([
      'Hours on',
      'tool-call',
      'tool-output',
      'Monday?',
    ]);
    expect(callers(corrected(whole, 1, 'Ours.'))).toEqual(['Ours.', 'tool-call', 'tool-output']);
    expect(callers(corrected(heard(whole, 1, 'Nine.'), 1, 'Ours.'))).toEqual([
      'Ours.',
      'tool-call',
      'tool-output',
      'agent',
    ]);
    expect(corrected(whole, 2, 'Nobody’s.')).toBe(whole);
    const two = said(emptyHistory, 1, 'I moved. my new street is', unsure);
    expect(callers(corrected(two, 1, 'My new street is…'))).toEqual(['I moved. My new street is…']);
  });

  test('give way to the same turn taken again after something was heard of its answer', () => {
    const filled = heard(said(emptyHistory, 1, 'hours on', unsure), 1, 'One moment.');
    expect(callers(said(filled, 1, 'Our son.'))).toEqual(['agent', 'Our son.']);
    expect(callers(said(filled, 1, 'Hours on Monday?'))).toEqual(['hours on', 'agent', 'Monday?']);
  });
});
