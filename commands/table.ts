/**
 * Query results as people and spreadsheets read them. Rows may have different properties; a column stands for each name
 * that occurs, in the order met, and Cosmos's own bookkeeping is left out.
 */
export type Row = Readonly<Record<string, unknown>>;

const bookkeeping = new Set(['_rid', '_self', '_etag', '_attachments', '_ts']);

/** `SELECT VALUE` answers bare values: they become a column called `value`. */
export function rowsOf(results: readonly unknown[]): Row[] {
  return results.map(result =>
    typeof result === 'object' && result !== null && !Array.isArray(result) ? (result as Row) : { value: result },
  );
}

/** Columns padded to the widest cell, numbers to the right. */
export function table(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  if (columns.length === 0) return '(no rows)';
  const cells = rows.map(row => columns.map(column => cell(row[column]).replace(/\s+/g, ' ')));
  const widths = columns.map((column, i) => Math.max(column.length, ...cells.map(line => line[i]!.length)));
  const right = columns.map(column => rows.every(row => row[column] === undefined || typeof row[column] === 'number'));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => (right[i] ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [line(columns), widths.map(width => '─'.repeat(width)).join('  '), ...cells.map(line)].join('\n');
}

/** RFC 4180: quotes where needed, CRLF between lines. */
export function csv(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  const lines = [columns, ...rows.map(row => columns.map(column => cell(row[column])))];
  return lines.map(line => `${line.map(quote).join(',')}\r\n`).join('');
}

function columnsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap(row => Object.keys(row)))].filter(name => !bookkeeping.has(name));
}

function cell(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(Number.isInteger(value) ? value : Math.round(value * 1000) / 1000);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
