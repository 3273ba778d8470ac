/**
 * Finds what a TypeScript file imports: static, type-only, re-exported, dynamic and required. It reads tokens and not
 * lines, so that an import written inside a string or a comment is not mistaken for one.
 */
export interface Import {
  specifier: string;
  line: number;
}

interface Token {
  kind: 'word' | 'text' | 'mark';
  value: string;
  line: number;
}

export function importsOf(source: string): Import[] {
  const tokens = tokensOf(source);
  const found: Import[] = [];
  const take = (token: Token | undefined) => {
    if (token?.kind === 'text') found.push({ specifier: token.value, line: token.line });
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const next = tokens[i + 1];
    if (token.kind !== 'word' || tokens[i - 1]?.value === '.') continue;
    if ((token.value === 'import' || token.value === 'require') && next?.value === '(') take(tokens[i + 2]);
    else if (token.value === 'import' && next?.kind === 'text') take(next);
    else if (token.value === 'import' && next?.value !== '.') take(afterFrom(tokens, i + 1));
    else if (token.value === 'export' && ['{', '*', 'type'].includes(next?.value ?? '')) take(afterFrom(tokens, i + 1));
  }
  return found;
}

/** The text after `from` of a clause that begins at `start`: names, braces, commas and a star, and nothing else. */
function afterFrom(tokens: readonly Token[], start: number): Token | undefined {
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.value === 'from' && tokens[i + 1]?.kind === 'text') return tokens[i + 1];
    if (token.kind === 'mark' && !['{', '}', ',', '*'].includes(token.value)) return undefined;
  }
  return undefined;
}

const space = /\s+|\/\/.*|\/\*[\s\S]*?\*\//y;
const word = /[\p{ID_Start}$_@#][\p{ID_Continue}$]*|\d[\w.]*/uy;
const quoted = /'((?:[^'\\\n]|\\[\s\S])*)'|"((?:[^"\\\n]|\\[\s\S])*)"/y;
const regex = /\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const wordsBeforeRegex = /^(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/;

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  /** Open braces; true where a `}` goes back into the template literal around it. */
  const braces: boolean[] = [];
  let at = 0;
  let line = 1;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const result = pattern.exec(source);
    if (result) {
      at = pattern.lastIndex;
      line += result[0].split('\n').length - 1;
    }
    return result;
  };
  const push = (kind: Token['kind'], value: string) => tokens.push({ kind, value, line });
  const template = () => {
    const text = match(/(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(`|\$\{)?/y)!;
    if (text[1] === '${') braces.push(true);
    else push('text', text[0].slice(0, -1));
  };
  while (at < source.length) {
    if (match(space)) continue;
    const text = match(quoted);
    const name = text ? null : match(word);
    const last = tokens.at(-1);
    const value = !last || (last.kind === 'mark' ? !/[)\]}]/.test(last.value) : wordsBeforeRegex.test(last.value));
    if (text) push('text', text[1] ?? text[2] ?? '');
    else if (name) push('word', name[0]);
    else if (source[at] === '/' && value && match(regex)) push('text', '');
    else {
      const mark = source[at++]!;
      if (mark === '`') template();
      else if (mark === '}' && braces.pop()) template();
      else {
        if (mark === '{') braces.push(false);
        push('mark', mark);
      }
    }
  }
  return tokens;
}
