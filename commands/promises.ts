import { type CallReport, plainWords } from './call-report.ts';

/** Words per answer that may be lost on the line. */
const wordsLost = 1;

/** What a call promises whoever places it, checked on its report. @returns each broken promise in a sentence */
export function brokenPromises(report: CallReport, { turns = 0 }: { turns?: number } = {}): string[] {
  const broken: string[] = [];
  if (report.turns.length < turns) broken.push(`The call had ${report.turns.length} turns instead of ${turns}.`);
  for (const { said, heard, agent } of report.turns) {
    if (agent === null) broken.push(`"${said}" was never written down with an answer.`);
    else if (heard === '') broken.push(`Nothing was heard in answer to "${said}".`);
    else if (wordsApart(plainWords(heard).split(' '), plainWords(agent).split(' ')) > wordsLost)
      broken.push(`In answer to "${said}" the ear heard "${heard}", but the agent said "${agent}".`);
  }
  for (const { framesAfterStop } of report.bargeIns)
    if (framesAfterStop) broken.push(`${framesAfterStop} audio frames came after StopAudio.`);
  if (!report.record) broken.push('The record of the call was not final within 5 s of its end.');
  return broken;
}

/** Fewest words to change, add or leave out until `heard` is the beginning of `agent`: an answer may have been cut off. */
export function wordsApart(heard: readonly string[], agent: readonly string[]): number {
  let row = agent.map((_, i) => i).concat(agent.length);
  for (const [i, word] of heard.entries()) {
    const next = [i + 1];
    for (let j = 0; j < agent.length; j++)
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (agent[j] === word ? 0 : 1)));
    row = next;
  }
  return Math.min(...row);
}
