/**
 * LIKE patterns as regular expressions: `%` any run, `_` one character, `[a-f]` and `[^a-f]` one of a set; the
 * character after ESCAPE's stands for itself. The pattern covers the whole string and case counts.
 */
export function likePattern(pattern: string, mark: string | undefined): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const close = char === '[' ? pattern.indexOf(']', at + 2) : -1;
    if (mark !== undefined && char === mark && at + 1 < pattern.length) source += literal(pattern[++at]!);
    else if (char === '%') source += '.*';
    else if (char === '_') source += '.';
    else if (close > 0) {
      source += set(pattern.slice(at + 1, close));
      at = close;
    } else source += literal(char);
  }
  return new RegExp(`^${source.replace(/(?:\.\*)+/g, '.*')}$`, 's');
}

function literal(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function set(members: string): string {
  const negated = members.startsWith('^') && members.length > 1;
  const ranges = (negated ? members.slice(1) : members).replace(/(.)-(.)/gs, (all, low: string, high: string) =>
    low <= high ? all : '',
  );
  const body = ranges.replace(/[\\\]^]/g, '\\$&');
  if (body === '') return negated ? '.' : '(?!)';
  return `[${negated ? '^' : ''}${body}]`;
}
