import { type CallReport, plainWords } from './call-report.ts';

/** What a call promises whoever places it, checked on its report. @returns each broken promise in a sentence */
export function brokenPromises(report: CallReport, { turns = 0 }: { turns?: number } = {}): string[] {
  const broken: string[] = [];
  if (report.turns.length < turns) broken.push(`The call had ${report.turns.length} turns instead of ${turns}.`);
  for (const { said, heard, agent } of report.turns) {
    if (agent === null) broken.push(`"${said}" was never written down with an answer.`);
    else if (heard === '') broken.push(`Nothing was heard in answer to "${said}".`);
    else if (!plainWords(agent).startsWith(plainWords(heard)))
      broken.push(`In answer to "${said}" the ear heard "${heard}", but the agent said "${agent}".`);
  }
  for (const { framesAfterStop } of report.bargeIns)
    if (framesAfterStop) broken.push(`${framesAfterStop} audio frames came after StopAudio.`);
  if (!report.record) broken.push('The record of the call was not final within 5 s of its end.');
  return broken;
}
