/**
 * The OData filters that narrow who gets a message: comparisons of `userId` and `connectionId`, membership in `groups`, and
 * a handful of functions. As in the service, `not` binds tighter than a comparison, so what it negates stands in brackets.
 */
export interface Filtered {
  readonly id: string;
  readonly userId: string | undefined;
  readonly groups: ReadonlySet<string>;
}

export type Filter = (connection: Filtered) => boolean;

type Kind = 'bool' | 'int' | 'string' | 'null' | 'groups';
type Value = boolean | number | string | null | ReadonlySet<string>;
interface Expression {
  kind: Kind;
  of(connection: Filtered): Value;
}

export class FilterError extends Error {}

const tokenPattern = /\s*(?:('(?:[^']|'')*')|([+-]?\d+)|([A-Za-z]+)|([(),]))/y;
const comparisons: Record<string, (left: number | string, right: number | string) => boolean> = {
  gt: (left, right) => left > right,
  ge: (left, right) => left >= right,
  lt: (left, right) => left < right,
  le: (left, right) => left <= right,
};
/** What a function gives for its arguments, the first of which is never null. */
const functions: Record<string, { kind: Kind; takes: readonly number[]; of: (...args: never[]) => Value }> = {
  tolower: { kind: 'string', takes: [1], of: (text: string) => text.toLowerCase() },
  toupper: { kind: 'string', takes: [1], of: (text: string) => text.toUpperCase() },
  trim: { kind: 'string', takes: [1], of: (text: string) => text.trim() },
  concat: { kind: 'string', takes: [2], of: (text: string, more: string) => text + more },
  substring: {
    kind: 'string',
    takes: [2, 3],
    of: (text: string, from: number, length?: number) =>
      text.slice(from, length === undefined ? undefined : from + length),
  },
  indexof: { kind: 'int', takes: [2], of: (text: string, part: string) => text.indexOf(part) },
  length: {
    kind: 'int',
    takes: [1],
    of: (counted: string | ReadonlySet<string>) => (typeof counted === 'string' ? counted.length : counted.size),
  },
  startswith: { kind: 'bool', takes: [2], of: (text: string, part: string) => text.startsWith(part) },
  endswith: { kind: 'bool', takes: [2], of: (text: string, part: string) => text.endsWith(part) },
  contains: { kind: 'bool', takes: [2], of: (text: string, part: string) => text.includes(part) },
};
const identifiers: Record<string, Expression> = {
  userid: { kind: 'string', of: ({ userId }) => userId ?? null },
  connectionid: { kind: 'string', of: ({ id }) => id },
  groups: { kind: 'groups', of: ({ groups }) => groups },
  null: { kind: 'null', of: () => null },
  true: { kind: 'bool', of: () => true },
  false: { kind: 'bool', of: () => false },
};

/** @throws FilterError saying what is not understood. */
export function parseFilter(text: string): Filter {
  const tokens = tokensOf(text);
  let at = 0;

  const take = (wanted: string): boolean => {
    const fits = tokens[at]?.toLowerCase() === wanted;
    if (fits) at += 1;
    return fits;
  };
  const need = (wanted: string): void => {
    if (!take(wanted)) throw new FilterError(`"${wanted}" is missing before "${tokens[at] ?? 'the end'}".`);
  };
  const truth = ({ kind, of }: Expression): Filter => {
    if (kind !== 'bool') throw new FilterError(`A ${kind} stands where true or false is needed.`);
    return connection => of(connection) === true;
  };
  const list = (): Expression[] => {
    const items = [either()];
    while (take(',')) items.push(either());
    need(')');
    return items;
  };

  function either(): Expression {
    let left = both();
    while (take('or')) {
      const [one, other] = [truth(left), truth(both())];
      left = { kind: 'bool', of: connection => one(connection) || other(connection) };
    }
    return left;
  }
  function both(): Expression {
    let left = compared();
    while (take('and')) {
      const [one, other] = [truth(left), truth(compared())];
      left = { kind: 'bool', of: connection => one(connection) && other(connection) };
    }
    return left;
  }
  function compared(): Expression {
    const left = single();
    if (take('in')) return within(left);
    const operator = tokens[at]?.toLowerCase() ?? '';
    if (operator !== 'eq' && operator !== 'ne' && !(operator in comparisons)) return left;
    at += 1;
    const right = single();
    return { kind: 'bool', of: connection => compare(operator, left.of(connection), right.of(connection)) };
  }
  function within(left: Expression): Expression {
    if (!take('(')) {
      const right = single();
      if (right.kind !== 'groups') throw new FilterError('After "in" comes a list in brackets, or groups.');
      const isMember = (groups: Value, name: Value) => (groups as ReadonlySet<string>).has(String(name));
      return { kind: 'bool', of: connection => isMember(right.of(connection), left.of(connection)) };
    }
    const items = list();
    if (items.length === 1 && items[0]?.kind === 'groups') {
      return { kind: 'bool', of: connection => connection.groups.has(String(left.of(connection))) };
    }
    return { kind: 'bool', of: connection => items.some(item => item.of(connection) === left.of(connection)) };
  }
  function single(): Expression {
    if (take('not')) {
      const negated = truth(single());
      return { kind: 'bool', of: connection => !negated(connection) };
    }
    if (take('(')) {
      const inner = either();
      need(')');
      return inner;
    }
    const token = tokens[at++];
    if (token === undefined) throw new FilterError('The filter ends too early.');
    if (token.startsWith("'")) {
      const literal = token.slice(1, -1).replaceAll("''", "'");
      return { kind: 'string', of: () => literal };
    }
    if (/^[+-]?\d/.test(token)) return { kind: 'int', of: () => Number(token) };
    const name = token.toLowerCase();
    if (take('(')) return called(name, list());
    const known = Object.hasOwn(identifiers, name) ? identifiers[name] : undefined;
    if (!known) throw new FilterError(`"${token}" is no property: userId, connectionId, groups.`);
    return known;
  }

  const filter = truth(either());
  if (at < tokens.length) throw new FilterError(`"${tokens[at]}" is not expected.`);
  return filter;
}

function called(name: string, args: Expression[]): Expression {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!found) throw new FilterError(`There is no function ${name}. Known: ${Object.keys(functions).join(', ')}.`);
  if (!found.takes.includes(args.length)) throw new FilterError(`${name} takes ${found.takes.join(' or ')} arguments.`);
  return {
    kind: found.kind,
    of(connection) {
      const values = args.map(arg => arg.of(connection));
      return values.includes(null) ? null : found.of(...(values as never[]));
    },
  };
}

function compare(operator: string, left: Value, right: Value): boolean {
  if (operator === 'eq') return left === right;
  if (operator === 'ne') return left !== right;
  const comparable = typeof left === typeof right && (typeof left === 'string' || typeof left === 'number');
  return comparable && comparisons[operator]!(left as string, right as string);
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(tokenPattern);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new FilterError(`Not understood from character ${from + 1} on.`);
    tokens.push(match[0].trim());
  }
  return tokens;
}
