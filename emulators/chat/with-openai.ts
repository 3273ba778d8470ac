/** For the conformance tests: a running stand-in and the real clients that talk to it. */
import OpenAI, { AzureOpenAI, type ClientOptions } from 'openai';
import { onTestFinished } from 'vitest';
import { type Chat, type ChatOptions, startChat } from './chat.ts';

export type Talk = {
  chat: Chat;
  /** On the v1 addresses, with a bearer. */
  openai: OpenAI;
  /** On the dated addresses, with an api-key. */
  azure: AzureOpenAI;
  /** Another client of the same stand-in. */
  client: (options: ClientOptions) => OpenAI;
};

/** Starts a stand-in for one test; it is closed when the test ends. */
export async function talk(options: ChatOptions = {}): Promise<Talk> {
  const chat = await startChat(options);
  onTestFinished(() => chat.close());
  const baseURL = `${chat.url}/openai/v1/`;
  const client = (more: ClientOptions) => new OpenAI({ baseURL, apiKey: chat.key, maxRetries: 0, ...more });
  const azure = { endpoint: chat.url, apiKey: chat.key, apiVersion: '2025-04-01-preview', maxRetries: 0 };
  return { chat, client, openai: client({}), azure: new AzureOpenAI(azure) };
}

export const model = 'gpt-4.1-mini';

/** A tool in the form of the Responses API. */
export const openingHours = {
  type: 'function' as const,
  name: 'opening_hours',
  strict: true,
  parameters: {
    type: 'object',
    properties: { day: { type: 'string' } },
    required: ['day'],
    additionalProperties: false,
  },
};

/** The same tool in the form of chat completions. */
export const openingHoursInChat = {
  type: 'function' as const,
  function: { name: openingHours.name, strict: true, parameters: openingHours.parameters },
};

/** The next item of a stream, for tests that stop reading in the middle. */
export async function next<T>(iterator: AsyncIterator<T>): Promise<T> {
  const { done, value } = await iterator.next();
  if (done) throw new Error('The stream ended before the test expected it to.');
  return value;
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
