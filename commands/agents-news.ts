/** What a line of the media host's log says about edited agents, for the terminal of whoever edits them. */
export function agentsNews(line: string): string | undefined {
  const { agents, msg } = told(line);
  if (agents === 'renewed') return `✓ ${String(msg)}`;
  if (agents === 'unchanged') return `! agents as they were, the edit does not load:\n${indented(String(msg))}`;
  return undefined;
}

/** A program that is killed leaves half a line. */
function told(line: string): { agents?: unknown; msg?: unknown } {
  if (!/^\{.*"agents":".*\}$/.test(line)) return {};
  try {
    return JSON.parse(line) as { agents?: unknown; msg?: unknown };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
}

const indented = (text: string): string => text.replace(/^/gm, '  ');
