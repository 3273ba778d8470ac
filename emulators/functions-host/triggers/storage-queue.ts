import { createHmac } from 'node:crypto';
import type { QueueMessage, QueueService } from './queue-service.ts';

/*
 * Azure Storage queues over their REST wire (version 2021-12-02), signed with SharedKey: enough for the queue trigger
 * and the queue output, against Azurite or an account.
 */

const apiVersion = '2021-12-02';

export interface StorageAccount {
  name: string;
  /** Base64. */
  key: string;
  /** Without a trailing slash; Azurite's ends with the account name. */
  queueEndpoint: string;
}

const azurite: StorageAccount = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
  queueEndpoint: 'http://127.0.0.1:10001/devstoreaccount1',
};

/** @throws when the connection string lacks what a queue needs */
export function parseConnectionString(text: string): StorageAccount {
  const parts = new Map(
    text
      .split(';')
      .filter(part => part.includes('='))
      .map(part => [part.slice(0, part.indexOf('=')).trim().toLowerCase(), part.slice(part.indexOf('=') + 1).trim()]),
  );
  if (parts.get('usedevelopmentstorage')?.toLowerCase() === 'true') return azurite;
  const name = parts.get('accountname');
  const key = parts.get('accountkey');
  if (!name || !key) {
    throw new Error('AzureWebJobsStorage must hold AccountName and AccountKey, or be "UseDevelopmentStorage=true".');
  }
  const scheme = parts.get('defaultendpointsprotocol') ?? 'https';
  const suffix = parts.get('endpointsuffix') ?? 'core.windows.net';
  const endpoint = parts.get('queueendpoint') ?? `${scheme}://${name}.queue.${suffix}`;
  return { name, key, queueEndpoint: endpoint.replace(/\/+$/, '') };
}

/** A request that the queue service refused. */
export class QueueRefused extends Error {
  override name = 'QueueRefused';
  readonly status: number;

  constructor(method: string, path: string, status: number, code: string) {
    super(`Queue service answered ${status} ${code} to ${method} ${path}. Check the connection string.`);
    this.status = status;
  }
}

export class StorageQueues implements QueueService {
  #account: StorageAccount;

  constructor(account: StorageAccount) {
    this.#account = account;
  }

  async receive(queue: string, count: number, visibilityMs: number): Promise<QueueMessage[]> {
    const query = {
      numofmessages: String(count),
      visibilitytimeout: String(Math.max(1, Math.round(visibilityMs / 1000))),
    };
    try {
      const { body } = await this.#call('GET', `${queue}/messages`, query);
      return parseMessages(body);
    } catch (error) {
      if (error instanceof QueueRefused && error.status === 404) return [];
      throw error;
    }
  }

  async remove(queue: string, { id, popReceipt }: QueueMessage): Promise<void> {
    await this.#unlessGone(this.#call('DELETE', `${queue}/messages/${id}`, { popreceipt: popReceipt }));
  }

  async release(queue: string, { id, popReceipt }: QueueMessage, delayMs: number): Promise<void> {
    const query = { popreceipt: popReceipt, visibilitytimeout: String(Math.round(delayMs / 1000)) };
    await this.#unlessGone(this.#call('PUT', `${queue}/messages/${id}`, query));
  }

  async send(queue: string, text: string): Promise<void> {
    const body = `<QueueMessage><MessageText>${escapeXml(text)}</MessageText></QueueMessage>`;
    try {
      await this.#call('POST', `${queue}/messages`, {}, body);
    } catch (error) {
      if (!(error instanceof QueueRefused) || error.status !== 404) throw error;
      await this.#call('PUT', queue, {});
      await this.#call('POST', `${queue}/messages`, {}, body);
    }
  }

  /** Resolves when something answers at the endpoint. */
  async probe(): Promise<boolean> {
    try {
      await fetch(this.#account.queueEndpoint, { signal: AbortSignal.timeout(1000) });
      return true;
    } catch {
      // Nobody listens, or not in time: either way there is no queue service.
      return false;
    }
  }

  /** A message that another reader took meanwhile is no longer ours to change. */
  async #unlessGone(call: Promise<unknown>): Promise<void> {
    try {
      await call;
    } catch (error) {
      if (!(error instanceof QueueRefused) || error.status !== 404) throw error;
    }
  }

  async #call(method: string, path: string, query: Record<string, string>, body = ''): Promise<{ body: string }> {
    const url = new URL(`${this.#account.queueEndpoint}/${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const headers: Record<string, string> = {
      'x-ms-date': new Date().toUTCString(),
      'x-ms-version': apiVersion,
      ...(body ? { 'content-type': 'application/xml', 'content-length': String(Buffer.byteLength(body)) } : {}),
    };
    headers['authorization'] = authorization(this.#account, method, url, headers);
    const response = await fetch(url, {
      method,
      headers,
      signal: AbortSignal.timeout(30_000),
      ...(body ? { body } : {}),
    });
    const text = await response.text();
    if (!response.ok)
      throw new QueueRefused(method, path, response.status, response.headers.get('x-ms-error-code') ?? '');
    return { body: text };
  }
}

/** SharedKey of the blob and queue services. */
export function authorization(
  account: StorageAccount,
  method: string,
  url: URL,
  headers: Record<string, string>,
): string {
  const canonicalHeaders = Object.keys(headers)
    .filter(name => name.startsWith('x-ms-'))
    .sort()
    .map(name => `${name}:${headers[name]}`);
  const canonicalQuery = [...new Set(url.searchParams.keys())]
    .map(name => name.toLowerCase())
    .sort()
    .map(name => `${name}:${url.searchParams.getAll(name).sort().join(',')}`);
  const lines = [
    method,
    '',
    '',
    headers['content-length'] ?? '',
    '',
    headers['content-type'] ?? '',
    '',
    '',
    '',
    '',
    '',
    '',
    ...canonicalHeaders,
    [`/${account.name}${url.pathname}`, ...canonicalQuery].join('\n'),
  ];
  const signature = createHmac('sha256', Buffer.from(account.key, 'base64'))
    .update(lines.join('\n'), 'utf8')
    .digest('base64');
  return `SharedKey ${account.name}:${signature}`;
}

function parseMessages(xml: string): QueueMessage[] {
  return [...xml.matchAll(/<QueueMessage>(.*?)<\/QueueMessage>/gs)].map(([, message]) => {
    const field = (name: string): string =>
      unescapeXml(new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(message!)?.[1] ?? '');
    const time = (name: string): string => new Date(field(name)).toISOString();
    return {
      id: field('MessageId'),
      popReceipt: field('PopReceipt'),
      text: field('MessageText'),
      dequeueCount: Number(field('DequeueCount')),
      insertedAt: time('InsertionTime'),
      expiresAt: time('ExpirationTime'),
      nextVisibleAt: time('TimeNextVisible'),
    };
  });
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, character => entities[character]!);
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|amp|#x([0-9a-f]+)|#(\d+));/gi, (entity, hex?: string, decimal?: string) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' }[entity.toLowerCase()] ?? entity;
  });
}
