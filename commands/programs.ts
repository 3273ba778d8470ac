import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { agentsNews } from './agents-news.ts';
import { azuriteProgram, chooseFunctionsHost, type FunctionsHostName, funcProgram } from './functions-host.ts';
import { type Parts, partNames } from './parts.ts';
import { type StandInsReady, standInsFor } from './plan.ts';
import { freePort, type Ports } from './ports.ts';
import type { Values } from './settings-file.ts';

/** How each part of the system is called: its file, its arguments, and what it says of itself when it is ready. */
export interface Stage {
  root: string;
  home: string;
  parts: Parts;
  /** Settings as given, before anything was made up. */
  given: Values;
  onLine: (line: string) => void;
}

export async function startStandIns(
  { home, parts, given, onLine }: Stage,
  ports: Partial<Ports>,
  restarted: () => void,
): Promise<StandInsReady> {
  const names = standInsFor(given);
  if (names.length === 0) return {};
  const places = await Promise.all(names.map(async name => [name, await freePort(ports[name] ?? 0)] as const));
  const which = ['--only', names.join(), '--ports', JSON.stringify(Object.fromEntries(places))];
  const args = ['emulators/start.ts', '--exit-with-stdin', '--data', path.join(home, 'data'), ...which];
  const { ready } = await parts.start('standIns', { command: process.execPath, args }, { restarted });
  for (const name of names) {
    const { ms, url } = ready[name] as { ms: number; url: string };
    onLine(readyLine(`${name} stand-in`, ms, url));
  }
  const { email } = ready as StandInsReady;
  if (email) onLine(`  e-mails land in ${email.dir}`);
  return ready as StandInsReady;
}

/**
 * What is new in a call lives for milliseconds. In V8's usual space for it, 16 MB, it waits for seconds until it is
 * cleared away, and then much of it is taken for old: memory grows, and clearing it halts all calls for longer.
 */
const mediaHostFlags = ['--max-semi-space-size=4'];

export async function startMediaHost({ root, parts, onLine }: Stage, settings: Values): Promise<void> {
  const began = performance.now();
  const args = [...mediaHostFlags, ...leash(root), 'dist/media-host/main.mjs'];
  const onOutput = (line: string) => {
    const news = agentsNews(line);
    if (news !== undefined) onLine(news);
  };
  const { ready } = await parts.start('mediaHost', { command: process.execPath, args, settings, onOutput });
  onLine(readyLine(partNames.mediaHost, since(began), String(ready['url'])));
}

export interface FunctionsReady {
  host: FunctionsHostName;
  url: string;
  /** Opens the functions' own endpoints; empty where the host asks for none. */
  key: string;
}

export async function startFunctions(
  stage: Stage,
  wish: string,
  port: number,
  settings: Values,
): Promise<FunctionsReady> {
  const { root, home, parts, given, onLine } = stage;
  const storage = given['AzureWebJobsStorage'] ?? process.env['AzureWebJobsStorage'];
  const choice = await chooseFunctionsHost({ wish, searchPath: process.env['PATH'] ?? '', storage });
  if (choice.note) onLine(`  ${choice.note}`);
  if (choice.azurite) await parts.start('azurite', azuriteProgram(choice.azurite, path.join(home, 'data/azurite')));
  const began = performance.now();
  const url = `http://127.0.0.1:${port}`;
  let key = '';
  if (choice.func) await parts.start('functions', { ...funcProgram(choice.func, port), settings });
  else {
    const file = path.join(home, 'functions.settings.json');
    await writeFile(file, JSON.stringify({ IsEncrypted: false, Values: settings }), { mode: 0o600 });
    const where = ['--app', root, '--port', String(port), '--data', path.join(home, 'data/functions')];
    const args = [...leash(root), 'emulators/functions-host/main.ts', ...where, '--settings', file];
    const { ready } = await parts.start('functions', { command: process.execPath, args, settings });
    key = (ready['keys'] as { host?: string } | undefined)?.host ?? '';
  }
  onLine(readyLine(`functions (${choice.host})`, since(began), url));
  return { host: choice.host, url, key };
}

/** Preloaded into programs that do not know they have a starter. */
const leash = (root: string): string[] => ['--import', path.join(root, 'commands/leash.ts')];

export const readyLine = (name: string, ms: number, where: string): string =>
  `✓ ${name.padEnd(18)} ${String(ms).padStart(6)} ms  ${where}`;
const since = (began: number): number => Math.round(performance.now() - began);
