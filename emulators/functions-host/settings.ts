import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { DurableLimits } from './durable/engine.ts';

/*
 * Everything the host reads before the app runs: host.json, local settings, and settings named inside %percent% signs.
 */

export interface HostSettings {
  /** host.json `extensions.http.routePrefix`. @default 'api' */
  routePrefix: string;
  hubName: string;
  limits: DurableLimits;
  queues: QueueSettings;
}

export interface QueueSettings {
  /** Messages fetched at once. @default 16 */
  batchSize: number;
  /** @default 5 */
  maxDequeueCount: number;
  /** Wait before a failed message is visible again, in ms. @default 0 */
  visibilityTimeoutMs: number;
  /** Longest wait between polls of an empty queue, in ms. @default 60000 */
  maxPollingIntervalMs: number;
  messageEncoding: 'base64' | 'none';
}

const durableBackends = ['azurestorage', 'azuremanaged', 'durabletask-scheduler', 'mssql', 'netherite'];

export function readHostJson(appDir: string): HostSettings {
  const file = path.join(appDir, 'host.json');
  if (!existsSync(file)) throw new Error(`There is no host.json in ${appDir}. Point --app at the app's root folder.`);
  const host = section(JSON.parse(readFileSync(file, 'utf8')));
  if (host['version'] !== '2.0') throw new Error('host.json must say "version": "2.0".');
  const extensions = section(host['extensions']);
  const durable = section(extensions['durableTask']);
  const backend = section(durable['storageProvider'])['type'];
  if (backend !== undefined && !durableBackends.includes(String(backend).toLowerCase())) {
    throw new Error(`host.json names the Durable backend "${backend}". Known: ${durableBackends.join(', ')}.`);
  }
  const queues = section(extensions['queues']);
  const cores = availableParallelism();
  return {
    routePrefix: String(section(extensions['http'])['routePrefix'] ?? 'api').replace(/^\/+|\/+$/g, ''),
    hubName: expandSettings(String(durable['hubName'] ?? 'TestHubName')),
    limits: {
      orchestrators: positive(durable['maxConcurrentOrchestratorFunctions'], 10 * cores),
      activities: positive(durable['maxConcurrentActivityFunctions'], 10 * cores),
      entities: positive(durable['maxConcurrentEntityFunctions'], 10 * cores),
      entityBatch: positive(durable['maxEntityOperationBatchSize'], 5000),
    },
    queues: {
      batchSize: positive(queues['batchSize'], 16),
      maxDequeueCount: positive(queues['maxDequeueCount'], 5),
      visibilityTimeoutMs: timeSpanMs(queues['visibilityTimeout'] ?? 0),
      maxPollingIntervalMs: timeSpanMs(queues['maxPollingInterval'] ?? 60_000),
      messageEncoding: String(queues['messageEncoding'] ?? 'base64').toLowerCase() === 'none' ? 'none' : 'base64',
    },
  };
}

/** Sets the `Values` of a local.settings.json; what the environment already holds wins. */
export function applyLocalSettings(file: string | undefined): void {
  if (file === undefined) return;
  if (!existsSync(file))
    throw new Error(`There is no settings file ${file}. Copy local.settings.example.json, or leave out --settings.`);
  for (const [name, value] of Object.entries(section(section(JSON.parse(readFileSync(file, 'utf8')))['Values']))) {
    process.env[name] ??= String(value);
  }
}

/** Replaces every %NAME% by the setting of that name. */
export function expandSettings(text: string): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = process.env[name];
    if (value === undefined) {
      throw new Error(`The setting "${name}", named as %${name}%, is not set. Add it to local.settings.json.`);
    }
    return value;
  });
}

/** A number is milliseconds; text is a .NET time span such as "00:00:02.500" or "1.00:00:00". */
export function timeSpanMs(value: unknown): number {
  if (typeof value === 'number') return value;
  const match = /^(?:(\d+)\.)?(\d+):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(String(value));
  if (!match) throw new Error(`"${String(value)}" is no time span. Write hh:mm:ss.`);
  const [, days = '0', hours, minutes, seconds] = match;
  return Math.round((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000);
}

function section(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function positive(value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (!Number.isInteger(value) || (value as number) < 1)
    throw new Error(`host.json: ${String(value)} is no positive integer.`);
  return value as number;
}
