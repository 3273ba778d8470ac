import path from 'node:path';
import { expect, test } from 'vitest';
import { readTree, type Tree, wrongArrows } from '../commands/arrows.ts';

const imports = (...specifiers: string[]) => specifiers.map(to => `import {} from '${to}';`).join('\n');
const wrong = (tree: Tree) => wrongArrows(tree).join('\n');

test('the imports of this repository follow the arrows of the house', async () => {
  const tree = await readTree(path.join(import.meta.dirname, '..'));
  expect(Object.keys(tree)).toContain('contracts/settings.ts');
  expect(wrongArrows(tree)).toEqual([]);
});

test.each([
  ['functions/a.ts', '../media-host/b.ts', 'functions → media-host'],
  ['media-host/acs/a.ts', '../../functions/acs/b.ts', 'media-host → functions'],
  ['media-host/a.ts', '../emulators/speech/speech.ts', 'media-host → emulators'],
  ['functions/a.ts', '../commands/system.ts', 'functions → commands'],
  ['agents/tools/a.ts', '../../media-host/agent/tools.ts', 'agents → media-host'],
  ['contracts/a.ts', '../agents/b.ts', 'contracts → agents'],
  ['console/a.ts', '../functions/b.ts', 'console → functions'],
  ['emulators/acs/a.ts', '../../contracts/media.ts', 'emulators → contracts'],
  ['emulators/acs/a.test.ts', '../../contracts/media.ts', 'emulators → contracts'],
  ['commands/a.ts', '../functions/b.ts', 'commands → functions'],
  ['commands/a.ts', '../media-host/main.ts', 'commands → media-host'],
  ['bench/a.ts', '../media-host/main.ts', 'bench → media-host'],
  ['test/a.test.ts', '../functions/main.ts', 'test → functions'],
  ['emulators/acs/a.ts', '../speech/speech.ts', 'emulators/acs → emulators/speech'],
  ['emulators/acs/a.ts', '../tone/tone.ts', 'emulators/acs → emulators/tone'],
])('%s may not import %s', (file, to, arrow) => {
  const message = wrong({ [file]: `// first line\n${imports(to)}` });
  expect(message).toContain(`${file}:2`);
  expect(message).toContain(arrow);
});

test('a type-only, re-exported or dynamic import is an arrow too', () => {
  for (const source of [
    "import type { A } from '../media-host/a.ts';",
    "export { a } from '../media-host/a.ts';",
    "const a = await import('../media-host/a.ts');",
  ])
    expect(wrong({ 'functions/a.ts': source })).toContain('functions → media-host');
});

test.each([
  ['functions/a.ts', ['../contracts/b.ts', '../agents/c.ts', './d.ts', '@azure/functions', 'node:fs']],
  ['media-host/turn/a.test.ts', ['../../emulators/speech/speech.ts', './a.ts', 'vitest']],
  ['emulators/caller/a.ts', ['../tone/tone.ts', '../loopback.ts', './b.ts', 'ws']],
  ['emulators/caller/a.test.ts', ['../acs/acs.ts']],
  ['emulators/start.ts', ['./acs/acs.ts', './cosmos/cosmos.ts']],
  ['commands/a.ts', ['../contracts/b.ts', '../emulators/caller/c.ts']],
  ['test/a.test.ts', ['../commands/system.ts', '../contracts/b.ts']],
  ['media-host/acs/a.ts', ['@azure/communication-call-automation']],
])('%s may import its neighbours', (file, specifiers) => {
  expect(wrong({ [file]: imports(...specifiers) })).toBe('');
});

test('one file per program knows an Azure SDK', () => {
  const cosmos = imports('@azure/cosmos');
  expect(wrong({ 'functions/a.ts': cosmos, 'media-host/b.ts': cosmos, 'functions/a.test.ts': cosmos })).toBe('');
  expect(wrong({ 'functions/a.ts': cosmos, 'functions/b.ts': "import type {} from '@azure/cosmos';" })).toMatch(
    /functions\/b\.ts:1: @azure\/cosmos is already imported by functions\/a\.ts/,
  );
  const speech = imports('microsoft-cognitiveservices-speech-sdk');
  expect(wrong({ 'media-host/a.ts': speech, 'media-host/speech/b.ts': speech })).toContain('one file per program');
  const openai = "import {} from 'openai/resources';";
  expect(wrong({ 'media-host/a.ts': openai, 'media-host/b.ts': imports('openai') })).toContain('openai is already');
});

test('the framework of functions is no SDK: every function is written in it', () => {
  const framework = imports('@azure/functions', 'durable-functions');
  expect(wrong({ 'functions/a.ts': framework, 'functions/b.ts': framework })).toBe('');
});

test('ACS is known in one folder on each side', () => {
  expect(wrong({ 'functions/incoming-call.ts': imports('@azure/communication-call-automation') })).toContain(
    'functions/incoming-call.ts:1: @azure/communication-call-automation is imported outside functions/acs',
  );
});
