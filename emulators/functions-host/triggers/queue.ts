import type { RegisteredFunction, TypedData } from '../core-module.ts';
import { type Invoker, triggerName, triggerOf } from '../invocation.ts';
import type { Log } from '../log.ts';
import { expandSettings, type QueueSettings } from '../settings.ts';
import type { QueueMessage, QueueService } from './queue-service.ts';

/*
 * The queue trigger: success deletes a message, failure makes it visible again, and what failed too often goes to
 * `<queue>-poison`. An empty queue is asked less and less often, unless the service announces arrivals.
 */

/** How long a taken message is hidden from other readers, in ms; it must cover the longest run. */
const leaseMs = 600_000;

const shortestPollMs = 100;

export interface QueueTriggerOptions {
  service: QueueService;
  settings: QueueSettings;
  invoker: Invoker;
  log: Log;
}

export class QueueTrigger {
  readonly functionName: string;
  #fn: RegisteredFunction;
  #queue: string;
  #options: QueueTriggerOptions;
  #waitMs = shortestPollMs;
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(fn: RegisteredFunction, options: QueueTriggerOptions) {
    this.functionName = fn.metadata.name;
    this.#fn = fn;
    this.#options = options;
    this.#queue = expandSettings(String(triggerOf(fn)['queueName'])).toLowerCase();
  }

  start(): void {
    this.#options.service.onArrival?.(this.#queue, () => this.#poll());
    this.#poll();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#polling;
  }

  /** Runs the function once on `text`, without a queue. */
  runNow(text: string): void {
    const now = new Date().toISOString();
    const made = { id: 'admin', popReceipt: '', dequeueCount: 1, insertedAt: now, expiresAt: now, nextVisibleAt: now };
    void this.#invoke({ ...made, text }, text);
  }

  #poll(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    if (this.#polling) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.#polling = this.#pollOnce().then(found => {
      this.#polling = undefined;
      if (this.#stopped) return;
      this.#waitMs = found ? shortestPollMs : Math.min(this.#waitMs * 2, this.#options.settings.maxPollingIntervalMs);
      if (found || this.#again) this.#poll();
      else this.#timer = setTimeout(() => this.#poll(), this.#waitMs);
    });
  }

  async #pollOnce(): Promise<boolean> {
    const { service, settings } = this.#options;
    try {
      const messages = await service.receive(this.#queue, settings.batchSize, leaseMs);
      await Promise.all(messages.map(message => this.#handle(message)));
      return messages.length > 0;
    } catch (error) {
      this.#report(`Queue "${this.#queue}": ${(error as Error).message}`);
      return false;
    }
  }

  async #handle(message: QueueMessage): Promise<void> {
    const { service, settings } = this.#options;
    const spent = message.dequeueCount >= settings.maxDequeueCount;
    if (message.dequeueCount > settings.maxDequeueCount) return this.#poison(message);
    const ok = await this.#invoke(message, decodeText(message.text, settings.messageEncoding));
    if (ok) await service.remove(this.#queue, message);
    else if (spent) await this.#poison(message);
    else await service.release(this.#queue, message, settings.visibilityTimeoutMs);
  }

  async #poison(message: QueueMessage): Promise<void> {
    await this.#options.service.send(`${this.#queue}-poison`, message.text);
    await this.#options.service.remove(this.#queue, message);
  }

  async #invoke(message: QueueMessage, text: string): Promise<boolean> {
    const trigger = { string: text };
    const triggerMetadata: Record<string, TypedData> = {
      Id: { string: message.id },
      DequeueCount: { int: message.dequeueCount },
      InsertionTime: { string: message.insertedAt },
      ExpirationTime: { string: message.expiresAt },
      NextVisibleTime: { string: message.nextVisibleAt },
      PopReceipt: { string: message.popReceipt },
      QueueTrigger: trigger,
      [triggerName(this.#fn)]: trigger,
    };
    const result = await this.#options.invoker.invoke(this.#fn, { trigger, triggerMetadata });
    if (!result.ok) this.#report(result.error.stack ?? result.error.message);
    return result.ok;
  }

  #report(message: string): void {
    this.#options.log({ level: 'error', category: 'host', functionName: this.functionName, message });
  }
}

/** Text of a message for the function; what is no base64 is taken as it is, as the real host does. */
export function decodeText(text: string, encoding: 'base64' | 'none'): string {
  if (encoding === 'none' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    return text;
  return Buffer.from(text, 'base64').toString('utf8');
}

export function encodeText(text: string, encoding: 'base64' | 'none'): string {
  return encoding === 'none' ? text : Buffer.from(text, 'utf8').toString('base64');
}
