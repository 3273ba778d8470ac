/** What the stand-in has seen and done, in numbers: no content of messages is kept. */

import type { Target } from './hub.ts';
import type { DataType } from './message.ts';

/** Older publishes and groups are forgotten. */
const rememberedPublishes = 1000;
const rememberedGroups = 10_000;

export interface Publish {
  /** ISO time of arrival. */
  at: string;
  hub: string;
  target: Target;
  by: 'server' | 'client';
  dataType: DataType;
  bytes: number;
  /** Connections it was given to, each counted once. */
  reached: number;
}

export interface Counters {
  /** Connections opened, without recoveries. */
  connections: number;
  recoveries: number;
  /** Recoveries that ended in 1008. */
  unrecoverable: number;
  /** Connections given up because too much was not acknowledged. */
  overflows: number;
  /** HTTP status to how often, upgrades and REST together. */
  refused: Record<string, number>;
  publishes: number;
  /** Messages times receivers. */
  deliveries: number;
  /** Messages written again after a recovery. */
  repeated: number;
  /** Unsuccessful acks by error name. */
  nacks: Record<string, number>;
  /** Events meant for an upstream handler. */
  events: number;
  /** Frames that broke the protocol. */
  violations: number;
  /** Fault name to how often it struck. */
  faults: Record<string, number>;
}

export interface Ledger {
  readonly counters: Counters;
  publishes(): readonly Publish[];
  /** Messages published to a group since the start. */
  publishedTo(hub: string, group: string): number;
  wrote(publish: Publish): void;
  clear(): void;
}

export function createLedger(): Ledger {
  const counters = zero();
  let publishes: Publish[] = [];
  const groups = new Map<string, number>();
  return {
    counters,
    publishes: () => publishes,
    publishedTo: (hub, group) => groups.get(`${hub}/${group}`) ?? 0,
    wrote(publish) {
      counters.publishes += 1;
      counters.deliveries += publish.reached;
      publishes.push(publish);
      if (publishes.length > rememberedPublishes) publishes.shift();
      if (publish.target.to !== 'group') return;
      const key = `${publish.hub}/${publish.target.name}`;
      groups.set(key, (groups.get(key) ?? 0) + 1);
      if (groups.size > rememberedGroups) groups.delete(groups.keys().next().value!);
    },
    clear() {
      Object.assign(counters, zero());
      publishes = [];
      groups.clear();
    },
  };
}

export function count(counts: Record<string, number>, name: string | number): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function zero(): Counters {
  return {
    connections: 0,
    recoveries: 0,
    unrecoverable: 0,
    overflows: 0,
    refused: {},
    publishes: 0,
    deliveries: 0,
    repeated: 0,
    nacks: {},
    events: 0,
    violations: 0,
    faults: {},
  };
}
