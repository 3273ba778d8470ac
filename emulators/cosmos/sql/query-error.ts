/** Where a token stands in the query text: zero-based offsets, `end` exclusive, as the service reports them. */
export type Span = { start: number; end: number };

/** Thrown for every query the service would refuse with 400: wrong syntax, unknown names, missing index. */
export class QueryError extends Error {
  readonly code: string | undefined;
  readonly span: Span | undefined;

  constructor(message: string, details: { code?: string; span?: Span } = {}) {
    super(message);
    this.name = 'QueryError';
    this.code = details.code;
    this.span = details.span;
  }
}

/** The service's own words for a token that cannot stand where it stands. */
export function syntaxErrorNear(text: string, span: Span): QueryError {
  return new QueryError(`Syntax error, incorrect syntax near '${text}'.`, { code: 'SC1001', span });
}
