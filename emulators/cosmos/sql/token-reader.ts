import type { Token } from './lexer.ts';
import { QueryError, syntaxErrorNear } from './query-error.ts';

/** Deeper nesting than any person writes; stops a hostile query before the stack does. */
const MAX_DEPTH = 120;
/** Operators and path steps of a whole query; in a row each deepens the tree by one. */
const MAX_LINKS = 1500;

/** Walks tokens one by one for the parser, with the few questions a recursive descent asks. */
export class TokenReader {
  #at = 0;
  #depth = 0;
  #links = 0;
  readonly #tokens: Token[];

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]!;
  }

  get afterNext(): Token {
    return this.#tokens[Math.min(this.#at + 1, this.#tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.next;
    this.#at++;
    return token;
  }

  sees(...texts: string[]): boolean {
    const token = this.next;
    if (token.type === 'keyword') return texts.includes(token.text.toUpperCase());
    return token.type === 'symbol' && texts.includes(token.text);
  }

  takeIf(...texts: string[]): boolean {
    if (!this.sees(...texts)) return false;
    this.#at++;
    return true;
  }

  expect(text: string): Token {
    if (!this.sees(text)) throw this.unexpected();
    return this.take();
  }

  identifier(): Token {
    if (this.next.type !== 'identifier') throw this.unexpected();
    return this.take();
  }

  unexpected(): QueryError {
    const { text, start, end } = this.next;
    return syntaxErrorNear(text, { start, end });
  }

  /** Counts one more operator or path step, and refuses a tree that would overflow the stack when compiled. */
  countLink(): void {
    this.#links++;
    if (this.#links <= MAX_LINKS) return;
    const { start, end } = this.next;
    throw new QueryError(`The query has more than ${MAX_LINKS} operators and path steps. Use IN, or ARRAY_CONTAINS.`, {
      span: { start, end },
    });
  }

  nested<T>(parse: () => T): T {
    this.#depth++;
    if (this.#depth > MAX_DEPTH) {
      const { start, end } = this.next;
      throw new QueryError(`The query is nested more than ${MAX_DEPTH} levels deep.`, { span: { start, end } });
    }
    const result = parse();
    this.#depth--;
    return result;
  }
}
