import path from 'node:path';
import { Command, Option } from 'commander';
import { lastWeek, type ReadyQuery, readyQueries } from './queries.ts';
import { openRecords, QueryError, type RecordStore, type StoreAddress } from './record-store.ts';
import { findRunning, homeFolder } from './running.ts';
import { loadRecords } from './sample-data.ts';
import { readValues } from './settings-file.ts';
import { csv, type Row, rowsOf, table } from './table.ts';

/** `npm run records`: Cosmos SQL against the records of the running system, or of the account the settings point at. */
const root = path.join(import.meta.dirname, '..');

interface Options {
  container: 'calls' | 'transcripts' | 'sessions' | 'business';
  csv?: true;
  json?: true;
  list?: true;
  run?: string;
  seed?: true;
  from?: string;
  to?: string;
  param: Record<string, string>;
}

const day = (text: string): string => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new Error(`"${text}" is no day; write it as 2026-01-31.`);
  return text;
};
const parameter = (text: string, known: Record<string, string>): Record<string, string> => {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`"${text}" is no parameter; write it as callId=0123….`);
  return { ...known, [text.slice(0, at).replace(/^@/, '')]: text.slice(at + 1) };
};

const command = new Command('records')
  .description('Query the call records with Cosmos SQL')
  .argument('[query]', "for example: SELECT c.callId, c.outcome FROM c WHERE c.type='call'")
  .addOption(
    new Option('--container <name>', 'where to look')
      .choices(['calls', 'transcripts', 'sessions', 'business'])
      .default('calls'),
  )
  .addOption(new Option('--csv', 'print comma-separated values').conflicts('json'))
  .option('--json', 'print the documents as Cosmos gives them')
  .option('--list', 'show the ready-made queries')
  .option('--seed', 'put the records of agents/data into the database; those that are there stay as they are')
  .option('--run <name>', 'run a ready-made query')
  .option('--from <day>', 'first day, such as 2026-01-31 (default: six days ago)', day)
  .option('--to <day>', 'day after the last (default: tomorrow)', day)
  .option('--param <name=value>', 'a query parameter, without its @; may be repeated', parameter, {});

try {
  await command.parseAsync();
  const options = command.opts<Options>();
  if (options.list) list();
  else if (options.seed) await seed();
  else await run(command.args[0], options);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

function list(): void {
  console.log(table(Object.entries(readyQueries).map(([name, { about }]) => ({ name, about }))));
  console.log('\nRun one with: npm run records -- --run NAME [--from DAY --to DAY]');
}

async function seed(): Promise<void> {
  const { AGENTS_DIR = 'agents' } = await readValues(path.join(root, 'local.settings.json'), process.env);
  const store = openRecords(await address());
  try {
    const { kinds, records, made } = await loadRecords(path.resolve(root, AGENTS_DIR), store);
    console.log(`${records} records of ${kinds} kinds; ${made} of them are new.`);
  } finally {
    store.close();
  }
}

async function run(query: string | undefined, options: Options): Promise<void> {
  if ((query === undefined) === (options.run === undefined))
    throw new Error('Give a query, or the name of a ready-made one with --run (--list shows them).');
  const store = openRecords(await address());
  try {
    const results = options.run === undefined ? await asked(store, query!, options) : await ready(store, options);
    if (options.json) console.log(JSON.stringify(results, undefined, 2));
    else if (options.csv) process.stdout.write(csv(rowsOf(results)));
    else console.log(table(rowsOf(results)));
  } finally {
    store.close();
  }
}

async function asked(store: RecordStore, sql: string, { container, param, from, to }: Options): Promise<unknown[]> {
  const week = lastWeek(new Date());
  const days = {
    ...(/@from\b/.test(sql) && { from: from ?? week.from }),
    ...(/@to\b/.test(sql) && { to: to ?? week.to }),
  };
  return pointingAtMistakes(sql, () => store.query(container, sql, { ...days, ...param }));
}

async function ready(store: RecordStore, { run: name = '', from, to, param }: Options): Promise<unknown[]> {
  const query: ReadyQuery | undefined = readyQueries[name];
  if (!query)
    throw new Error(`No ready-made query is called "${name}". Known: ${Object.keys(readyQueries).join(', ')}.`);
  const missing = (query.needs ?? []).filter(need => param[need] === undefined);
  if (missing.length > 0) throw new Error(`${name} needs ${missing.map(need => `--param ${need}=…`).join(' and ')}.`);
  const days = query.sql.includes('@from') ? { ...lastWeek(new Date()), ...(from && { from }), ...(to && { to }) } : {};
  const results: unknown[] = [];
  for (const container of query.containers ?? ['calls'])
    results.push(
      ...(await pointingAtMistakes(query.sql, () => store.query(container, query.sql, { ...days, ...param }))),
    );
  return query.finish ? query.finish(results as Row[]) : results;
}

/** Shows Cosmos DB's own words, and its place in the query with a mark under it. */
async function pointingAtMistakes<T>(sql: string, query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (!(error instanceof QueryError) || error.position === undefined) throw error;
    const line = sql.slice(0, error.position).split('\n').length - 1;
    const column = error.position - (sql.lastIndexOf('\n', error.position - 1) + 1);
    const shown = sql.split('\n')[line] ?? '';
    throw new Error(`${error.message}\n  ${shown}\n  ${' '.repeat(column)}^ at position ${error.position}`, {
      cause: error,
    });
  }
}

/** The account the settings point at, else the stand-in of the running system. */
async function address(): Promise<StoreAddress> {
  const values = await readValues(path.join(root, 'local.settings.json'), process.env);
  const database = values['COSMOS_DATABASE'] ?? 'voice';
  if (values['COSMOS_ENDPOINT']) return { endpoint: values['COSMOS_ENDPOINT'], key: values['COSMOS_KEY'], database };
  const running = await findRunning(homeFolder(root, process.env));
  if (!running.urls.cosmos) throw new Error('The running system has no Cosmos DB address in its state.');
  return { endpoint: running.urls.cosmos, key: running.keys.cosmos, database: running.database };
}
