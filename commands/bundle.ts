import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';

/**
 * Turns the source into what is deployed: dist/functions, dist/media-host and dist/agents. Every file is replaced in one
 * rename, so a program that starts while another build runs never reads half a bundle.
 */
export interface Bundled {
  /** Paths below dist/. */
  files: string[];
  ms: number;
}

/** Native modules: they are found in node_modules when the program runs. */
const native = ['onnxruntime-node', 'bufferutil', 'utf-8-validate'];

/** An ESM bundle holds CommonJS packages that call require. */
const requireInEsm = {
  js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
};

/** A CommonJS bundle has no import.meta. */
const metaUrlInCjs = {
  js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
};

export async function bundle(root: string): Promise<Bundled> {
  const started = performance.now();
  const files = (await Promise.all([functions(root), mediaHost(root), tools(root), agentFiles(root)])).flat();
  await forgetAgents(root, files);
  await write(path.join(root, 'dist/.built'), Buffer.from(`${files.join('\n')}\n`));
  return { files, ms: Math.round(performance.now() - started) };
}

/** True when a source file is younger than the last bundle, or there is none. */
export async function isStale(root: string): Promise<boolean> {
  const built = await stat(path.join(root, 'dist/.built')).catch(missing);
  if (!built) return true;
  const sources = ['functions', 'media-host', 'contracts', 'agents'];
  const times = await Promise.all(
    (await Promise.all(sources.map(folder => filesBelow(path.join(root, folder)))))
      .flat()
      .concat(path.join(root, 'package-lock.json'))
      .map(async file => (await stat(file).catch(missing))?.mtimeMs ?? 0),
  );
  const listed = (await readFile(path.join(root, 'dist/.built'), 'utf8')).split('\n').filter(name => name !== '');
  return Math.max(...times) > built.mtimeMs || listed.some(name => !existsSync(path.join(root, 'dist', name)));
}

function functions(root: string): Promise<string[]> {
  return output(root, 'functions', ['functions/main.ts'], {
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: [...native, '@azure/functions-core'],
    banner: metaUrlInCjs,
    define: { 'import.meta.url': 'importMetaUrl' },
  });
}

function mediaHost(root: string): Promise<string[]> {
  const lanes = ['journal', 'speech', 'turn'].map(name => `media-host/lanes/${name}-worker.ts`);
  const entries = ['media-host/main.ts', ...lanes];
  return output(root, 'media-host', entries, {
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    external: native,
    banner: requireInEsm,
  });
}

/** What tools have in common is bundled once: a schema library for each would be most of a host's start. */
async function tools(root: string): Promise<string[]> {
  const found = await filesBelow(path.join(root, 'agents/tools'));
  const entries = found.filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  return output(
    root,
    'agents/tools',
    entries.map(file => path.relative(root, file)),
    { format: 'esm', external: native, banner: requireInEsm, splitting: true, chunkNames: 'shared/[name]-[hash]' },
  );
}

/** Bundles those entries that exist, each to a file of its own name directly in dist/`folder`. */
async function output(root: string, folder: string, entries: string[], options: BuildOptions): Promise<string[]> {
  const present = entries.filter(entry => existsSync(path.join(root, entry)));
  if (present.length === 0) return [];
  const { outputFiles = [] } = await build({
    absWorkingDir: root,
    entryPoints: present.map(entry => ({ in: entry, out: path.basename(entry, '.ts') })),
    outdir: path.join(root, 'dist', folder),
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node22',
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'silent',
    ...options,
  });
  // What others import first: no program finds one without the other.
  const [shared, own] = [true, false].map(first => outputFiles.filter(file => isShared(file.path) === first));
  for (const files of [shared, own]) await Promise.all((files ?? []).map(file => write(file.path, file.contents)));
  return outputFiles.map(file => path.relative(path.join(root, 'dist'), file.path));
}

const isShared = (file: string): boolean => path.basename(path.dirname(file)) === 'shared';

async function agentFiles(root: string): Promise<string[]> {
  const folder = path.join(root, 'agents');
  const texts = (await filesBelow(folder)).filter(file => !file.endsWith('.ts'));
  return Promise.all(
    texts.map(async file => {
      const name = path.join('agents', path.relative(folder, file));
      await write(path.join(root, 'dist', name), await readFile(file));
      return name;
    }),
  );
}

/** An agent or a tool whose source is gone would go on being one. */
async function forgetAgents(root: string, files: readonly string[]): Promise<void> {
  const dist = path.join(root, 'dist');
  const gone = (await filesBelow(path.join(dist, 'agents')))
    .map(file => path.relative(dist, file))
    .filter(file => !files.includes(file) && !file.endsWith('.tmp'));
  await Promise.all(gone.map(file => rm(path.join(dist, file), { force: true })));
}

async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
}

async function write(file: string, contents: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.tmp`;
  await writeFile(fresh, contents);
  await rename(fresh, file);
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
