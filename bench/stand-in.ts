import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program of a benchmark, in a process of its own so that what is measured shares no event loop with what measures. */
export interface Program<Ready> {
  ready: Ready;
  pid: number;
  stop(): Promise<void>;
}

/** Starts `node file args…` and waits for its line `{"ready":true,…}`; it ends when its input does. */
export async function startProgram<Ready>(file: string, args: readonly string[]): Promise<Program<Ready>> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const ready = await Promise.race([
    new Promise<Ready>(resolve => {
      lines.on('line', line => {
        if (line.startsWith('{"ready":true')) resolve(JSON.parse(line) as Ready);
      });
    }),
    exited.then(([code]) => Promise.reject(new Error(`${file} ended with ${code} before it was ready.`))),
  ]);
  return {
    ready,
    pid: child.pid ?? 0,
    stop: async () => {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** What the ACS stand-in says of itself when it is ready. */
export interface AcsReady {
  acs: { url: string; connectionString: string; audience: string; openIdConfigUrl: string; issuer: string };
}

/** The ACS stand-in in a process of its own, keeping no recordings: their memory would be measured too. */
export async function startAcsProgram(dir: string): Promise<Program<AcsReady>> {
  const program = await startProgram<AcsReady>('emulators/start.ts', [
    '--data',
    dir,
    '--only',
    'acs',
    '--exit-with-stdin',
  ]);
  await put(`${program.ready.acs.url}/emulator/faults`, '{"recordMs":0}', 'to keep no recordings');
  return program;
}

/** Points an ACS stand-in at the webhook of incoming calls. */
export const subscribe = (acsUrl: string, webhook: string): Promise<void> =>
  put(`${acsUrl}/emulator/subscription`, JSON.stringify({ url: webhook }), 'the subscription');

/** Gives the chat stand-in its lines. */
export const putScript = (chatUrl: string | undefined, yaml: string): Promise<void> =>
  put(`${chatUrl}/emulator/script`, yaml, 'the script');

async function put(url: string, body: string, what: string): Promise<void> {
  const answer = await fetch(url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
  if (!answer.ok) throw new Error(`A stand-in refused ${what}: ${answer.status} ${await answer.text()}`);
}
