import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from './child.ts';
import { azuriteProgram, chooseFunctionsHost, funcProgram } from './functions-host.ts';
import { freePort } from './ports.ts';

let folder = '';
let both = '';
let funcOnly = '';
let nobodyPort = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'functions-host-'));
  [both, funcOnly] = [path.join(folder, 'both'), path.join(folder, 'func-only')];
  const func = 'echo "$@"; echo "For detailed output, run func with --verbose flag."; exec sleep 60';
  await program(both, 'func', func);
  await program(funcOnly, 'func', func);
  await program(both, 'azurite', 'echo "Azurite Table service is successfully listening"; exec sleep 60');
  nobodyPort = await freePort(0);
});
afterAll(() => rm(folder, { recursive: true }));

async function program(dir: string, name: string, script: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(path.join(dir, name), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(dir, name), 0o755);
}

const choose = (wish: string | undefined, searchPath: string, storage?: string, azuritePort = nobodyPort) =>
  chooseFunctionsHost({ wish, searchPath, storage, azuritePort });

test('without func the stand-in runs the functions, and a wish for func is told what to install', async () => {
  expect(await choose(undefined, '/nowhere')).toEqual({ host: 'local' });
  await expect(choose('func', '/nowhere')).rejects.toThrow('npm install -g azure-functions-core-tools@4');
});

test('func is used where it and azurite are installed', async () => {
  expect(await choose(undefined, `/nowhere:${both}`)).toEqual({
    host: 'func',
    func: path.join(both, 'func'),
    azurite: path.join(both, 'azurite'),
  });
  expect(await choose('local', both)).toEqual({ host: 'local' });
});

test('without azurite the stand-in takes over and says so; a wish for func is told what to install', async () => {
  expect(await choose(undefined, funcOnly)).toMatchObject({ host: 'local', note: /Azurite/ });
  await expect(choose('func', funcOnly)).rejects.toThrow('npm install -g azurite');
});

test('a storage account, or an azurite that runs already, is as good', async () => {
  const account = 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b';
  expect(await choose('func', funcOnly, account)).toEqual({ host: 'func', func: path.join(funcOnly, 'func') });
  const server = createServer();
  const port = await new Promise<number>(resolve =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  );
  expect(await choose('func', funcOnly, undefined, port)).toEqual({ host: 'func', func: path.join(funcOnly, 'func') });
  await new Promise(resolve => server.close(resolve));
});

test('another word is refused', async () => {
  await expect(choose('azure', both)).rejects.toThrow('FUNCTIONS_HOST is "azure"; write func or local');
});

test('func and azurite are ready when they say so in their own words', async () => {
  const rest = { env: process.env, cwd: folder };
  const func = await startChild({
    ...{ name: 'functions', logFile: path.join(folder, 'func.log'), ...rest },
    ...funcProgram(path.join(both, 'func'), 7071),
  });
  expect(func.lastLines()).toContain('start --port 7071');
  await func.stop();
  const azurite = await startChild({
    ...{ name: 'azurite', logFile: path.join(folder, 'azurite.log'), ...rest },
    ...azuriteProgram(path.join(both, 'azurite'), folder),
  });
  await azurite.stop();
});
