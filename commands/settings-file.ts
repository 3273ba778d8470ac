import { settingsTable, unknownSettings } from '../contracts/settings.ts';
import { textIfThere } from './optional-file.ts';

/** Settings by name, as text; an empty text counts as not given. */
export type Values = Readonly<Record<string, string>>;

/**
 * Reads the `Values` of local.settings.json (none, when there is no file) with the environment's settings over them.
 * @throws Error that names every setting no program reads, with what was probably meant.
 */
export async function readValues(file: string, env: Readonly<Record<string, string | undefined>>): Promise<Values> {
  const values = valuesIn(await textIfThere(file), file);
  const wrong = unknownSettings(Object.keys(values));
  if (wrong.length > 0) throw new Error(`${file}:\n${wrong.map(line => `  ${line}`).join('\n')}`);
  return given({ ...values, ...settingsIn(env) });
}

/** The settings among the variables of an environment. */
export function settingsIn(env: Readonly<Record<string, string | undefined>>): Values {
  return given(Object.fromEntries(Object.entries(env).filter(([name]) => name in settingsTable)));
}

/** The variables that are no setting of ours: what a child needs to run at all. */
export function withoutSettings(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !(name in settingsTable)));
}

function given(values: Readonly<Record<string, string | undefined>>): Values {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]));
}

function valuesIn(text: string | undefined, file: string): Record<string, string> {
  if (text === undefined) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const values = (parsed as { Values?: unknown } | null)?.Values ?? {};
  if (typeof values !== 'object' || Array.isArray(values)) throw new Error(`${file}: "Values" must be an object.`);
  for (const [name, value] of Object.entries(values as object))
    if (typeof value !== 'string') throw new Error(`${file}: ${name} must be a text, in quotes.`);
  return values as Record<string, string>;
}
