/**
 * Words of callers, models and tools as they may stand in what others read: on one line, without the control characters
 * and marks of writing direction that hide what a text says.
 */
export function oneLine(text: string, most = Number.POSITIVE_INFINITY): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\s]+/gu, ' ').trim();
  return line.slice(0, most).replace(halfCharacter, '');
}

/** What a cut may leave of a character outside the basic plane. */
const halfCharacter = /[\ud800-\udbff]$/;
