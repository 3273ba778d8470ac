import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { settingsTable } from '../contracts/settings.ts';
import { bundle, isStale } from './bundle.ts';
import { numberedScenarios } from './demo-numbers.ts';
import type { FunctionsHostName } from './functions-host.ts';
import { createParts, type PartName } from './parts.ts';
import { type StandInsReady, settingsOf, unreachable } from './plan.ts';
import { freePort, type Ports } from './ports.ts';
import { readyLine, type Stage, startFunctions, startMediaHost, startStandIns } from './programs.ts';
import { openRecords } from './record-store.ts';
import { type Running, removeRunning, writeRunning } from './running.ts';
import { loadRecords } from './sample-data.ts';
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

/** What one needs to talk to the system. */
export interface Addresses {
  readonly functionsHost: FunctionsHostName;
  readonly functionsUrl: string;
  /** Key that opens the functions' own endpoints. */
  readonly hostKey: string;
  readonly mediaHostUrl: string;
  /** Stand-ins that run; where a service is elsewhere, its address is in `settings`. */
  readonly standIns: StandInsReady;
  readonly acsUrl: string | undefined;
  readonly speechUrl: string | undefined;
  readonly chatUrl: string | undefined;
  readonly cosmosUrl: string | undefined;
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

const root = path.join(import.meta.dirname, '..');

/** What the programs have compiled once they read back: a quarter of the time they take to start. */
const compiled = { NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/compiled') };

/** @throws Error that says which part could not be started and why; nothing is left running. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { dir: home, settings: given = {}, ports = {}, env = {}, functionsHost = 'local' } = options;
  const { onLine = () => undefined } = options;
  const problem = unreachable(given);
  if (problem) throw new Error(problem);
  await mkdir(path.join(home, 'data'), { recursive: true, mode: 0o700 });
  const parts = createParts({ root, home, env: { ...compiled, ...env }, onLine });
  const stage: Stage = { root, home, parts, given, onLine };
  const stop = async () => {
    await parts.stop();
    await removeRunning(home);
  };
  try {
    if (await isStale(root)) onLine(readyLine('build', (await bundle(root)).ms, 'dist'));
    let subscribe = () => Promise.resolve();
    const standIns = await startStandIns(stage, ports, () => {
      subscribe().catch((error: Error) => onLine(`! ${error.message}`));
    });
    const functionsPort = await freePort(ports.functions ?? 0);
    const mediaPort = await freePort(ports.mediaHost ?? 0);
    const agents = path.resolve(root, given['AGENTS_DIR'] ?? 'agents');
    const numbers = standIns.acs ? await numberedScenarios(agents) : {};
    const settings = settingsFor({ given, standIns, numbers, agents, home, functionsPort, mediaPort });
    const [functions] = await Promise.all([
      startFunctions(stage, functionsHost, functionsPort, settings),
      startMediaHost(stage, settings),
      standIns.cosmos && fillBusiness(settings, onLine),
    ]);
    subscribe = async () => {
      for (const standIn of [standIns.acs, standIns.email])
        if (standIn) await subscribeToCalls(standIn.url, functions.url, functions.key);
    };
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
    parts.onChange(() => void remember());
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
      up: name => parts.of(name).up(),
      stop,
      abandon: parts.abandon,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Only a stand-in is filled unasked; for an account there is `npm run records -- --seed`. */
async function fillBusiness(settings: Values, onLine: (line: string) => void): Promise<void> {
  const began = performance.now();
  const { COSMOS_ENDPOINT: endpoint = '', COSMOS_KEY: key, COSMOS_DATABASE: database = 'voice' } = settings;
  const store = openRecords({ endpoint, key, database });
  try {
    const { records, made } = await loadRecords(settings['AGENTS_DIR'] ?? '', store);
    if (made > 0) onLine(readyLine('records', Math.round(performance.now() - began), `${made} of ${records} are new`));
  } finally {
    store.close();
  }
}

interface Found {
  given: Values;
  standIns: StandInsReady;
  /** Of ours, and which scenario each leads to. */
  numbers: Values;
  /** The source and not its copy in dist, so that a mistake is told with the file one edits. */
  agents: string;
  home: string;
  functionsPort: number;
  mediaPort: number;
}

/** Ours, and those of two people whom nobody has hired: `npm run call` answers for them. */
const demoNumbers: Values = { ACS_SOURCE_NUMBER: '+15550199', HANDOFF_TARGETS: '+15550190,+15550191' };

/** What is given stands, except where a stand-in has taken the service's place; what is missing is made up. */
function settingsFor({ given, standIns, numbers, agents, home, functionsPort, mediaPort }: Found): Values {
  const secret = () => randomBytes(24).toString('base64url');
  return {
    BASE_URL: `http://127.0.0.1:${functionsPort}`,
    MEDIA_HOST_URL: `http://127.0.0.1:${mediaPort}`,
    MEDIA_HOST_PUBLIC_URL: `ws://127.0.0.1:${mediaPort}`,
    // Whoever presses Ctrl-C does not wait for a caller.
    DRAIN_SECONDS: '2',
    CALL_SECRET: secret(),
    CONTROL_KEY: secret(),
    ...(standIns.acs && { ...demoNumbers, ...numbers }),
    ...given,
    SPOOL_DIR: path.resolve(root, given['SPOOL_DIR'] ?? path.join(home, 'spool')),
    AGENTS_DIR: agents,
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
    handoffTargets: settings['HANDOFF_TARGETS']?.split(',').filter(number => number !== ''),
    scenarios: {
      scenario: settings['SCENARIO'] ?? settingsTable.SCENARIO.schema.parse(undefined),
      numbers: settings['NUMBER_SCENARIOS'] ?? '',
    },
    pids,
  };
}
