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
  /** What it is about, for those who look for a tool. @default [] */
  readonly tags: readonly string[];
  /** Facts of the call without which it does not run; only tools can establish them. @default [] */
  readonly needs: readonly string[];
  /** How often a look-up that threw is run again. @default 0 */
  readonly retries: number;
  /** Names of arguments and of fields of the result that are personal: in clear they stay in the conversation. @default [] */
  readonly personal: readonly string[];
  /** @throws z.ZodError when the result is not what the tool promises. */
  parseResult(result: unknown): unknown;
  /** What the record says of a result, without anything personal; undefined: nothing. At most 200 characters. */
  summarise(result: unknown, args: unknown): string | undefined;
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
  /** Facts that tools have established in this call, such as `customer-id`. What the caller only said is not among them. @default {} */
  established?: Readonly<Record<string, string>>;
  /** Whether the caller rings from this number, E.164. Absent for an effect, and where nobody can tell. */
  ringsFrom?(number: string): boolean;
  /** The business's own records. Absent where there is no database. */
  data?: ToolData;
  /** What an effect can have the control plane do. Absent for a look-up. */
  office?: Office;
  /** Notes facts that this tool has made sure of; gates of tools and handoffs ask for them. Absent for an effect. */
  establish?(facts: Readonly<Record<string, string>>): void;
  /** Notes what the caller says of themselves, kept for their next call too. Absent for an effect. */
  remember?(name: string, value: string): void;
  /** Ends the call once all that the agent has said has been heard, unless the caller speaks before. Absent for an effect. */
  endCall?(reason: string): Promise<void>;
  /** Languages that the agent has a voice for. @default [] */
  languages?: readonly string[];
  /** The agent speaks and hears another language from here on. @returns false where it has no voice for it. Absent for an effect. */
  switchLanguage?(locale: string): boolean;
  /**
   * Has a person found for the caller, once all that the agent has said before has been heard. Resolves when that has
   * begun; the reply ends there. Absent where no caller is on the line, as for an effect.
   */
  askForPerson?(ask: PersonAsk): Promise<void>;
  /**
   * Asks the caller for digits by the keys of the telephone. A secret is told to nobody but `check`; what is none comes back
   * as `digits`. Absent as above.
   */
  takeDigits?(ask: DigitsAsk): Promise<{ ok: boolean; digits?: string }>;
}

/** A record of the business; `id` is its own within its kind. */
export type DataRecord = { readonly id: string } & Readonly<Record<string, unknown>>;

/** Reads, and for effects changes, the records of the business by kind: `customers`, `invoices`. */
export interface ToolData {
  get(kind: string, id: string): Promise<DataRecord | undefined>;
  /** The records whose fields equal these. @returns at most 50 */
  find(kind: string, where: Readonly<Record<string, string | number | boolean>>): Promise<readonly DataRecord[]>;
  /**
   * Changes one record, or makes it where there is none; runs `change` again where somebody else was faster, and not at
   * all where the record has seen `key` before. Absent for a look-up.
   * @returns the record as it stands
   */
  change?(
    kind: string,
    id: string,
    key: string,
    change: (record: DataRecord | undefined) => DataRecord,
  ): Promise<DataRecord>;
}

/** What the control plane does for an effect; each once per `key`. What it cannot do it says. */
export interface Office {
  /** Sends the summary of this call when it has ended. `no-email`: none is sent from here. */
  sendSummary(key: string, to: string): Promise<'no-email' | undefined>;
  /**
   * Has the caller of this call rung back. `at`: epoch milliseconds; `facts`: what the agent then knows the caller to have
   * said. `no-number`: nobody knows where.
   */
  callBack(key: string, at: number, facts: Readonly<Record<string, string>>): Promise<'no-number' | undefined>;
}

export interface PersonAsk {
  /** In a few words. */
  reason: string;
  /** What the person is told before they accept. */
  summary: string;
}

export type DigitsAsk = SecretDigitsAsk | PlainDigitsAsk;

export interface SecretDigitsAsk {
  secret: true;
  length: number;
  /** @default the words of the agent's language */
  prompt?: string;
  /** @default 3 */
  tries?: number;
  /** Whether they are right. What it throws counts as a refusal and is told to nobody. */
  check(digits: string): Promise<boolean>;
}

export interface PlainDigitsAsk {
  secret: false;
  /** @default as many as come before a pause, or before # */
  length?: number;
  /** @default what the agent says before it asks for them; the words of its language where it says nothing */
  prompt?: string;
  /** @default 3 */
  tries?: number;
}

export interface ToolDefinition<P extends z.ZodObject, R extends z.ZodType = z.ZodType> {
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
  /** @default [] */
  tags?: readonly string[];
  /** @default [] */
  needs?: readonly string[];
  /** Of look-ups. @default 0 */
  retries?: number;
  /** @default [] */
  personal?: readonly string[];
  /** What `run` answers; anything else is an error of the tool. @default anything that is JSON */
  result?: R;
  /** For the record, without anything personal. @default nothing is said */
  summarise?(result: z.output<R>, args: z.output<P>): string;
  run(args: z.output<P>, context: ToolContext): unknown;
}

const longestSummary = 200;

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
export function defineTool<P extends z.ZodObject, R extends z.ZodType>(definition: ToolDefinition<P, R>): Tool {
  const { name, description, timeoutMs = 5000, effect = false, holdWords = [], run } = definition;
  const { tags = [], needs = [], retries = 0, personal = [], result, summarise } = definition;
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
      tags,
      needs,
      retries: effect ? 0 : retries,
      personal,
      parseResult: (found: unknown) => (result ? result.parse(found) : found),
      summarise: (found: unknown, args: unknown) =>
        summarise?.(found as z.output<R>, args as z.output<P>).slice(0, longestSummary),
      parse: (args: unknown) => parameters.parse(args),
      run: (args: unknown, context: ToolContext) => run(args as z.output<P>, context),
    },
    { [toolMark]: true },
  );
}

export function isTool(value: unknown): value is Tool {
  return typeof value === 'object' && value !== null && toolMark in value;
}
