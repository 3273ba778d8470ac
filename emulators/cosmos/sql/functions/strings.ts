import type { BuiltIn } from './registry.ts';

/** Strings in; any other argument gives undefined. */
function textual(count: number, compute: (...texts: string[]) => unknown): BuiltIn {
  return {
    takes: [count, count],
    compute: args => (args.every(arg => typeof arg === 'string') ? compute(...(args as string[])) : undefined),
  };
}

/** Two strings and, third, whether to ignore case. */
function searching(holds: (text: string, part: string) => boolean): BuiltIn {
  return {
    takes: [2, 3],
    compute: ([text, part, ignoreCase = false]) => {
      if (typeof text !== 'string' || typeof part !== 'string' || typeof ignoreCase !== 'boolean') return undefined;
      return ignoreCase ? holds(text.toLowerCase(), part.toLowerCase()) : holds(text, part);
    },
  };
}

/** A string and whole numbers: the shape of LEFT, RIGHT, SUBSTRING and REPLICATE. */
function cutting(counts: number, compute: (text: string, ...numbers: number[]) => string | undefined): BuiltIn {
  return {
    takes: [counts + 1, counts + 1],
    compute: ([text, ...numbers]) => {
      if (typeof text !== 'string' || !numbers.every(number => typeof number === 'number')) return undefined;
      return compute(text, ...(numbers as number[]).map(Math.trunc));
    },
  };
}

function trimming(trim: (text: string, set: Set<string>) => string): BuiltIn {
  return {
    takes: [1, 2],
    compute: ([text, chars = ' \t\n\r\f\v']) =>
      typeof text === 'string' && typeof chars === 'string' ? trim(text, new Set(chars)) : undefined,
  };
}

function trimStart(text: string, set: Set<string>): string {
  let start = 0;
  while (start < text.length && set.has(text[start]!)) start++;
  return text.slice(start);
}

function trimEnd(text: string, set: Set<string>): string {
  let end = text.length;
  while (end > 0 && set.has(text[end - 1]!)) end--;
  return text.slice(0, end);
}

const patterns = new Map<string, RegExp | undefined>();

/** Compiled once per pattern; undefined for one that cannot be read. Forgets all when many were seen. */
function regex(pattern: string, modifiers: string): RegExp | undefined {
  if (!/^[msix]*$/.test(modifiers)) return undefined;
  const name = `${modifiers}/${pattern}`;
  if (!patterns.has(name)) {
    if (patterns.size > 500) patterns.clear();
    patterns.set(name, compile(pattern, modifiers));
  }
  return patterns.get(name);
}

function compile(pattern: string, modifiers: string): RegExp | undefined {
  const flags = [...new Set(modifiers)].filter(flag => flag !== 'x').join('');
  try {
    return new RegExp(modifiers.includes('x') ? pattern.replace(/\s+/g, '') : pattern, flags);
  } catch {
    return undefined;
  }
}

/** The longest string REPLICATE makes. */
const MAX_REPLICATED = 10_000;

export const STRINGS: Record<string, BuiltIn> = {
  CONCAT: {
    takes: [2, Number.POSITIVE_INFINITY],
    compute: args => (args.every(arg => typeof arg === 'string') ? args.join('') : undefined),
  },
  CONTAINS: searching((text, part) => text.includes(part)),
  STARTSWITH: searching((text, part) => text.startsWith(part)),
  ENDSWITH: searching((text, part) => text.endsWith(part)),
  STRINGEQUALS: searching((text, part) => text === part),
  INDEX_OF: {
    takes: [2, 3],
    compute: ([text, part, from = 0]) =>
      typeof text === 'string' && typeof part === 'string' && typeof from === 'number'
        ? text.indexOf(part, from)
        : undefined,
  },
  LEFT: cutting(1, (text, count) => text.slice(0, Math.max(0, count!))),
  RIGHT: cutting(1, (text, count) => (count! <= 0 ? '' : text.slice(-count!))),
  SUBSTRING: cutting(2, (text, start, count) => (start! < 0 || count! <= 0 ? '' : text.slice(start, start! + count!))),
  REPLICATE: cutting(1, (text, count) =>
    count! < 0 || text.length * count! > MAX_REPLICATED ? undefined : text.repeat(count!),
  ),
  LENGTH: textual(1, text => text!.length),
  LOWER: textual(1, text => text!.toLowerCase()),
  UPPER: textual(1, text => text!.toUpperCase()),
  REVERSE: textual(1, text => [...text!].reverse().join('')),
  REPLACE: textual(3, (text, part, by) => (part === '' ? text : text!.split(part!).join(by))),
  TRIM: trimming((text, set) => trimEnd(trimStart(text, set), set)),
  LTRIM: trimming(trimStart),
  RTRIM: trimming(trimEnd),
  STRINGSPLIT: textual(2, (text, separator) => text!.split(separator!)),
  STRINGJOIN: {
    takes: [2, 2],
    compute: ([parts, separator]) =>
      Array.isArray(parts) && parts.every(part => typeof part === 'string') && typeof separator === 'string'
        ? parts.join(separator)
        : undefined,
  },
  REGEXMATCH: {
    takes: [2, 3],
    compute: ([text, pattern, modifiers = '']) => {
      if (typeof text !== 'string' || typeof pattern !== 'string' || typeof modifiers !== 'string') return undefined;
      return regex(pattern, modifiers)?.test(text);
    },
  },
};
