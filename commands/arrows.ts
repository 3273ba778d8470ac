import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { importsOf } from './imports.ts';

/**
 * Who may import whom. The two programs share only a language (contracts, agents), and the stand-ins share nothing with
 * us: a mistake made on both sides of a wire would pass every test.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  functions: ['contracts', 'agents'],
  'media-host': ['contracts', 'agents'],
  agents: ['contracts'],
  contracts: [],
  console: ['contracts'],
  emulators: [],
  commands: ['contracts', 'agents', 'emulators'],
  test: ['contracts', 'agents', 'emulators', 'commands'],
  bench: ['contracts', 'agents', 'emulators', 'commands'],
};

/** Rooms of programs that run somewhere: in each, one file knows a given Azure SDK. */
const programs = ['functions', 'media-host', 'commands'];
const azureSdk = /^(@azure\/|@azure-rest\/|openai$|microsoft-cognitiveservices-speech-sdk$)/;
/** The framework functions are written in, not a service they call. */
const framework = /^@azure\/(functions|functions-core)$/;
const acsSdk = /^@azure\/communication-call-automation$/;

/** Path below the root, with forward slashes, to the file's text. */
export type Tree = Readonly<Record<string, string>>;

interface Edge {
  file: string;
  line: number;
  /** A file below the root, or the name of a package. */
  to: string;
  inTree: boolean;
}

/** Every wrong import of the tree, each as `file:line: what is wrong`. */
export function wrongArrows(tree: Tree): string[] {
  const edges = Object.entries(tree).flatMap(([file, text]) => edgesOf(file, text));
  const ours = edges.filter(edge => edge.inTree);
  const packages = edges.filter(edge => !edge.inTree && !isTest(edge.file));
  return [...ours.map(wrongRoom), ...packages.map(wrongAcs), ...sharedSdks(packages)].filter(
    text => text !== undefined,
  );
}

/** Reads all .ts files of the rooms named above. */
export async function readTree(root: string): Promise<Tree> {
  const texts: Record<string, string> = {};
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (!entry.isDirectory() || !(entry.name in mayImport)) continue;
    const folder = path.join(root, entry.name);
    for (const name of await readdir(folder, { recursive: true })) {
      if (!name.endsWith('.ts') || name.includes('node_modules')) continue;
      texts[`${entry.name}/${name.split(path.sep).join('/')}`] = await readFile(path.join(folder, name), 'utf8');
    }
  }
  return texts;
}

function edgesOf(file: string, text: string): Edge[] {
  return importsOf(text).map(({ specifier, line }) =>
    specifier.startsWith('.')
      ? { file, line, to: path.posix.join(path.posix.dirname(file), specifier), inTree: true }
      : { file, line, to: packageOf(specifier), inTree: false },
  );
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const roomOf = (file: string): string => file.split('/')[0] ?? '';
const isTest = (file: string): boolean => file.endsWith('.test.ts');
const at = (edge: Edge): string => `${edge.file}:${edge.line}`;

function wrongRoom(edge: Edge): string | undefined {
  const from = roomOf(edge.file);
  const to = roomOf(edge.to);
  if (from === 'emulators' && to === 'emulators') return wrongEmulator(edge);
  if (from === to || to === 'package.json') return undefined;
  const allowed = mayImport[from] ?? [];
  if (allowed.includes(to) || (isTest(edge.file) && to === 'emulators')) return undefined;
  const may = allowed.length > 0 ? allowed.join(', ') : 'nothing of ours';
  return `${at(edge)}: ${from} → ${to} is no arrow of this house (imports ${edge.to}; ${from} may import ${may})`;
}

/** A stand-in knows its own folder, the loopback door, and nothing else; the voice is shared by who speaks and who hears. */
function wrongEmulator(edge: Edge): string | undefined {
  const own = edge.file.split('/')[1] ?? '';
  const other = edge.to.split('/')[1] ?? '';
  if (isTest(edge.file) || own === 'start.ts' || own === other || other === 'loopback.ts') return undefined;
  if (other === 'tone' && (own === 'speech' || own === 'caller')) return undefined;
  return `${at(edge)}: emulators/${own} → emulators/${other} is no arrow of this house (a stand-in imports its own folder and emulators/loopback.ts)`;
}

function wrongAcs(edge: Edge): string | undefined {
  const outside = ['emulators', 'test', 'bench'].includes(roomOf(edge.file));
  if (outside || !acsSdk.test(edge.to) || /^(functions|media-host)\/acs\//.test(edge.file)) return undefined;
  return `${at(edge)}: ${edge.to} is imported outside functions/acs and media-host/acs, where all knowledge of ACS stays`;
}

function sharedSdks(edges: readonly Edge[]): string[] {
  const users = new Map<string, Edge[]>();
  for (const edge of edges) {
    if (!programs.includes(roomOf(edge.file)) || !azureSdk.test(edge.to) || framework.test(edge.to)) continue;
    const key = `${roomOf(edge.file)} ${edge.to}`;
    const known = users.get(key) ?? [];
    if (!known.some(user => user.file === edge.file)) users.set(key, [...known, edge]);
  }
  return [...users.values()]
    .filter(list => list.length > 1)
    .map(list => {
      const [first, ...others] = list as [Edge, ...Edge[]];
      return `${others.map(at).join(', ')}: ${first.to} is already imported by ${first.file}; one file per program knows an Azure SDK`;
    });
}
