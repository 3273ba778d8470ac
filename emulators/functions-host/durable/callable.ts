import type { RegisteredFunction } from '../core-module.ts';

/** The app's durable functions by kind and name; the names of entities are lower-case here. */

export type DurableKind = 'orchestrator' | 'activity' | 'entity';

export type DurableFunctions = Record<DurableKind, ReadonlyMap<string, RegisteredFunction>>;

/** Why a durable function cannot be called, in the extension's words, or undefined when it can. */
export function refusal(functions: DurableFunctions, kind: DurableKind, name: string): string | undefined {
  const known = functions[kind];
  if (known.has(kind === 'entity' ? name.toLowerCase() : name)) return undefined;
  const names = [...known.values()].map(fn => `'${fn.metadata.name}'`).join(', ') || 'none';
  return `The function '${name}' doesn't exist, is disabled, or is not an ${kind} function. Known ${kind} functions: ${names}.`;
}
