import path from 'node:path';
import type { Database } from '@azure/cosmos';
import type { Values } from '../commands/settings-file.ts';
import { type System, startSystem } from '../commands/system.ts';
import { openStore } from './journal.ts';
import { putScript, startAcsProgram, subscribe } from './stand-in.ts';

/**
 * The whole system as the benchmarks of conversation use it: agents of bench/agents, ACS in a process of its own so that
 * its clock keeps time whatever the other stand-ins do.
 */
export interface WholeSystem {
  system: System;
  acs: { url: string; line: string; connectionString: string };
  speechUrl: string;
  store: Database;
  /** The functions' webhook of incoming calls. */
  webhook: string;
  /** Process ids by what they are to a person. */
  pids(): Record<string, number>;
  stop(): Promise<void>;
}

export interface WholeSystemOptions {
  dir: string;
  /** Name of the file in bench/agents. */
  agent: string;
  /** The chat stand-in's lines, YAML. */
  script: string;
  settings?: Values;
  env?: Readonly<Record<string, string>>;
  /** A Speech stand-in that runs already, instead of one of the system's own. */
  speech?: { url: string; host: string; key: string };
  /** ACS keeps so much of each call's sound, ms. @default 0 */
  recordMs?: number;
}

export async function startWholeSystem(options: WholeSystemOptions): Promise<WholeSystem> {
  const { dir, agent, script, settings = {}, env = {}, speech, recordMs = 0 } = options;
  const acs = await startAcsProgram(path.join(dir, 'acs'));
  const { url, connectionString, audience, openIdConfigUrl, issuer } = acs.ready.acs;
  try {
    const system = await startSystem({
      dir: path.join(dir, 'system'),
      env,
      settings: {
        ACS_CONNECTION_STRING: connectionString,
        ACS_RESOURCE_ID: audience,
        ACS_OPENID_CONFIG_URL: openIdConfigUrl,
        ACS_ISSUER: issuer,
        AGENTS_DIR: path.join(import.meta.dirname, 'agents'),
        SCENARIO: agent,
        LOG_LEVEL: 'warn',
        ...(speech && { SPEECH_ENDPOINT: speech.host, SPEECH_KEY: speech.key }),
        ...settings,
      },
    });
    const webhook = `${system.functionsUrl}/api/v1/calls/incoming?code=${system.hostKey}`;
    const whole: WholeSystem = {
      system,
      acs: { url, line: url.replace('http', 'ws'), connectionString },
      speechUrl: speech?.url ?? system.speechUrl ?? '',
      store: openStore(system.settings),
      webhook,
      pids: () => {
        const { mediaHost = 0, functions = 0, standIns = 0 } = system.pids();
        return { 'media host': mediaHost, 'functions host': functions, 'stand-ins': standIns, 'ACS stand-in': acs.pid };
      },
      stop: async () => {
        await system.stop();
        await acs.stop();
      },
    };
    try {
      await putScript(system.chatUrl, script);
      if (recordMs > 0) await fetch(`${url}/emulator/faults`, { method: 'PUT', body: JSON.stringify({ recordMs }) });
      await subscribe(url, webhook);
      return whole;
    } catch (error) {
      await system.stop();
      throw error;
    }
  } catch (error) {
    await acs.stop();
    throw error;
  }
}

/** Turns knobs or faults of a Speech stand-in. */
export async function turnSpeech(speechUrl: string, what: 'knobs' | 'faults', change: object): Promise<void> {
  const answer = await fetch(`${speechUrl}/emulator/${what}`, { method: 'PUT', body: JSON.stringify(change) });
  if (!answer.ok) throw new Error(`The Speech stand-in refused ${what}: ${answer.status} ${await answer.text()}`);
}
