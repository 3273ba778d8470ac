import type { Database } from '../database.ts';
import { LocalQueues } from './local-queue.ts';
import type { QueueService } from './queue-service.ts';
import { parseConnectionString, StorageQueues } from './storage-queue.ts';

/*
 * Chooses who serves the queues of a connection: the account it names, Azurite when it answers, otherwise the queues
 * built into the host.
 */

export class QueueServices {
  readonly builtIn: LocalQueues;
  #known = new Map<string, Promise<QueueService>>();

  constructor(db: Database) {
    this.builtIn = new LocalQueues(db);
  }

  /** @param connection name of the setting that holds the connection string, with or without "AzureWebJobs" */
  named(connection: string): Promise<QueueService> {
    const text = process.env[connection] ?? process.env[`AzureWebJobs${connection}`] ?? '';
    const known = this.#known.get(text);
    if (known) return known;
    const service = this.#choose(text);
    this.#known.set(text, service);
    return service;
  }

  async #choose(text: string): Promise<QueueService> {
    if (text === '') return this.builtIn;
    const storage = new StorageQueues(parseConnectionString(text));
    const development = /usedevelopmentstorage\s*=\s*true/i.test(text);
    return !development || (await storage.probe()) ? storage : this.builtIn;
  }
}

export const defaultConnection = 'AzureWebJobsStorage';
