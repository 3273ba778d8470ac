import type { Binding, RegisteredFunction } from './core-module.ts';
import type { DurableFunctions } from './durable/callable.ts';
import { isTrigger, triggerOf } from './invocation.ts';

/*
 * Sorts the app's functions by trigger and refuses what this host cannot serve: an honest stop at the start is better
 * than a function that never runs.
 */

const triggers = [
  'httptrigger',
  'timertrigger',
  'queuetrigger',
  'eventgridtrigger',
  'orchestrationtrigger',
  'activitytrigger',
  'entitytrigger',
] as const;
export type TriggerType = (typeof triggers)[number];

const inputs = ['durableclient', 'orchestrationclient'];
const outputs = ['http', 'queue'];

export interface FunctionTable {
  /** All enabled functions by name in lower case. */
  byName: ReadonlyMap<string, RegisteredFunction>;
  of(type: TriggerType): RegisteredFunction[];
  durable: DurableFunctions;
  /** Names of functions switched off by `AzureWebJobs.<name>.Disabled`. */
  disabled: ReadonlySet<string>;
}

/** @throws with the list of everything that is not supported */
export function functionTable(functions: Iterable<RegisteredFunction>): FunctionTable {
  const byName = new Map<string, RegisteredFunction>();
  const byType = new Map<TriggerType, RegisteredFunction[]>(triggers.map(type => [type, []]));
  const disabled = new Set<string>();
  const problems: string[] = [];
  for (const fn of functions) {
    const { name } = fn.metadata;
    problems.push(...unsupported(fn));
    byName.set(name.toLowerCase(), fn);
    byType.get(triggerOf(fn).type.toLowerCase() as TriggerType)?.push(fn);
    if (isDisabled(name)) disabled.add(name);
  }
  if (problems.length > 0) throw new Error(`This host cannot run the app. ${problems.join(' ')}`);
  const enabled = (type: TriggerType): RegisteredFunction[] =>
    byType.get(type)!.filter(fn => !disabled.has(fn.metadata.name));
  const named = (type: TriggerType, key: (name: string) => string): Map<string, RegisteredFunction> =>
    new Map(enabled(type).map(fn => [key(fn.metadata.name), fn]));
  return {
    byName,
    of: enabled,
    disabled,
    durable: {
      orchestrator: named('orchestrationtrigger', name => name),
      activity: named('activitytrigger', name => name),
      entity: named('entitytrigger', name => name.toLowerCase()),
    },
  };
}

function unsupported(fn: RegisteredFunction): string[] {
  const { name, bindings } = fn.metadata;
  const problems: string[] = [];
  for (const binding of Object.values(bindings)) {
    const type = binding.type.toLowerCase();
    const known: readonly string[] = isTrigger(binding) ? triggers : isOutput(binding) ? outputs : inputs;
    if (!known.includes(type)) {
      problems.push(`Function "${name}" has the ${roleOf(binding)} "${binding.type}"; known: ${known.join(', ')}.`);
    }
  }
  return problems;
}

function isOutput(binding: Binding): boolean {
  return binding.direction === 'out';
}

function roleOf(binding: Binding): string {
  if (isTrigger(binding)) return 'trigger';
  return isOutput(binding) ? 'output binding' : 'input binding';
}

function isDisabled(name: string): boolean {
  const setting = process.env[`AzureWebJobs.${name}.Disabled`] ?? process.env[`AzureWebJobs_${name}_Disabled`];
  return /^(true|1)$/i.test(setting ?? '');
}
