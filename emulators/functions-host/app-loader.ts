import { existsSync, globSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CoreModule } from './core-module.ts';

/*
 * Loads the compiled app as the Node worker does: `main` of its package.json is a glob of entry files, and
 * '@azure/functions-core' is answered by the host because no such package exists.
 */

const defaultCapabilities = [
  'RawHttpBodyBytes',
  'RpcHttpTriggerMetadataRemoved',
  'RpcHttpBodyOnly',
  'IgnoreEmptyValuedRpcHttpHeaders',
  'UseNullableValueDictionaryForHttp',
  'WorkerStatus',
  'TypedDataCollection',
  'HandlesWorkerTerminateMessage',
];

/**
 * Runs the app's entry files and its appStart hooks, then locks registration.
 * @returns the worker capabilities; `HttpUri` is set when the app streams HTTP
 */
export async function loadApp(appDir: string, core: CoreModule): Promise<Record<string, string>> {
  supply('@azure/functions-core', core.exports());
  for (const file of entryFiles(appDir)) await runEntry(file, appDir);
  if (!core.programmingModel || core.functions.size === 0) {
    throw new Error(`The app in ${appDir} registered no functions. Does "main" in package.json name the built files?`);
  }
  await core.runHooks('appStart', { hookData: {}, appHookData: core.appHookData, functionAppDirectory: appDir });
  const defaults = Object.fromEntries(defaultCapabilities.map(name => [name, 'true']));
  const capabilities = (await core.programmingModel.getCapabilities?.(defaults)) ?? defaults;
  core.lock();
  return capabilities;
}

function supply(specifier: string, answer: unknown): void {
  const original = Module.prototype.require;
  Module.prototype.require = function requireWithCore(this: Module, id: string) {
    return id === specifier ? answer : original.call(this, id);
  } as typeof original;
}

function entryFiles(appDir: string): string[] {
  const manifest = readManifest(appDir);
  const main = manifest['main'];
  if (typeof main !== 'string' || main === '') {
    throw new Error(
      `package.json in ${appDir} has no "main". Set it to the built entry file, for example "dist/main.js".`,
    );
  }
  const files = globSync(main, { cwd: appDir }).sort();
  if (files.length === 0) {
    throw new Error(`No file matches "main": "${main}" in ${appDir}. Build the app first, or correct the pattern.`);
  }
  return files.map(file => path.resolve(appDir, file));
}

async function runEntry(file: string, appDir: string): Promise<void> {
  const asModule = file.endsWith('.mjs') || (!file.endsWith('.cjs') && readManifest(appDir)['type'] === 'module');
  try {
    if (asModule) await import(pathToFileURL(file).href);
    else createRequire(file)(file);
  } catch (error) {
    throw new Error(`Entry file ${path.relative(appDir, file)} failed: ${(error as Error).message}`, { cause: error });
  }
}

function readManifest(appDir: string): Record<string, unknown> {
  const file = path.join(appDir, 'package.json');
  if (!existsSync(file))
    throw new Error(`There is no package.json in ${appDir}. Point --app at the app's root folder.`);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}
