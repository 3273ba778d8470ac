import type { Answer } from '../../contracts/handoff.ts';

/** What ACS's codes mean for somebody who was to be reached, asked or connected. */
export function unreached(code: number, subCode: number): Answer {
  if (subCode === 8538 || code === 603) return 'declined';
  if (subCode === 8539 || subCode === 8540 || code === 486 || code === 600) return 'busy';
  if (code === 408 || code === 487 || subCode === 8542 || subCode === 8586 || subCode === 8587) return 'no-answer';
  if ([8541, 8543, 8544].includes(subCode) || [404, 410, 480].includes(code)) return 'unreachable';
  return 'failed';
}

/** A recognition met nothing: no sound, no tone. */
export const metSilence = (subCode: number): boolean => subCode === 8510 || subCode === 8532;

/** Refused because the very thing may be under way already: a host that died has asked before us. */
export const mayBeUnderWay = (code: string): boolean => ['8500', '8519', '8583', '8607'].includes(code);

/** The caller has put down the phone; other ends of a leg do not tell who. */
export const callerHungUp = (code: number, subCode: number): boolean => code === 200 && subCode === 540000;
