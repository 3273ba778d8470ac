/**
 * Recognition hears the agent's own voice when the caller's telephone sends it back. Words that the agent has just
 * spoken, in the order it spoke them, are an echo where no sound of the caller rose above it.
 */
const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** @param spoken what the agent has lately said aloud */
export function isEcho(heard: string, spoken: string): boolean {
  const echo = words(heard);
  if (echo.length === 0) return false;
  const said = words(spoken);
  // The last word may be cut by the recogniser's haste, the first by the agent's lowered voice.
  let at = 0;
  let found = 0;
  for (const word of echo) {
    const next = said.indexOf(word, at);
    if (next === -1) continue;
    found++;
    at = next + 1;
  }
  return found >= Math.ceil(echo.length * 0.7);
}
