/** What a person is told before the caller is theirs, and how they say yes. */
export const acceptKey = '1';
export const declineKey = '2';

export const keyPrompt = `Press ${acceptKey} to take the call, or ${declineKey} to decline.`;

/** Within what one order may say. */
export function brief(reason: string, summary: string): string {
  const end = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
  const words = [`A caller is waiting for you: ${end(reason)}`, ...(summary === '' ? [] : [end(summary)])];
  return words.join(' ').slice(0, 2_000);
}
