import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { bundle, isStale } from '../commands/bundle.ts';

const root = path.join(import.meta.dirname, '..');

/**
 * The functions as they are deployed, in a folder of their own, with the empty function beside them: one host runs both,
 * so whatever the host itself costs is in both figures.
 */
export async function functionsApp(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  if (await isStale(root)) await bundle(root);
  await Promise.all([
    copyFile(path.join(root, 'host.json'), path.join(dir, 'host.json')),
    copyFile(path.join(root, 'dist/functions/main.cjs'), path.join(dir, 'main.cjs')),
    writeFile(path.join(dir, 'package.json'), JSON.stringify({ main: '*.cjs' })),
    build({
      entryPoints: [path.join(import.meta.dirname, 'empty-function.ts')],
      outfile: path.join(dir, 'empty.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node22',
      external: ['@azure/functions-core'],
      logLevel: 'error',
    }),
  ]);
  return dir;
}
