import { type Span, syntaxErrorNear } from './query-error.ts';

/**
 * Cuts query text into tokens. Comments are `--` to the end of the line only: the service knows no block comments
 * (microsoft/vscode-cosmosdb issue 2414). Strings take single or double quotes and JSON-like backslash escapes.
 */
export type Token = Span &
  (
    | { type: 'keyword' | 'identifier' | 'parameter' | 'symbol' | 'end'; text: string }
    | { type: 'string'; text: string; value: string }
    | { type: 'number'; text: string; value: number }
  );

/** Words that name nothing: a property called so is written `c["order"]`. */
const KEYWORDS = new Set(
  (
    'AND ARRAY AS ASC BETWEEN BY DESC DISTINCT ESCAPE EXISTS FALSE FROM GROUP IN JOIN LIKE LIMIT NOT NULL OFFSET OR ' +
    'ORDER SELECT TOP TRUE UDF UNDEFINED VALUE WHERE OVER'
  ).split(' '),
);

const SYMBOLS = ['>>>', '<<', '>>', '<=', '>=', '!=', '<>', '??', '||', ...'()[]{}.,:?=<>+-*/%&|^~'];
const NUMBER = /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const PARAMETER = /@[A-Za-z_][A-Za-z0-9_]*/y;
const BLANK = /(?:\s|--[^\n]*)*/y;
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function readString(text: string, start: number): Token {
  const quote = text[start];
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at]!;
    if (char === quote) return { type: 'string', text: text.slice(start, at + 1), value, start, end: at + 1 };
    if (char !== '\\') {
      value += char;
      continue;
    }
    at++;
    const escaped = text[at];
    if (escaped === undefined) break;
    if (escaped !== 'u') {
      value += ESCAPES[escaped] ?? escaped;
      continue;
    }
    const hex = text.slice(at + 1, at + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw syntaxErrorNear(text.slice(start, at + 5), { start, end: at + 1 });
    value += String.fromCharCode(Number.parseInt(hex, 16));
    at += 4;
  }
  throw syntaxErrorNear(text.slice(start), { start, end: text.length });
}

function wordToken(start: number, word: string): Token {
  const span = { start, end: start + word.length };
  const upper = word.toUpperCase();
  return KEYWORDS.has(upper) ? { type: 'keyword', text: word, ...span } : { type: 'identifier', text: word, ...span };
}

/** The tokens of `text`, closed by one of type `end`. @throws QueryError on a character that begins no token. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = match(BLANK, text, 0).length;
  while (at < text.length) {
    const token = readToken(text, at);
    tokens.push(token);
    at = token.end + match(BLANK, text, token.end).length;
  }
  tokens.push({ type: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

function readToken(text: string, start: number): Token {
  const char = text[start]!;
  if (char === '"' || char === "'") return readString(text, start);
  const number = match(NUMBER, text, start);
  if (number) return { type: 'number', text: number, value: Number(number), start, end: start + number.length };
  const word = match(WORD, text, start);
  if (word) return wordToken(start, word);
  const parameter = match(PARAMETER, text, start);
  if (parameter) return { type: 'parameter', text: parameter, start, end: start + parameter.length };
  const symbol = SYMBOLS.find(candidate => text.startsWith(candidate, start));
  if (symbol) return { type: 'symbol', text: symbol, start, end: start + symbol.length };
  throw syntaxErrorNear(char, { start, end: start + 1 });
}
