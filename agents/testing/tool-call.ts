import type { DigitsAsk, Tool, ToolContext } from '../tool.ts';
import { type SampleRecords, sampleRecords } from './sample-records.ts';

/** A call in which tools run on the sample records, as the runtime runs them: parsed, checked, facts kept. */
export interface ToolCall {
  readonly records: SampleRecords;
  readonly established: Readonly<Record<string, string>>;
  readonly remembered: Readonly<Record<string, string>>;
  /** How often the caller was asked for secret digits. */
  asked(): number;
  /** @param key of an effect; the same key is the same effect */
  run(tool: Tool, args?: unknown, key?: string): Promise<unknown>;
}

export interface ToolCaller {
  /** The telephone they ring from. */
  from?: string;
  /** The keys they press when they are asked, one answer after the other. */
  presses?: readonly string[];
  established?: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  at?: number;
  /** Of another call. @default fresh ones */
  records?: SampleRecords;
}

/** Monday, 23 November, 9:10 in New York. */
const usualTime = Date.parse('2026-11-23T14:10:00Z');

export async function toolCall({ from, presses = [], at = usualTime, ...caller }: ToolCaller = {}): Promise<ToolCall> {
  const records = caller.records ?? (await sampleRecords());
  const established: Record<string, string> = { ...caller.established };
  const remembered: Record<string, string> = {};
  const pressed = [...presses];
  let asked = 0;
  let effects = 0;

  const takeDigits = async (ask: DigitsAsk) => {
    const keys = pressed.shift();
    asked += 1;
    return { ok: keys !== undefined && ask.secret && (await ask.check(keys)) };
  };
  const inCall = (): Partial<ToolContext> => ({
    data: records.reading,
    ringsFrom: number => number === from,
    establish: facts => void Object.assign(established, facts),
    remember: (name, value) => void Object.assign(remembered, { [name]: value }),
    takeDigits,
  });
  return {
    records,
    established,
    remembered,
    asked: () => asked,
    run: async (tool, args = {}, key) => {
      effects += 1;
      const context: ToolContext = {
        ...{ callId: '0'.repeat(32), signal: new AbortController().signal, now: () => at },
        established: { ...established },
        ...(tool.effect ? { data: records.changing, idempotencyKey: key ?? `effect-${effects}` } : inCall()),
      };
      return tool.parseResult(await tool.run(tool.parse(args), context));
    },
  };
}
