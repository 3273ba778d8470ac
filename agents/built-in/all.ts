import type { Tool } from '../tool.ts';
import { callBack } from './call-back.ts';
import { endCall } from './end-call.ts';
import { remember } from './remember.ts';
import { sendSummary } from './send-summary.ts';
import { switchLanguage } from './switch-language.ts';
import { takeDigits } from './take-digits.ts';
import { talkToPerson } from './talk-to-person.ts';

/** Tools that every agent may name without having a file for them. */
export const builtInTools: ReadonlyMap<string, Tool> = new Map(
  [talkToPerson, endCall, takeDigits, switchLanguage, remember, sendSummary, callBack].map(tool => [tool.name, tool]),
);
