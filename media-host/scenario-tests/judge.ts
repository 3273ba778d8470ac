import type { ScenarioTest, ScenarioTestTurn } from '../../contracts/scenario-test.ts';
import { plainWords } from '../turn/words/tokens.ts';
import type { TurnOutcome } from './outcome.ts';

/** Whether what came of a turn is what its test expects. @returns each disappointment in a sentence */
export function disappointments(
  { expect }: ScenarioTestTurn,
  outcome: TurnOutcome,
  mode: 'text' | 'audio' | 'real',
): string[] {
  const { tools = [], noTools = [], agent, words, absent, withinMs, facts = {}, effects = {}, ends } = expect;
  const { refused, replyMs } = outcome;
  const because = refused.length > 0 ? `; refused: ${refused.map(({ name, code }) => `${name} (${code})`)}` : '';
  const ran = outcome.tools.length > 0 ? outcome.tools.join(', ') : 'none';
  const missing = firstMissing(tools, outcome.tools);
  const late = mode === 'audio' && withinMs !== undefined && (replyMs === undefined || replyMs > withinMs);
  return [
    ...(missing === undefined
      ? []
      : [`the tool ${missing} was to run, in this order: ${tools.join(', ')}; ran: ${ran}${because}`]),
    ...noTools.filter(tool => outcome.tools.includes(tool)).map(tool => `the tool ${tool} was not to run; ran: ${ran}`),
    ...(agent === undefined || agent === outcome.agent
      ? []
      : [`${agent} was to have the caller, and not ${outcome.agent}${because}`]),
    ...wordProblems({ words, absent }, outcome),
    ...(late
      ? [`the agent was to sound within ${withinMs} ms; ${replyMs === undefined ? 'it did not' : `it took ${replyMs}`}`]
      : []),
    ...Object.entries(facts)
      .filter(([name, value]) => outcome.facts[name] !== value)
      .map(([name, value]) => `${name} was to be known as "${value}"; known: ${JSON.stringify(outcome.facts)}`),
    ...Object.entries(effects)
      .filter(([name, times]) => (outcome.effects[name] ?? 0) !== times)
      .map(
        ([name, times]) => `${name} was to be carried out ${times} × by now; it was ${outcome.effects[name] ?? 0} ×`,
      ),
    ...(ends === outcome.ended ? [] : [endProblem(ends, outcome.ended)]),
  ];
}

/** @param greeting of the test */
export function greetingProblems(greeting: ScenarioTest['greeting'], outcome: TurnOutcome): string[] {
  return wordProblems({ words: greeting?.words }, outcome);
}

function wordProblems(
  { words = [], absent = [] }: { words?: readonly string[] | undefined; absent?: readonly string[] | undefined },
  { heard, sounded = heard }: TurnOutcome,
): string[] {
  const isHeard = (word: string) => matches(word, heard) || matches(word, sounded);
  return [
    ...words.filter(word => !isHeard(word)).map(word => `"${word}" was to be heard; heard: "${heard}"`),
    ...absent.filter(isHeard).map(word => `"${word}" was not to be heard; heard: "${heard}"`),
  ];
}

function endProblem(wanted: string | undefined, ended: string | undefined): string {
  const said = { agent: 'the agent ends the call', person: 'a person is sought' };
  const toldOf = (how: string | undefined) => said[how as keyof typeof said] ?? 'the call goes on';
  return `it was to be so: ${toldOf(wanted)}; and is so: ${toldOf(ended)}`;
}

/** A text counts by its words, without case and marks; what stands between slashes is a regular expression. */
function matches(word: string, text: string): boolean {
  const source = /^\/(.+)\/$/s.exec(word)?.[1];
  if (source !== undefined) return new RegExp(source, 'iu').test(text);
  return ` ${plainWords(text).join(' ')} `.includes(` ${plainWords(word).join(' ')} `);
}

/** The first of `wanted` that does not stand in `all` behind those before it. */
function firstMissing(wanted: readonly string[], all: readonly string[]): string | undefined {
  let from = 0;
  return wanted.find(name => {
    const at = all.indexOf(name, from);
    from = at + 1;
    return at === -1;
  });
}
