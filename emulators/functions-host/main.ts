import { flushCompileCache } from 'node:module';
import { parseArgs } from 'node:util';
import { startHost } from './host.ts';
import { jsonLines, type Log } from './log.ts';

/*
 * node main.ts --app DIR --port N --data DIR [--keys FILE] [--settings FILE]
 * Prints one JSON line on stdout when ready; everything the app says goes to stderr as JSON lines. SIGTERM finishes
 * running invocations, SIGKILL loses nothing that was answered.
 */

/** Time that in-flight invocations get after SIGTERM, in ms. */
const graceMs = 5000;

const usage = 'Usage: node main.ts --app DIR --port N --data DIR [--keys FILE] [--settings FILE]';

const writeOut = process.stdout.write.bind(process.stdout);
const log = jsonLines(line => process.stderr.write(line));
captureConsole(log);
surviveStrayErrors(log);

try {
  const { app, port, data, keys, settings } = options();
  const host = await startHost({
    appDir: app,
    dataDir: data,
    port,
    log,
    ...(keys === undefined ? {} : { keysFile: keys }),
    ...(settings === undefined ? {} : { settingsFile: settings }),
  });
  const { master, host: hostKey, system } = host.keys;
  const ready = { ready: true, url: host.url, functions: host.functions, keys: { host: hostKey, master, system } };
  writeOut(`${JSON.stringify(ready)}\n`);
  // A killed process would not write what NODE_COMPILE_CACHE asks it to keep.
  flushCompileCache();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      host.close(graceMs).then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}

function options(): {
  app: string;
  port: number;
  data: string;
  keys: string | undefined;
  settings: string | undefined;
} {
  const { values } = parseArgs({
    options: {
      app: { type: 'string' },
      port: { type: 'string' },
      data: { type: 'string' },
      keys: { type: 'string' },
      settings: { type: 'string' },
    },
  });
  const port = Number(values.port ?? 0);
  if (!values.app || !values.data || !Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(usage);
  return { app: values.app, port, data: values.data, keys: values.keys, settings: values.settings };
}

/** The app may print what it likes; stdout belongs to the ready line. */
function captureConsole(log: Log): void {
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    log({
      level: 'information',
      category: 'console',
      message: Buffer.from(chunk as string)
        .toString()
        .trimEnd(),
    });
    const written = rest.find(argument => typeof argument === 'function') as (() => void) | undefined;
    if (written) queueMicrotask(written);
    return true;
  }) as typeof process.stdout.write;
}

/** Azure starts a new worker after a stray error; here the process goes on, because its state is on disk anyway. */
function surviveStrayErrors(log: Log): void {
  const report = (error: unknown): void =>
    log({
      level: 'critical',
      category: 'host',
      message: `Unhandled in the app: ${String((error as Error)?.stack ?? error)}`,
    });
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
}
