import type { BinaryOperator, Expression, Query } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

/**
 * Scalar expressions, loosest binding first: `? :` and `??`, OR, AND, comparison (= IN BETWEEN LIKE), bit operators,
 * shifts, sums and `||`, products, signs and NOT, then paths. NOT binds like a sign, as in the grammar the .NET SDK
 * ships: `NOT c.a = 1` is `(NOT c.a) = 1`.
 */
export function parseExpression(tokens: TokenReader, parseQuery: (tokens: TokenReader) => Query): Expression {
  return new ExpressionParser(tokens, parseQuery).expression();
}

const LEVELS: BinaryOperator[][] = [
  ['OR'],
  ['AND'],
  ['=', '!=', '<', '<=', '>', '>='],
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>', '>>>'],
  ['+', '-', '||'],
  ['*', '/', '%'],
];
const COMPARISON = 2;

class ExpressionParser {
  readonly #tokens: TokenReader;
  readonly #parseQuery: (tokens: TokenReader) => Query;

  constructor(tokens: TokenReader, parseQuery: (tokens: TokenReader) => Query) {
    this.#tokens = tokens;
    this.#parseQuery = parseQuery;
  }

  expression(): Expression {
    return this.#tokens.nested(() => {
      const first = this.#level(0);
      if (this.#tokens.takeIf('??')) {
        return { kind: 'binary', operator: '??', left: first, right: this.expression() };
      }
      if (!this.#tokens.takeIf('?')) return first;
      const yes = this.expression();
      this.#tokens.expect(':');
      return { kind: 'choose', condition: first, yes, no: this.expression() };
    });
  }

  #level(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.#level(level + 1);
    for (;;) {
      const operator = this.#operatorOf(operators);
      if (operator) {
        this.#tokens.countLink();
        left = { kind: 'binary', operator, left, right: this.#level(level + 1) };
      } else if (level === COMPARISON && this.#seesWordComparison()) left = this.#wordComparison(left, level + 1);
      else return left;
    }
  }

  #operatorOf(operators: BinaryOperator[]): BinaryOperator | undefined {
    if (operators.includes('!=') && this.#tokens.takeIf('<>')) return '!=';
    return operators.find(operator => this.#tokens.takeIf(operator));
  }

  #seesWordComparison(): boolean {
    if (this.#tokens.sees('IN', 'BETWEEN', 'LIKE')) return true;
    const after = this.#tokens.afterNext;
    return (
      this.#tokens.sees('NOT') &&
      after.type === 'keyword' &&
      ['IN', 'BETWEEN', 'LIKE'].includes(after.text.toUpperCase())
    );
  }

  #wordComparison(value: Expression, operand: number): Expression {
    const negated = this.#tokens.takeIf('NOT');
    const word = this.#tokens.take().text.toUpperCase();
    const result =
      word === 'IN' ? this.#in(value) : word === 'LIKE' ? this.#like(value, operand) : this.#between(value, operand);
    return negated ? { kind: 'unary', operator: 'NOT', operand: result } : result;
  }

  #in(value: Expression): Expression {
    this.#tokens.expect('(');
    return { kind: 'in', value, list: this.#list(')') };
  }

  #between(value: Expression, operand: number): Expression {
    const low = this.#level(operand);
    this.#tokens.expect('AND');
    return { kind: 'between', value, low, high: this.#level(operand) };
  }

  #like(value: Expression, operand: number): Expression {
    const pattern = this.#level(operand);
    const mark = this.#tokens.takeIf('ESCAPE') ? this.#level(operand) : undefined;
    return { kind: 'like', value, pattern, escape: mark };
  }

  #unary(): Expression {
    for (const operator of ['NOT', '-', '+', '~'] as const) {
      if (this.#tokens.takeIf(operator)) {
        return this.#tokens.nested(() => ({ kind: 'unary', operator, operand: this.#unary() }));
      }
    }
    return this.#path(this.#primary());
  }

  #path(start: Expression): Expression {
    let path = start;
    for (;;) {
      if (this.#tokens.sees('.', '[')) this.#tokens.countLink();
      if (this.#tokens.takeIf('.')) {
        path = { kind: 'member', of: path, key: { kind: 'literal', value: this.#tokens.identifier().text } };
      } else if (this.#tokens.takeIf('[')) {
        path = { kind: 'member', of: path, key: this.expression() };
        this.#tokens.expect(']');
      } else return path;
    }
  }

  #list(close: ')' | ']'): Expression[] {
    const items: Expression[] = [];
    if (this.#tokens.takeIf(close)) return items;
    do items.push(this.expression());
    while (this.#tokens.takeIf(','));
    this.#tokens.expect(close);
    return items;
  }

  #primary(): Expression {
    const token = this.#tokens.next;
    if (token.type === 'string' || token.type === 'number') {
      this.#tokens.take();
      return { kind: 'literal', value: token.value };
    }
    const at = { start: token.start, end: token.end };
    if (token.type === 'parameter') {
      this.#tokens.take();
      return { kind: 'parameter', name: token.text, at };
    }
    if (token.type === 'identifier') {
      this.#tokens.take();
      if (!this.#tokens.takeIf('(')) return { kind: 'name', name: token.text, at };
      return { kind: 'call', name: token.text.toUpperCase(), args: this.#list(')'), at };
    }
    return this.#symbolOrWord();
  }

  #symbolOrWord(): Expression {
    const { start, end } = this.#tokens.next;
    if (this.#tokens.takeIf('TRUE')) return { kind: 'literal', value: true };
    if (this.#tokens.takeIf('FALSE')) return { kind: 'literal', value: false };
    if (this.#tokens.takeIf('NULL')) return { kind: 'literal', value: null };
    if (this.#tokens.takeIf('UNDEFINED')) return { kind: 'literal', value: undefined };
    if (this.#tokens.takeIf('[')) return { kind: 'array', items: this.#list(']') };
    if (this.#tokens.takeIf('{')) return this.#object();
    if (this.#tokens.takeIf('EXISTS')) return this.#subquery('exists');
    if (this.#tokens.takeIf('ARRAY')) return this.#subquery('array');
    if (this.#tokens.takeIf('UDF')) {
      this.#tokens.expect('.');
      const name = `udf.${this.#tokens.identifier().text}`;
      this.#tokens.expect('(');
      return { kind: 'call', name, args: this.#list(')'), at: { start, end } };
    }
    if (!this.#tokens.sees('(')) throw this.#tokens.unexpected();
    if (isSelect(this.#tokens)) return this.#subquery('scalar');
    this.#tokens.take();
    const inner = this.expression();
    this.#tokens.expect(')');
    return inner;
  }

  #subquery(as: 'exists' | 'array' | 'scalar'): Expression {
    this.#tokens.expect('(');
    const query = this.#tokens.nested(() => this.#parseQuery(this.#tokens));
    this.#tokens.expect(')');
    return { kind: 'subquery', as, query };
  }

  #object(): Expression {
    const fields: { name: string; value: Expression }[] = [];
    if (this.#tokens.takeIf('}')) return { kind: 'object', fields };
    do {
      const token = this.#tokens.next.type === 'string' ? this.#tokens.take() : this.#tokens.identifier();
      const name = token.type === 'string' ? token.value : token.text;
      this.#tokens.expect(':');
      fields.push({ name, value: this.expression() });
    } while (this.#tokens.takeIf(','));
    this.#tokens.expect('}');
    return { kind: 'object', fields };
  }
}

/** Whether `(` opens a sub-query and not a bracketed expression. */
export function isSelect(tokens: TokenReader): boolean {
  const after = tokens.afterNext;
  return tokens.sees('(') && after.type === 'keyword' && after.text.toUpperCase() === 'SELECT';
}
