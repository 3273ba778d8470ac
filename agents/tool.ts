import { z } from 'zod';

/**
 * A tool is something an agent can look up or do: its parameters are checked before it runs, it has a time limit, and it
 * says whether it changes the world. Nothing about calls or models is known here.
 */
export interface Tool {
  /** Name of its file in agents/tools, and in the agents' YAML. */
  readonly name: string;
  /** The name as the model sees it: letters, digits and underscores. */
  readonly functionName: string;
  /** Tells the model when to use it. */
  readonly description: string;
  /** JSON schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** @default 5000 */
  readonly timeoutMs: number;
  /** It changes the world: once begun it is finished, whatever the caller says meanwhile. @default false */
  readonly effect: boolean;
  /** Sentences that may be said while it keeps the caller waiting, in turn. @default [] */
  readonly holdWords: readonly string[];
  /** @throws z.ZodError when the arguments are not what `parameters` asks for. */
  parse(args: unknown): unknown;
  /** Runs with what `parse` returned. The result goes to the model as JSON. */
  run(args: unknown, context: ToolContext): unknown;
}

export interface ToolContext {
  callId: string;
  /** Aborts when the result is no longer wanted or the time is up. */
  signal: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
  /**
   * Given to an effect: the same for every run of one effect. A run may be repeated after a crash, so hand it to the
   * system that is changed, to be recognised there.
   */
  idempotencyKey?: string;
  /** `toolSettings` of the agent's page. @default {} */
  settings?: Readonly<Record<string, string>>;
  /**
   * Has a person found for the caller, once all that the agent has said before has been heard. Resolves when that has
   * begun; the reply ends there. Absent where no caller is on the line, as for an effect.
   */
  askForPerson?(ask: PersonAsk): Promise<void>;
  /** Asks the caller for digits by the keys of the telephone, which nobody but `check` gets to know. Absent as above. */
  takeDigits?(ask: DigitsAsk): Promise<{ ok: boolean }>;
}

export interface PersonAsk {
  /** In a few words. */
  reason: string;
  /** What the person is told before they accept. */
  summary: string;
}

export interface DigitsAsk {
  secret: true;
  length: number;
  /** @default the words of the agent's language */
  prompt?: string;
  /** @default 3 */
  tries?: number;
  /** Whether they are right. What it throws counts as a refusal and is told to nobody. */
  check(digits: string): Promise<boolean>;
}

export interface ToolDefinition<P extends z.ZodObject> {
  /** Lower-case letters, digits and dashes, as the file is called. */
  name: string;
  description: string;
  parameters: P;
  /** @default 5000 */
  timeoutMs?: number;
  /** @default false */
  effect?: boolean;
  /** @default [] */
  holdWords?: readonly string[];
  run(args: z.output<P>, context: ToolContext): unknown;
}

/** Tools come from files that may be bundled apart from the loader, so they are known by a mark and not by a class. */
const toolMark = Symbol.for('switchboard.tool');

/**
 * Defines a tool; the file exports the result by any name.
 *
 * ```ts
 * export const parcelStatus = defineTool({
 *   name: 'parcel-status',
 *   description: 'Where a parcel is.',
 *   parameters: z.object({ number: z.string().describe('Parcel number, 12 digits') }),
 *   run: ({ number }, { signal }) => carrier.status(number, signal),
 * });
 * ```
 */
export function defineTool<P extends z.ZodObject>(definition: ToolDefinition<P>): Tool {
  const { name, description, timeoutMs = 5000, effect = false, holdWords = [], run } = definition;
  const parameters = definition.parameters.strict();
  const { $schema: _, ...schema } = z.toJSONSchema(parameters, { io: 'input' });
  return Object.assign(
    {
      name,
      functionName: name.replaceAll('-', '_'),
      description,
      parameters: schema,
      timeoutMs,
      effect,
      holdWords,
      parse: (args: unknown) => parameters.parse(args),
      run: (args: unknown, context: ToolContext) => run(args as z.output<P>, context),
    },
    { [toolMark]: true },
  );
}

export function isTool(value: unknown): value is Tool {
  return typeof value === 'object' && value !== null && toolMark in value;
}
