import { expect, test } from 'vitest';
import { GroupCommit, type Work } from './group-commit.ts';
import type { Outbox } from './outbox.ts';

/** Commits that write down what was kept, or that fail as a full disk would. */
function commits({ fails = false } = {}): { group: GroupCommit; kept: string[][]; keeping: (name: string) => Work } {
  const kept: string[][] = [];
  let written: string[] = [];
  const group = new GroupCommit(work => {
    written = [];
    const result = work({} as Outbox, 0);
    if (fails) throw new Error('disk full');
    kept.push(written);
    return result;
  });
  return { group, kept, keeping: name => () => void written.push(name) };
}

const refuses: Work = () => {
  throw new Error('no such instance');
};

test('what is asked for in one turn is one transaction, and nobody is answered before it', async () => {
  const { group, kept, keeping } = commits();
  const answered: string[] = [];
  const asked = ['a', 'b', 'c'].map(name => group.add(keeping(name)).then(() => answered.push(name)));
  await Promise.resolve();
  expect([kept, answered]).toEqual([[], []]);
  await Promise.all(asked);
  expect(kept).toEqual([['a', 'b', 'c']]);
});

test('work that is refused spoils nobody else’s', async () => {
  const { group, kept, keeping } = commits();
  const results = await Promise.allSettled([group.add(keeping('a')), group.add(refuses), group.add(keeping('b'))]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(kept).toEqual([['a', 'b']]);
});

test('a transaction that fails is told to all who asked', async () => {
  const { group, kept, keeping } = commits({ fails: true });
  const results = await Promise.allSettled([group.add(keeping('a')), group.add(keeping('b'))]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(kept).toEqual([]);
});
