import { CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ToolData } from '../agents/tool.ts';
import { businessContainer, documentOf } from '../contracts/business-record.ts';
import { type Cosmos, startCosmos } from '../emulators/cosmos/cosmos.ts';
import { businessRecords } from './tool-data.ts';

let cosmos: Cosmos;
let data: ToolData;

beforeAll(async () => {
  cosmos = await startCosmos();
  const client = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key });
  const { database } = await client.databases.createIfNotExists({ id: 'voice' });
  const { container } = await database.containers.createIfNotExists(businessContainer);
  for (let at = 1; at <= 60; at++)
    await container.items.create(
      documentOf('invoices', { id: `i${at}`, customer: at <= 2 ? '1001' : '1002', open: at === 2 }),
    );
  await container.items.create(documentOf('tickets', { id: 'i1', customer: '1001' }));
  client.dispose();
  data = businessRecords({
    ...{ COSMOS_ENDPOINT: cosmos.url, COSMOS_KEY: cosmos.key, COSMOS_DATABASE: 'voice' },
    ...{ AZURE_CLIENT_ID: undefined, LOG_LEVEL: 'silent' },
  });
});

afterAll(() => cosmos?.close());

test('a record is found by its kind and id, or is not there', async () => {
  expect(await data.get('invoices', 'i1')).toEqual({ id: 'i1', customer: '1001', open: false });
  expect(await data.get('tickets', 'i1')).toEqual({ id: 'i1', customer: '1001' });
  expect(await data.get('invoices', 'i99')).toBeUndefined();
  expect(await data.get('nothing', 'i1')).toBeUndefined();
});

test('records are found by their fields, fifty at most, and never those of another kind', async () => {
  expect((await data.find('invoices', { customer: '1001' })).map(({ id }) => id)).toEqual(['i1', 'i2']);
  expect((await data.find('invoices', { customer: '1001', open: true })).map(({ id }) => id)).toEqual(['i2']);
  expect(await data.find('invoices', { customer: "1001' OR true --" })).toEqual([]);
  expect(await data.find('invoices', {})).toHaveLength(50);
  expect(await data.find('tickets', {})).toHaveLength(1);
});

test('a look-up changes nothing, and what cannot be asked is refused', async () => {
  expect(data.change).toBeUndefined();
  await expect(data.get('../calls', 'i1')).rejects.toMatchObject({ code: 'RECORD_REFUSED' });
  await expect(data.get('invoices', '../i1')).rejects.toMatchObject({ code: 'RECORD_REFUSED' });
  await expect(data.find('invoices', { 'a"] = 1 OR c["b': 1 })).rejects.toMatchObject({ code: 'RECORD_REFUSED' });
});

test('a database that is away is told as one, without the question', async () => {
  const away = businessRecords({
    ...{ COSMOS_ENDPOINT: 'http://127.0.0.1:9', COSMOS_KEY: cosmos.key, COSMOS_DATABASE: 'voice' },
    ...{ AZURE_CLIENT_ID: undefined, LOG_LEVEL: 'silent' },
  });
  const failed = await away.get('invoices', 'i4471').catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.not.stringContaining('4471') });
});
