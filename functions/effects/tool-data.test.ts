import { expect, test } from 'vitest';
import { scriptedDocuments } from '../testing/scripted-documents.ts';
import { changingRecords } from './tool-data.ts';

const database = () => {
  const documents = scriptedDocuments();
  return { documents, data: changingRecords({ ...documents, query: async () => [] }) };
};
const plus = (cents: number) => (before?: object) => ({
  id: '7',
  cents: ((before as { cents?: number })?.cents ?? 0) + cents,
});

test('a record is made where there is none, and changed once for a key', async () => {
  const { data } = database();
  expect(await data.get('accounts', '7')).toBeUndefined();
  for (const key of ['a', 'a', 'b', 'a']) await data.change('accounts', '7', key, plus(10));
  expect(await data.get('accounts', '7')).toEqual({ id: '7', cents: 20 });
  expect(await data.get('cards', '7')).toBeUndefined();
});

test('of those who change at the same moment none is lost, and nobody twice', async () => {
  const { data } = database();
  const keys = ['a', 'b', 'c', 'a', 'b', 'c'];
  await Promise.all(keys.map(key => data.change('accounts', '7', key, plus(10))));
  expect(await data.get('accounts', '7')).toEqual({ id: '7', cents: 30 });
});

test('the last fifty keys are remembered', async () => {
  const { data, documents } = database();
  for (let at = 0; at < 60; at++) await data.change('accounts', '7', `key-${at}`, plus(1));
  await data.change('accounts', '7', 'key-10', plus(1));
  expect(await data.get('accounts', '7')).toEqual({ id: '7', cents: 60 });
  expect(documents.stored.get('accounts 7')?.fields['keys']).toHaveLength(50);
});

test.each<[string, string, string, unknown]>([
  ['a kind that is a path', '../calls', '7', { id: '7' }],
  ['an id that is a path', 'accounts', 'a/b', { id: 'a/b' }],
  ['an id that nobody sees', 'accounts', 'a\u0000', { id: 'a\u0000' }],
  ['another id', 'accounts', '7', { id: '8' }],
  ['no id', 'accounts', '7', {}],
  ['what is no object', 'accounts', '7', ['7']],
  ['what is no JSON', 'accounts', '7', { id: '7', cents: 1n }],
  ['nothing', 'accounts', '7', undefined],
  ['too much', 'accounts', '7', { id: '7', text: 'x'.repeat(70_000) }],
])('%s is not kept', async (_, kind, id, record) => {
  const { data, documents } = database();
  await expect(data.change(kind, id, 'a', () => record as { id: string })).rejects.toMatchObject({
    code: 'RECORD_REFUSED',
  });
  expect(documents.writes).toBe(0);
});

test('a field that would be a part of the question is refused, and a value never is one', async () => {
  const asked: unknown[] = [];
  const query = async (...question: unknown[]) => {
    asked.push(question);
    return [{ record: { id: '7' } }, { other: 1 }];
  };
  const data = changingRecords({ ...scriptedDocuments(), query });
  await expect(data.find('accounts', { 'a"] OR 1=1 --': 1 })).rejects.toMatchObject({ code: 'RECORD_REFUSED' });
  expect(await data.find('accounts', { owner: "' OR 1=1", open: true })).toEqual([{ id: '7' }]);
  expect(asked).toEqual([
    [
      'SELECT TOP 50 c.record FROM c WHERE IS_DEFINED(c.record) AND c.record["owner"] = @value0 AND c.record["open"] = @value1',
      { value0: "' OR 1=1", value1: true },
      'accounts',
    ],
  ]);
});
