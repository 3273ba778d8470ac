import type { Binding, RegisteredFunction, TypedData } from '../core-module.ts';
import type { Database } from '../database.ts';
import type { FunctionTable } from '../function-table.ts';
import { type Invoker, triggerOf } from '../invocation.ts';
import type { Log } from '../log.ts';
import { expandSettings, type QueueSettings } from '../settings.ts';
import { encodeText, QueueTrigger } from './queue.ts';
import { defaultConnection, type QueueServices } from './queue-services.ts';
import { TimerTrigger } from './timer.ts';

/** The triggers that listen on their own, timers and queues, and what the admin routes may do with them. */

export interface ListenerOptions {
  table: FunctionTable;
  db: Database;
  invoker: Invoker;
  queueSettings: QueueSettings;
  queues: QueueServices;
  log: Log;
}

export class Listeners {
  #options: ListenerOptions;
  #timers: TimerTrigger[];
  #queues: QueueTrigger[] = [];

  /** @throws when a schedule cannot be read */
  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#timers = options.table.of('timertrigger').map(fn => new TimerTrigger(fn, options));
  }

  /** Connects to the queue services; nothing runs yet. */
  async connect(): Promise<void> {
    const { table, queues, queueSettings: settings, invoker, log } = this.#options;
    for (const fn of table.of('queuetrigger')) {
      const service = await queues.named(connectionOf(triggerOf(fn)));
      if (service === queues.builtIn) {
        const message = `Queue function "${fn.metadata.name}" listens to the host's own queues: no storage account answers.`;
        log({ level: 'information', category: 'host', message });
      }
      this.#queues.push(new QueueTrigger(fn, { service, settings, invoker, log }));
    }
  }

  start(): void {
    for (const listener of [...this.#timers, ...this.#queues]) listener.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#timers, ...this.#queues].map(listener => listener.stop()));
  }

  /** Runs a function by hand. */
  run(fn: RegisteredFunction, input: string | undefined): void {
    const { name } = fn.metadata;
    const timer = this.#timers.find(known => known.functionName === name);
    const queue = this.#queues.find(known => known.functionName === name);
    if (timer) timer.runNow();
    else if (queue) queue.runNow(input ?? '');
    else void this.#runOther(fn, input);
  }

  async #runOther(fn: RegisteredFunction, input: string | undefined): Promise<void> {
    const isHttp = triggerOf(fn).type.toLowerCase() === 'httptrigger';
    const bytes = Buffer.from(input ?? '');
    const trigger: TypedData = isHttp
      ? { http: { method: 'POST', url: `http://localhost/${fn.metadata.name}`, body: { bytes } } }
      : { string: input ?? '' };
    const result = await this.#options.invoker.invoke(fn, { trigger });
    if (result.ok) return;
    const message = result.error.stack ?? result.error.message;
    this.#options.log({ level: 'error', category: 'host', functionName: fn.metadata.name, message });
  }

  /** Puts a text message on a built-in queue. */
  async enqueue(queue: string, text: string): Promise<void> {
    await this.#options.queues.builtIn.send(queue, encodeText(text, this.#options.queueSettings.messageEncoding));
  }
}

/** Writes what a handler set on a queue output: an array is one message per element. */
export async function sendToQueue(
  binding: Binding,
  value: TypedData,
  queues: QueueServices,
  settings: QueueSettings,
): Promise<void> {
  const service = await queues.named(connectionOf(binding));
  const queue = expandSettings(String(binding['queueName'])).toLowerCase();
  const parsed: unknown = value.json === undefined ? undefined : JSON.parse(value.json);
  const single = value.string ?? value.json ?? String(value.int ?? value.double ?? Buffer.from(value.bytes ?? []));
  const messages = Array.isArray(parsed)
    ? parsed.map(item => (typeof item === 'string' ? item : JSON.stringify(item)))
    : [single];
  for (const text of messages) await service.send(queue, encodeText(text, settings.messageEncoding));
}

function connectionOf(binding: Binding): string {
  return typeof binding['connection'] === 'string' && binding['connection'] ? binding['connection'] : defaultConnection;
}
