import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A restaurant that takes bookings, with the agents' folder whose tool books there: what an effect changes. It knows a
 * booking that is asked for twice by its idempotency key, as a payment service would.
 */
export interface EffectWorld {
  /** Holds agents' tools and the agent `desk`; the setting AGENTS_DIR. */
  agentsDir: string;
  /** Idempotency keys in the order they came, repetitions too. */
  asked: string[];
  /** Bookings made, by key. */
  bookings: Map<string, number>;
  /** Runs when a booking has been made and before the tool hears of it. */
  beforeReply: () => Promise<void>;
  close(): Promise<void>;
}

const root = path.join(import.meta.dirname, '../..');
const fileUrl = (file: string): string => JSON.stringify(pathToFileURL(path.join(root, file)).href);

const toolFile = (url: string) => `
import { z } from ${JSON.stringify(import.meta.resolve('zod'))};
import { defineTool } from ${fileUrl('agents/tool.ts')};

export const bookTable = defineTool({
  name: 'book-table',
  description: 'Books a table.',
  parameters: z.object({ people: z.number().int(), bytes: z.number().int().optional(), fail: z.boolean().optional() }),
  effect: true,
  timeoutMs: 10_000,
  run: async ({ people, bytes, fail }, { idempotencyKey, signal }) => {
    const reply = await fetch(${JSON.stringify(url)}, { method: 'POST', headers: { 'idempotency-key': idempotencyKey }, signal });
    if (fail) throw new Error('The restaurant burned down.');
    return { people, number: await reply.json(), ...(bytes && { menu: 'x'.repeat(bytes) }) };
  },
});
`;

const lookUpFile = `
import { z } from ${JSON.stringify(import.meta.resolve('zod'))};
import { defineTool } from ${fileUrl('agents/tool.ts')};
export const lookUp = defineTool({ name: 'look-up', description: 'Looks.', parameters: z.object({}), run: () => 1 });
`;

/** Pays a bill of the business's own records, of a caller who is known. */
const payFile = `
import { z } from ${JSON.stringify(import.meta.resolve('zod'))};
import { defineTool } from ${fileUrl('agents/tool.ts')};
export const payBill = defineTool({
  name: 'pay-bill',
  description: 'Pays.',
  parameters: z.object({ bill: z.string(), cents: z.number().int() }),
  effect: true,
  needs: ['customer-id'],
  timeoutMs: 10_000,
  run: ({ bill, cents }, { data, idempotencyKey, established }) =>
    data.change('bills', bill, idempotencyKey, before => ({
      ...{ id: bill, payer: established['customer-id'] },
      paid: (before?.paid ?? 0) + cents,
    })),
});
`;

export async function effectWorld(): Promise<EffectWorld> {
  const server = createServer((request, response) => void book(request.headers['idempotency-key'], response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const agentsDir = await mkdtemp(path.join(tmpdir(), 'switchboard-agents-'));
  await mkdir(path.join(agentsDir, 'tools'));
  // Somebody has to answer; here nobody rings.
  await writeFile(path.join(agentsDir, 'desk.yaml'), '');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(path.join(agentsDir, 'tools/book-table.ts'), toolFile(url));
  await writeFile(path.join(agentsDir, 'tools/look-up.ts'), lookUpFile);
  await writeFile(path.join(agentsDir, 'tools/pay-bill.ts'), payFile);

  const world: EffectWorld = {
    agentsDir,
    asked: [],
    bookings: new Map(),
    beforeReply: async () => undefined,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      await rm(agentsDir, { recursive: true, force: true });
    },
  };
  return world;

  async function book(given: string | string[] | undefined, response: ServerResponse): Promise<void> {
    const key = String(given);
    world.asked.push(key);
    const number = world.bookings.get(key) ?? world.bookings.size + 1;
    world.bookings.set(key, number);
    await world.beforeReply();
    response.writeHead(200, { 'content-type': 'application/json' }).end(String(number));
  }
}
