/**
 * One rule of a script: when it speaks and what it says. Everything that can be wrong with a rule is found here, before
 * the first request, because a rule that silently never matches costs its author an evening.
 */
import { z } from 'zod';
import { placeholdersIn } from './placeholders.ts';
import { troubleShape } from './trouble.ts';

/** Upper and lower case are the same, and a dot matches line breaks: the text is what somebody heard. */
const pattern = z.union([z.string(), z.instanceof(RegExp)]).transform((given, context) => {
  try {
    // Not the same object: `g` and `y` would make it remember where it stopped.
    return typeof given === 'string'
      ? new RegExp(given, 'is')
      : new RegExp(given.source, given.flags.replace(/[gy]/g, ''));
  } catch (cause) {
    context.addIssue({ code: 'custom', message: `is not a regular expression: ${(cause as Error).message}.` });
    return z.NEVER;
  }
});

const matchSchema = z.strictObject({
  /** Text in the instructions, in any case. Tells agents apart. */
  agent: z.string().min(1).optional(),
  system: pattern.optional(),
  /** Against the user texts after the last assistant message. */
  lastUser: pattern.optional(),
  /** Against each user text of the whole conversation. */
  said: pattern.optional(),
  /** The tool whose output ends the input. */
  tool: z.string().min(1).optional(),
  toolOutput: pattern.optional(),
  /** How many times the user has had the word; 0 before the first. */
  turn: z.int().min(0).optional(),
  model: z.string().min(1).optional(),
});

const callSchema = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be letters, digits, _ or -, at most 64.'),
  /** A string is sent as it is, for arguments that are not JSON. */
  arguments: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
});

const ms = z.int().min(0).max(600_000);

export const ruleSchema = z
  .strictObject({
    name: z.string().min(1).optional(),
    match: matchSchema.default({}),
    say: z.string().min(1).optional(),
    /** An answer for requests that ask for JSON. Such requests are answered by no other kind of text. */
    json: z.record(z.string(), z.unknown()).optional(),
    refuse: z.string().min(1).optional(),
    tool: callSchema.optional(),
    tools: z.array(callSchema).min(1).optional(),
    /** Fragments of several calls alternate instead of following each other. */
    interleave: z.boolean().default(false),
    ...troubleShape,
    /** From the request to the first delta, ms. */
    ttftMs: ms.optional(),
    /** Between deltas, ms. */
    gapMs: ms.optional(),
    /** Up to this much is added to each gap, ms. */
    jitterMs: ms.default(0),
    /** The rule is used up after so many answers. */
    times: z.int().min(1).optional(),
  })
  .superRefine((rule, context) => {
    const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const texts = (['say', 'json', 'refuse'] as const).filter(key => rule[key] !== undefined);
    if (texts.length > 1) refuse([texts[1]!], `stands beside ${texts[0]}. Keep one of them.`);
    if (rule.tool && rule.tools) refuse(['tools'], 'stands beside tool. Put all calls into tools.');
    const speaks = texts.length > 0 || rule.tool !== undefined || rule.tools !== undefined;
    const ends =
      rule.error !== undefined || rule.kill !== undefined || rule.hang !== undefined || rule.fail !== undefined;
    if (!speaks && !ends) refuse([], 'answers nothing. Add say, json, refuse, tool, tools, error, hang, kill or fail.');
    if (rule.error && speaks) refuse(['error'], 'stands beside an answer. An HTTP error has no answer: remove one.');

    const known = new Set(['user', ...groupsOf(rule.match)]);
    for (const { key, value } of textsOf(rule)) {
      for (const placeholder of placeholdersIn(value)) {
        const [head = ''] = placeholder.split('.');
        if (known.has(head) || head === 'tool' || head === 'tools') continue;
        refuse(
          [key],
          `has {{${placeholder}}}, which nothing fills. Known here: ${[...known].join(', ')}, tool.<path>.`,
        );
      }
    }
  });

export type Rule = z.input<typeof ruleSchema>;
export type ParsedRule = z.output<typeof ruleSchema>;
export type Call = z.output<typeof callSchema>;

/** The calls a rule makes, however it spelled them. */
export function callsOf(rule: ParsedRule): Call[] {
  return rule.tools ?? (rule.tool ? [rule.tool] : []);
}

function groupsOf(match: z.output<typeof matchSchema>): string[] {
  const sources = [match.lastUser, match.said, match.system, match.toolOutput].map(regex => regex?.source ?? '');
  return sources.flatMap(source => [...source.matchAll(/\(\?<([A-Za-z_]\w*)>/g)].map(group => group[1]!));
}

function textsOf(rule: {
  say?: string | undefined;
  refuse?: string | undefined;
  json?: unknown;
  tool?: unknown;
  tools?: unknown;
}) {
  const keys = ['say', 'refuse', 'json', 'tool', 'tools'] as const;
  return keys.flatMap(key => (rule[key] === undefined ? [] : [{ key, value: rule[key] }]));
}
