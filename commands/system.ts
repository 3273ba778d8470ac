import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundle, isStale } from './bundle.ts';
import type { Child } from './child.ts';
import { azuriteProgram, chooseFunctionsHost, type FunctionsHostName, funcProgram } from './functions-host.ts';
import { createParts, type PartName, type Parts, partNames } from './parts.ts';
import { type StandInsReady, settingsOf, standInsFor, unreachable } from './plan.ts';
import { freePort, type Ports } from './ports.ts';
import { type Running, removeRunning, writeRunning } from './running.ts';
import type { Values } from './settings-file.ts';
import { subscribeToCalls } from './subscription.ts';

/**
 * The whole system as a library: stand-ins for every service that is not elsewhere, the media host and the functions
 * host, each a process of its own that is started again when it dies.
 */
export interface SystemOptions {
  /** Where data, logs and running.json are kept. */
  dir: string;
  /** Settings that are given; a service they point at gets no stand-in. @default none: everything offline */
  settings?: Values;
  /** Where each part would like to listen. @default any free port */
  ports?: Partial<Ports>;
  /** Further variables for all programs. */
  env?: Readonly<Record<string, string>>;
  /** FUNCTIONS_HOST: func, local, or empty for func where it is installed. @default local */
  functionsHost?: string;
  /** Told one line per part and event, for people. */
  onLine?: (line: string) => void;
}

export interface System extends Addresses {
  readonly home: string;
  /** The settings every program runs with, secrets included. */
  readonly settings: Values;
  pids(): Record<string, number>;
  /** Stops a part in order and starts it again in its old place; settles when it is ready. */
  restart(part: PartName): Promise<void>;
  /** Settles when the part is dead; it comes back by itself. */
  kill(part: PartName, signal?: NodeJS.Signals): Promise<void>;
  /** Settles when the part runs, at once if it does. */
  up(part: PartName): Promise<void>;
  stop(): Promise<void>;
  /** Kills everything, now. */
  abandon(): void;
}

/** What one needs to talk to the system. */
export interface Addresses {
  readonly functionsHost: FunctionsHostName;
  readonly functionsUrl: string;
  /** Key that opens the functions' own endpoints. */
  readonly hostKey: string;
  readonly mediaHostUrl: string;
  readonly standIns: StandInsReady;
  /** Stand-ins that run; the real service is in `settings`. */
  readonly acsUrl: string | undefined;
  readonly speechUrl: string | undefined;
  readonly chatUrl: string | undefined;
  readonly cosmosUrl: string | undefined;
}

const root = path.join(import.meta.dirname, '..');

/** @throws Error that says which part could not be started and why; nothing is left running. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { dir: home, settings: given = {}, ports = {}, env = {}, onLine = () => undefined } = options;
  const problem = unreachable(given);
  if (problem) throw new Error(problem);
  await mkdir(path.join(home, 'data'), { recursive: true, mode: 0o700 });
  const parts = createParts({ root, home, env, onLine });
  const stop = async () => {
    await parts.stop();
    await removeRunning(home);
  };
  try {
    if (await isStale(root)) onLine(readyLine('build', (await bundle(root)).ms, 'dist'));
    let resubscribe: () => void = () => undefined;
    const standIns = await startStandIns(parts, options, onLine, () => resubscribe());
    const functionsPort = await freePort(ports.functions ?? 0);
    const mediaPort = await freePort(ports.mediaHost ?? 0);
    const settings = settingsFor(given, standIns, { home, functionsPort, mediaPort });
    const [functions] = await Promise.all([
      startFunctions(parts, options, settings, functionsPort),
      startMediaHost(parts, settings, onLine),
    ]);
    const subscribe = async () => {
      if (standIns.acs) await subscribeToCalls(standIns.acs.url, functions.url, functions.key);
    };
    resubscribe = () => void subscribe().catch((error: Error) => onLine(`! ${error.message}`));
    await subscribe();

    const addresses: Addresses = {
      functionsHost: functions.host,
      functionsUrl: functions.url,
      hostKey: functions.key,
      mediaHostUrl: `http://127.0.0.1:${mediaPort}`,
      standIns,
      acsUrl: standIns.acs?.url,
      speechUrl: standIns.speech?.url,
      chatUrl: standIns.chat?.url,
      cosmosUrl: standIns.cosmos?.url,
    };
    const pids = () => ({ starter: process.pid, ...parts.pids() });
    const remember = () => writeRunning(home, stateOf(addresses, settings, pids()));
    await remember();
    return {
      ...addresses,
      home,
      settings,
      pids,
      restart: async name => {
        await parts.of(name).restart();
        await remember();
      },
      kill: async (name, signal = 'SIGKILL') => {
        const child = parts.of(name).current();
        child.kill(signal);
        await child.exited;
      },
      up: async name => {
        await parts.of(name).up();
        await remember();
      },
      stop,
      abandon: parts.abandon,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startStandIns(
  parts: Parts,
  { dir: home, settings = {}, ports = {} }: SystemOptions,
  onLine: (line: string) => void,
  restarted: () => void,
): Promise<StandInsReady> {
  const names = standInsFor(settings);
  if (names.length === 0) return {};
  const places = await Promise.all(names.map(async name => [name, await freePort(ports[name] ?? 0)] as const));
  const which = ['--only', names.join(), '--ports', JSON.stringify(Object.fromEntries(places))];
  const args = ['emulators/start.ts', '--exit-with-stdin', '--data', path.join(home, 'data'), ...which];
  const { ready } = await parts.start('standIns', { command: process.execPath, args }, { restarted });
  for (const name of names) {
    const { ms, url } = ready[name] as { ms: number; url: string };
    onLine(readyLine(`${name} stand-in`, ms, url));
  }
  return ready as StandInsReady;
}

/** Preloaded into programs that do not know they have a starter. */
const leash = ['--import', path.join(root, 'commands/leash.ts')];

