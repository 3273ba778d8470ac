import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Exchange } from './exchange.ts';
import type { AuthLevel } from './router.ts';

/*
 * Access keys. Unlike `func start`, which lets everybody in, this host enforces them: a test that forgets a key should
 * fail here and not on Azure.
 */

export interface Keys {
  master: string;
  /** The host key `default`. */
  host: string;
  system: { durabletask_extension: string; eventgrid_extension: string };
  /** Function keys by function name; a function without one accepts the host key only. */
  functions: Record<string, string>;
}

/**
 * Reads keys from `file`, or keeps a generated set in the data folder so that URLs stay valid over restarts. What the
 * file leaves out is generated.
 */
export function loadKeys(file: string | undefined, dataDir: string): Keys {
  const source = file ?? path.join(dataDir, 'keys.json');
  const given = existsSync(source) ? (JSON.parse(readFileSync(source, 'utf8')) as Partial<Keys>) : {};
  if (file !== undefined && !existsSync(file))
    throw new Error(`There is no keys file ${file}. Create it, or leave out --keys.`);
  const key = (): string => randomBytes(32).toString('base64url');
  const keys: Keys = {
    master: given.master ?? key(),
    host: given.host ?? key(),
    system: {
      durabletask_extension: given.system?.durabletask_extension ?? key(),
      eventgrid_extension: given.system?.eventgrid_extension ?? key(),
    },
    functions: given.functions ?? {},
  };
  if (file === undefined) writeFileSync(source, JSON.stringify(keys, null, 2), { mode: 0o600 });
  return keys;
}

/** The header wins over the query. */
export function presentedKey({ request, url }: Exchange): string | undefined {
  const header = request.headers['x-functions-key'];
  return (typeof header === 'string' ? header : undefined) ?? url.searchParams.get('code') ?? undefined;
}

export function opensFunction(
  keys: Keys,
  level: AuthLevel,
  functionName: string,
  presented: string | undefined,
): boolean {
  if (level === 'anonymous') return true;
  const accepted = level === 'admin' ? [keys.master] : [keys.master, keys.host, keys.functions[functionName]];
  return accepted.some(key => sameKey(key, presented));
}

/** Extension webhooks take their own system key, or the master key. */
export function opensExtension(keys: Keys, extension: keyof Keys['system'], presented: string | undefined): boolean {
  return sameKey(keys.system[extension], presented) || sameKey(keys.master, presented);
}

export function isMaster(keys: Keys, presented: string | undefined): boolean {
  return sameKey(keys.master, presented);
}

function sameKey(known: string | undefined, presented: string | undefined): boolean {
  if (known === undefined || presented === undefined) return false;
  const [a, b] = [Buffer.from(known), Buffer.from(presented)];
  return a.length === b.length && timingSafeEqual(a, b);
}
