/**
 * Finds the rule that answers. First match wins; a rule that could not answer this request (a tool that is not offered,
 * prose where JSON is asked) is passed over, as the model would never have said that.
 */
import type { Asked } from './asked.ts';
import type { Values } from './placeholders.ts';
import { callsOf, type ParsedRule } from './rule.ts';

export type Choice = {
  rule: ParsedRule;
  /** Place in the script, from 0. */
  index: number;
  values: Values;
};

/** Says why a rule that matched was passed over. */
export type PassedOver = (index: number, rule: ParsedRule, why: string) => void;

/** @param uses how often each rule has been used so far */
export function chooseRule(
  rules: readonly ParsedRule[],
  uses: readonly number[],
  asked: Asked,
  passedOver: PassedOver,
): Choice | undefined {
  for (const [index, rule] of rules.entries()) {
    if (rule.times !== undefined && (uses[index] ?? 0) >= rule.times) continue;
    const values = matched(rule.match, asked);
    if (!values) continue;
    const obstacle = whyNot(rule, asked);
    if (!obstacle) return { rule, index, values };
    passedOver(index, rule, obstacle);
  }
  return undefined;
}

function matched(match: ParsedRule['match'], asked: Asked): Values | undefined {
  const returned = match.tool ? asked.returned.findLast(output => output.name === match.tool) : asked.returned.at(-1);
  if ((match.tool || match.toolOutput) && !returned) return undefined;
  // Without this, a rule that calls a tool on what the user said would call it again on the tool's output, for ever.
  const aboutTools = match.tool !== undefined || match.toolOutput !== undefined;
  const aboutWords = match.lastUser !== undefined || match.said !== undefined || match.turn !== undefined;
  if (returned && aboutWords && !aboutTools) return undefined;

  if (match.model && match.model !== asked.model) return undefined;
  if (match.turn !== undefined && match.turn !== asked.turn) return undefined;
  if (match.agent && !asked.instructions.toLowerCase().includes(match.agent.toLowerCase())) return undefined;

  const groups: Record<string, string | undefined> = {};
  const found = (regex: RegExp | undefined, texts: string[]) => {
    if (!regex) return true;
    const hit = texts.map(text => regex.exec(text)).findLast(result => result !== null);
    Object.assign(groups, hit?.groups);
    return hit !== undefined;
  };
  const all =
    found(match.system, [asked.instructions]) &&
    found(match.said, asked.said) &&
    found(match.lastUser, asked.lastUser === '' ? [] : [asked.lastUser]) &&
    found(match.toolOutput, returned ? [returned.output] : []);
  if (!all) return undefined;
  return {
    ...groups,
    user: asked.lastUser,
    tool: returned && jsonOrText(returned.output),
    tools: Object.fromEntries(asked.returned.map(output => [output.name, jsonOrText(output.output)])),
  };
}

function whyNot(rule: ParsedRule, asked: Asked): string | undefined {
  const calls = callsOf(rule);
  const missing = calls.find(call => !asked.offered.some(tool => tool.name === call.name));
  if (missing) return `the request does not offer the tool ${missing.name}`;
  if (calls.length > 0 && asked.toolChoice === 'none') return 'tool_choice is none';
  const answers = calls.length > 0 || rule.say !== undefined || rule.json !== undefined || rule.refuse !== undefined;
  if (!answers) return undefined;
  if (asked.toolChoice === 'required' && calls.length === 0)
    return 'tool_choice is required and the rule calls no tool';
  if (typeof asked.toolChoice === 'object') {
    const { name } = asked.toolChoice;
    if (!calls.some(call => call.name === name)) return `tool_choice asks for the tool ${name}`;
  }
  if (asked.format.type === 'text' && rule.json) return 'the request does not ask for JSON';
  if (asked.format.type !== 'text' && rule.say) return 'the request asks for JSON: use json instead of say';
  return undefined;
}

function jsonOrText(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return output;
  }
}
