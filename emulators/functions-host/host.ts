import { createServer } from 'node:http';
import path from 'node:path';
import { closeServer, listenOnLoopback, refuseProduction } from '../loopback.ts';
import { adminApi } from './admin-api.ts';
import { loadApp } from './app-loader.ts';
import { CoreModule } from './core-module.ts';
import { Database } from './database.ts';
import { clientBinding } from './durable/client-binding.ts';
import { Engine } from './durable/engine.ts';
import { listenForLibrary } from './durable/library-listener.ts';
import type { ManagementApi } from './durable/management-api.ts';
import { DurableStore } from './durable/store.ts';
import { type FunctionTable, functionTable } from './function-table.ts';
import { answerEmpty } from './http/exchange.ts';
import { FrontDoor } from './http/front-door.ts';
import { type Keys, loadKeys } from './http/keys.ts';
import { httpFunctions } from './http/router.ts';
import { Invoker } from './invocation.ts';
import type { Log } from './log.ts';
import { applyLocalSettings, readHostJson } from './settings.ts';
import { Listeners, sendToQueue } from './triggers/listeners.ts';
import { QueueServices } from './triggers/queue-services.ts';

/*
 * Composes one host for one app. It must be the only app of its process: the library keeps registrations and hooks in
 * module state.
 */

export interface HostOptions {
  appDir: string;
  dataDir: string;
  /** 0 lets the system choose. */
  port: number;
  keysFile?: string;
  settingsFile?: string;
  log: Log;
}

export interface Host {
  url: string;
  functions: string[];
  keys: Keys;
  /** Finishes in-flight invocations, at most `withinMs`. */
  close(withinMs: number): Promise<void>;
}

export async function startHost(options: HostOptions): Promise<Host> {
  refuseProduction('Azure Functions');
  const appDir = path.resolve(options.appDir);
  const { log } = options;
  applyLocalSettings(options.settingsFile);
  const settings = readHostJson(appDir);
  const db = new Database(path.resolve(options.dataDir));
  const keys = loadKeys(options.keysFile, path.resolve(options.dataDir));

  // The app reads WEBSITE_HOSTNAME while it loads, so the port must be known before.
  const late: { serve?: FrontDoor['serve'] } = {};
  const server = createServer((request, response) => {
    if (late.serve) void late.serve(request, response);
    else answerEmpty(response, 503);
  });
  server.requestTimeout = 0;
  const port = await listenOnLoopback(server, options.port);
  const origin = `http://127.0.0.1:${port}`;
  process.env['WEBSITE_HOSTNAME'] = `127.0.0.1:${port}`;
  process.env['AZURE_FUNCTIONS_ENVIRONMENT'] ??= 'Development';
  process.env['FUNCTIONS_WORKER_RUNTIME'] ??= 'node';

  const core = new CoreModule(log);
  const capabilities = await loadApp(appDir, core);
  const table = functionTable(core.functions.values());
  announceOmissions(table, log);

  const key = keys.system.durabletask_extension;
  const { hubName } = settings;
  const rpc = { binding: '' };
  const queues = new QueueServices(db);
  const invoker: Invoker = new Invoker({
    core,
    input: () => ({ string: rpc.binding }),
    output: (binding, value) => sendToQueue(binding, value, queues, settings.queues),
  });
  const engine = new Engine({
    store: new DurableStore(db),
    functions: table.durable,
    invoke: (fn, trigger, triggerMetadata) =>
      invoker.invoke(fn, { trigger, ...(triggerMetadata ? { triggerMetadata } : {}) }),
    limits: settings.limits,
    log,
  });
  const management: ManagementApi = { engine, hubName, key };
  const rpcServer = await listenForLibrary(management, log);
  rpc.binding = clientBinding({ hubName, origin, rpcOrigin: rpcServer.origin, key });

  const listeners = new Listeners({ table, db, invoker, queues, queueSettings: settings.queues, log });
  await listeners.connect();
  const door = new FrontDoor({
    routes: httpFunctions(table.of('httptrigger'), settings.routePrefix),
    table,
    keys,
    invoker,
    management,
    admin: adminApi({
      table,
      run: (fn, input) => listeners.run(fn, input),
      enqueue: (queue, text) => listeners.enqueue(queue, text),
    }),
    streamTo: capabilities['HttpUri'],
    log,
  });
  late.serve = door.serve;
  engine.start();
  listeners.start();

  return {
    url: origin,
    functions: [...table.byName.values()].map(fn => fn.metadata.name),
    keys,
    close: async withinMs => {
      door.close();
      const quiet = Promise.all([engine.stop(), listeners.stop(), invoker.drain(withinMs)]).then(() => door.answered());
      await Promise.race([quiet, pause(withinMs)]);
      await core.runHooks('appTerminate', { hookData: {}, appHookData: core.appHookData });
      await Promise.all([closeServer(server), closeServer(rpcServer.server)]);
      db.close();
    },
  };
}

function announceOmissions(table: FunctionTable, log: Log): void {
  const retrying = [...table.byName.values()].filter(fn => fn.metadata.retryOptions).map(fn => fn.metadata.name);
  const notes = ['Local host, not Azure: no scale-out, no functionTimeout, no rewind.'];
  if (retrying.length > 0) notes.push(`The "retry" option is ignored for: ${retrying.join(', ')}.`);
  log({ level: 'information', category: 'host', message: notes.join(' ') });
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms).unref());
}
