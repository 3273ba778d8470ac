/** Decides what is answered: the rules with their remaining uses, and what to say when none of them fits. */
import { type Answer, composeAnswer } from './answer.ts';
import type { Asked } from './asked.ts';
import { chooseRule } from './choose.ts';
import { jitters } from './deltas.ts';
import { type ParsedRule, ruleSchema } from './rule.ts';
import { sampleOf } from './schema-sample.ts';
import { type Trouble, troubleShape } from './trouble.ts';

export type Decision = {
  /** The rule's name, or its number in the script from 1, or `default`. */
  rule: string;
  trouble: Trouble;
  answer: Answer;
  /** When each delta is due after the request, ms. */
  afterMs: number[];
};

export type Brain = {
  /** @param fault overrides what the rule says about going wrong */
  decide(asked: Asked, fault: Trouble | undefined): Decision;
  /** Takes new rules and forgets how often the old ones were used. */
  setRules(rules: readonly ParsedRule[]): void;
  /** Makes every rule fresh and starts the ids anew. */
  reset(): void;
};

/** What rules do that set no times of their own, ms. */
export type Pace = { ttftMs: number; gapMs: number };

export type BrainOptions = {
  rules: readonly ParsedRule[];
  seed: number;
  pace: Pace;
  log: (line: string) => void;
};

export function createBrain(options: BrainOptions): Brain {
  let rules = options.rules;
  let uses: number[] = [];
  let answers = 0;
  return {
    decide(asked, fault) {
      const choice = chooseRule(rules, uses, asked, (index, rule, why) =>
        options.log(`rule ${rule.name ?? index + 1} matched but was passed over: ${why}`),
      );
      if (choice) uses[choice.index] = (uses[choice.index] ?? 0) + 1;
      const rule = choice?.rule ?? unscripted(asked);
      const trouble = { ...troubleOf(rule), ...fault };
      answers += 1;
      const answer = composeAnswer(rule, choice?.values ?? {}, asked, trouble, options.seed, answers);
      return {
        rule: choice ? (rule.name ?? `${choice.index + 1}`) : 'default',
        trouble,
        answer,
        afterMs: dueTimes(paceOf(rule, options.pace), answer.pieces.length, options.seed + answers),
      };
    },
    setRules(next) {
      rules = next;
      uses = [];
    },
    reset() {
      uses = [];
      answers = 0;
    },
  };
}

function troubleOf(rule: ParsedRule): Trouble {
  const keys = Object.keys(troubleShape) as (keyof Trouble)[];
  return Object.fromEntries(keys.filter(key => rule[key] !== undefined).map(key => [key, rule[key]]));
}

function paceOf(rule: ParsedRule, usual: Pace) {
  return { ttftMs: rule.ttftMs ?? usual.ttftMs, gapMs: rule.gapMs ?? usual.gapMs, jitterMs: rule.jitterMs };
}

function dueTimes({ ttftMs, gapMs, jitterMs }: Pace & { jitterMs: number }, deltas: number, seed: number): number[] {
  const extra = jitters(deltas, jitterMs, seed);
  let at = ttftMs;
  return extra.map((jitter, index) => {
    if (index > 0) at += gapMs + jitter;
    return at;
  });
}

/** What is answered when no rule fits; it never repeats the caller, so a test cannot pass on an echo. */
function unscripted(asked: Asked): ParsedRule {
  const { toolChoice, format, offered } = asked;
  const forced =
    typeof toolChoice === 'object' ? toolChoice.name : toolChoice === 'required' ? offered[0]?.name : undefined;
  const tool = offered.find(candidate => candidate.name === forced);
  if (tool) return ruleSchema.parse({ tool: { name: tool.name, arguments: sampleOf(tool.parameters) } });
  if (format.type === 'json_object') return ruleSchema.parse({ json: {} });
  if (format.type === 'json_schema') return ruleSchema.parse({ json: sampleOf(format.schema) });
  if (asked.returned.length > 0) return ruleSchema.parse({ say: 'Thank you for waiting. What else can I do for you?' });
  return ruleSchema.parse({ say: 'I am sorry, I did not quite get that. Could you say it in other words, please?' });
}
