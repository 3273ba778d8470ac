import { describe, expect, test } from 'vitest';
import { watchStatements } from './must-be-heard.ts';
import { agentWith, conversation } from './scripted-conversation.ts';

const notice = 'Please note that this call is recorded, and kept for thirty days. You may ask us to delete it.';

/** The pieces that are protected. */
const marked = (pieces: string[], statements = [notice]) => {
  const watch = watchStatements(statements);
  return pieces.filter(piece => watch.mustBeHeard(piece));
};

describe('a statement that must be heard', () => {
  test('is known in its sentences, whatever case and punctuation they have', () => {
    const own = ['Please note that this call is recorded and kept for thirty days!', 'You may ask us to delete it.'];
    expect(marked(['Welcome.', ...own, 'How can I help?'])).toEqual(own);
  });

  test('is known in clauses, from the first on', () => {
    const clauses = [
      'Please note that this call is recorded,',
      'and kept for thirty days.',
      'You may ask us to delete it.',
    ];
    expect(marked([...clauses, 'Thanks.'])).toEqual(clauses);
  });

  test('is not seen where a sentence only begins like it, is part of it, or says more', () => {
    expect(marked(['Please note.'])).toEqual([]);
    expect(marked(['You may ask us to delete it.'])).toEqual([]);
    expect(marked(['And kept for thirty days.'])).toEqual([]);
    expect(marked(['Stay.'], ['Stay'])).toEqual(['Stay.']);
    expect(marked(['Stay here.'], ['Stay.'])).toEqual([]);
  });

  test('may come twice, and several may be watched for', () => {
    expect(marked(['A b.', 'C.', 'A b.', 'D e.'], ['A b.', 'D e.'])).toEqual(['A b.', 'A b.', 'D e.']);
  });

  test('costs nothing where there is none, and no piece without words is one', () => {
    expect(marked(['Hello.'], [])).toEqual([]);
    expect(marked(['…'])).toEqual([]);
  });
});

test('sentences of replies and of the greeting are told with it', async () => {
  const greeting = 'Hello. This call is recorded. How can I help?';
  const agent = agentWith([], { greeting, mustBeHeard: ['This call is recorded.', 'Fees apply.'] });
  const { runtime, told, of } = conversation([['Sure. Fees ', 'apply. Go', ' on?']], { agent });
  runtime.greet(0);
  runtime.take({ turn: 1, epoch: 1, said: 'Book.' });
  await told('reply-ended', 1);
  const protectedOnes = of('sentence').filter(({ mustBeHeard }) => mustBeHeard);
  expect(protectedOnes.map(({ text }) => text)).toEqual(['This call is recorded.', 'Fees apply.']);
  expect(of('sentence')).toHaveLength(6);
});