async function startMediaHost(parts: Parts, settings: Values, onLine: (line: string) => void): Promise<Child> {
  const began = performance.now();
  const args = [...leash, 'dist/media-host/main.mjs'];
  const child = await parts.start('mediaHost', { command: process.execPath, args, settings });
  onLine(readyLine(partNames.mediaHost, since(began), String(child.ready['url'])));
  return child;
}

async function startFunctions(
  parts: Parts,
  { dir: home, settings: given = {}, functionsHost = 'local', onLine = () => undefined }: SystemOptions,
  settings: Values,
  port: number,
): Promise<{ url: string; key: string; host: FunctionsHostName }> {
  const storage = given['AzureWebJobsStorage'] ?? process.env['AzureWebJobsStorage'];
  const choice = await chooseFunctionsHost({
    wish: functionsHost,
    searchPath: process.env['PATH'] ?? '',
    storage,
  });
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
    const args = [...leash, 'emulators/functions-host/main.ts', ...where, '--settings', file];
    const { ready } = await parts.start('functions', { command: process.execPath, args, settings });
    key = (ready['keys'] as { host?: string } | undefined)?.host ?? '';
  }
  onLine(readyLine(`functions (${choice.host})`, since(began), url));
  return { url, key, host: choice.host };
}

/** What is given stands, except where a stand-in has taken the service's place; what is missing is made up. */
function settingsFor(
  given: Values,
  standIns: StandInsReady,
  { home, functionsPort, mediaPort }: { home: string; functionsPort: number; mediaPort: number },
): Values {
  const secret = () => randomBytes(24).toString('base64url');
  return {
    BASE_URL: `http://127.0.0.1:${functionsPort}`,
    MEDIA_HOST_URL: `http://127.0.0.1:${mediaPort}`,
    MEDIA_HOST_PUBLIC_URL: `ws://127.0.0.1:${mediaPort}`,
    CALL_SECRET: secret(),
    CONTROL_KEY: secret(),
    ...given,
    SPOOL_DIR: path.join(home, 'spool'),
    // The source and not its copy in dist, so that a mistake is told with the file one edits.
    AGENTS_DIR: path.resolve(root, given['AGENTS_DIR'] ?? 'agents'),
    PORT: String(mediaPort),
    ...settingsOf(standIns),
  };
}

function stateOf(addresses: Addresses, settings: Values, pids: Record<string, number>): Running {
  return {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    functionsHost: addresses.functionsHost,
    urls: {
      functions: addresses.functionsUrl,
      mediaHost: addresses.mediaHostUrl,
      acs: addresses.acsUrl,
      speech: addresses.speechUrl,
      chat: addresses.chatUrl,
      cosmos: settings['COSMOS_ENDPOINT'],
    },
    keys: {
      host: addresses.hostKey,
      callSecret: settings['CALL_SECRET'] ?? '',
      control: settings['CONTROL_KEY'] ?? '',
      speech: settings['SPEECH_KEY'],
      chat: settings['AZURE_OPENAI_API_KEY'],
      cosmos: settings['COSMOS_KEY'],
    },
    database: settings['COSMOS_DATABASE'] ?? 'voice',
    pids,
  };
}

const readyLine = (name: string, ms: number, where: string): string =>
  `✓ ${name.padEnd(18)} ${String(ms).padStart(6)} ms  ${where}`;
const since = (began: number): number => Math.round(performance.now() - began);
