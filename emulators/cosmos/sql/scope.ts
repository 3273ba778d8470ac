import type { Evaluate } from './compile-expression.ts';
import { QueryError, type Span } from './query-error.ts';

/** The aggregates and group keys of one SELECT, each with the slot its value is put into per group. */
export type Grouping = {
  keys: Map<string, number>;
  folds: { name: string; value: Evaluate; slot: number }[];
  aggregate(name: string, value: Evaluate): number;
};

type Shared = { slots: number; parameters: Map<string, unknown>; nowMs: number };

/**
 * The names an expression can see and the slots they live in. A sub-query's scope sees its parent's names; slots are
 * numbered across the whole query, so one array serves all of it.
 */
export class Scope {
  readonly #names: Map<string, number>;
  readonly #parent: Scope | undefined;
  readonly #shared: Shared;
  readonly grouping: Grouping | undefined;

  private constructor(
    shared: Shared,
    parent: Scope | undefined,
    names: Map<string, number>,
    grouping: Grouping | undefined,
  ) {
    this.#shared = shared;
    this.#parent = parent;
    this.#names = names;
    this.grouping = grouping;
  }

  /** The scope of a whole query. Slot 0 is the document at hand. */
  static root(parameters: Map<string, unknown>, nowMs: number): Scope {
    return new Scope({ slots: 1, parameters, nowMs }, undefined, new Map(), undefined);
  }

  get nowMs(): number {
    return this.#shared.nowMs;
  }

  nested(): Scope {
    return new Scope(this.#shared, this, new Map(), undefined);
  }

  /** The same names seen once per group: only group keys, aggregates and outer names may be used. */
  perGroup(): Scope {
    const folds: Grouping['folds'] = [];
    const aggregate = (name: string, value: Evaluate): number => {
      const slot = this.newSlot();
      folds.push({ name, value, slot });
      return slot;
    };
    return new Scope(this.#shared, this.#parent, this.#names, { keys: new Map(), folds, aggregate });
  }

  /** Back to one row at a time: the inside of an aggregate's brackets. */
  perRow(): Scope {
    return new Scope(this.#shared, this.#parent, this.#names, undefined);
  }

  newSlot(): number {
    return this.#shared.slots++;
  }

  declare(name: string, at?: Span): number {
    if (this.#names.has(name)) {
      const details = at ? { code: 'SC2011', span: at } : { code: 'SC2011' };
      throw new QueryError(`The input alias '${name}' is specified more than once in the FROM clause.`, details);
    }
    const slot = this.newSlot();
    this.#names.set(name, slot);
    return slot;
  }

  find(name: string): number | undefined {
    return this.#names.get(name) ?? this.#parent?.find(name);
  }

  slotOf(name: string, at: Span): number {
    if (this.grouping && this.#names.has(name)) {
      throw new QueryError(
        `Property reference '${name}' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.`,
        { code: 'SC2103', span: at },
      );
    }
    const slot = this.find(name);
    if (slot === undefined) {
      throw new QueryError(`Identifier '${name}' could not be resolved.`, { code: 'SC2001', span: at });
    }
    return slot;
  }

  parameter(name: string, at: Span): unknown {
    if (!this.#shared.parameters.has(name)) {
      throw new QueryError(`Parameter '${name}' has no value. Pass it in the query's parameters.`, { span: at });
    }
    return this.#shared.parameters.get(name);
  }
}
