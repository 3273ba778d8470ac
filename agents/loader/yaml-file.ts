import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, visit } from 'yaml';

/**
 * A YAML text that remembers where each of its values stands, so that a mistake found later (by a schema, by the prompt's
 * check) is told with line and column. Anchors are refused: an agent file is read by people, top to bottom.
 */
export interface YamlFile {
  /** The values as JSON would have them; undefined where the text is not even YAML. */
  value: unknown;
  /** What is wrong with the text itself. */
  problems: string[];
  has(path: readonly PropertyKey[]): boolean;
  /** `file:line:column` of the value at `path`, or of the nearest thing around it. */
  at(path: readonly PropertyKey[]): string;
  /** The same of the key at `path`. */
  atKey(path: readonly PropertyKey[]): string;
  /** The same of a character inside the text at `path`. */
  atText(path: readonly PropertyKey[], offset: number): string;
}

export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    logLevel: 'error',
  });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };

  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }) =>
    code === 'DUPLICATE_KEY'
      ? `${place(pos[0])}: "${text.slice(pos[0]).match(/^[^\s:]+/)?.[0]}" stands here a second time; keep one of them.`
      : `${place(pos[0])}: this is not usable YAML: ${message}.`,
  );
  const aliases: string[] = [];
  visit(document, {
    Alias: (_, { source, range }) => {
      aliases.push(`${place(range?.[0] ?? 0)}: write the value out instead of *${source}.`);
    },
  });
  const readable = aliases.length === 0 && document.errors.every(error => error.code === 'DUPLICATE_KEY');

  return {
    value: readable ? document.toJS() : undefined,
    problems: [...problems, ...aliases],
    has: path => document.hasIn(path),
    at: path => place(offsetsOf(document, path).value),
    atKey: path => place(offsetsOf(document, path).key),
    atText: (path, offset) => {
      const node = document.getIn(path, true);
      return isScalar(node) ? place(offsetInside(text, node, offset)) : place(offsetsOf(document, path).value);
    },
  };
}

function offsetsOf(document: Document, path: readonly PropertyKey[]): { key: number; value: number } {
  let node: unknown = document.contents;
  let offsets = { key: startOf(node) ?? 0, value: startOf(node) ?? 0 };
  for (const step of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => (isScalar(key) ? key.value : key) === step) : undefined;
    const next: unknown = pair ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined;
    const key = startOf(pair?.key) ?? startOf(next);
    if (key === undefined) return offsets;
    offsets = { key, value: startOf(next) ?? key };
    node = next;
  }
  return offsets;
}

/** YAML indents, folds and escapes a text, but keeps what is no white space in its order: so that is what is counted. */
function offsetInside(text: string, { value, type, range }: Scalar, offset: number): number {
  const begins = range?.[0] ?? 0;
  const signs = new RegExp(signsOf[String(type)] ?? signsOf['PLAIN'] ?? '', 'gs');
  const block = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
  signs.lastIndex = block ? text.indexOf('\n', begins) + 1 : type === 'PLAIN' ? begins : begins + 1;
  let before = String(value).slice(0, offset).replace(/\s/g, '').length;
  for (let match = signs.exec(text); match; match = signs.exec(text))
    if (match.groups?.['sign'] !== undefined && before-- === 0) return match.index;
  return begins;
}

/** What is written for one character that is no white space, by how the text is quoted. */
const signsOf: Readonly<Record<string, string>> = {
  PLAIN: String.raw`(?<sign>\S)`,
  QUOTE_SINGLE: String.raw`(?<sign>''|\S)`,
  QUOTE_DOUBLE: String.raw`\\[nrt\s]|(?<sign>\\.|\S)`,
};

function startOf(node: unknown): number | undefined {
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
  return range?.[0];
}
