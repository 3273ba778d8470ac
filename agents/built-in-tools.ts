import { callBack } from './built-in/call-back.ts';
import { endCall } from './built-in/end-call.ts';
import { remember } from './built-in/remember.ts';
import { sendSummary } from './built-in/send-summary.ts';
import { switchLanguage } from './built-in/switch-language.ts';
import { takeDigits } from './built-in/take-digits.ts';
import { talkToPerson } from './built-in/talk-to-person.ts';
import type { Tool } from './tool.ts';

/** Tools that every agent may name without having a file for them. */
export const builtInTools: ReadonlyMap<string, Tool> = new Map(
  [talkToPerson, endCall, takeDigits, switchLanguage, remember, sendSummary, callBack].map(tool => [tool.name, tool]),
);
