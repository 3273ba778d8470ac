import { expect, test } from 'vitest';
import { importsOf } from './imports.ts';

const specifiers = (source: string) => importsOf(source).map(({ specifier }) => specifier);

test('every way to import is found', () => {
  const source = `
import 'side-effect';
import one, { two as three } from "./static.ts";
import type { Four } from './type-only.ts';
import * as five
  from './several-lines.ts';
export { six } from './re-export.ts';
export * as seven from './star.ts';
export type { Eight } from './re-exported-type.ts';
const nine = await import('./dynamic.ts');
type Ten = import('./in-a-type.ts').Ten;
const eleven = require('./required.cjs');
`;
  expect(specifiers(source)).toEqual([
    'side-effect',
    './static.ts',
    './type-only.ts',
    './several-lines.ts',
    './re-export.ts',
    './star.ts',
    './re-exported-type.ts',
    './dynamic.ts',
    './in-a-type.ts',
    './required.cjs',
  ]);
});

test('words in strings, comments, templates and patterns are no imports', () => {
  const source = [
    "// import a from './comment.ts'",
    "/* import b from './block.ts' */",
    `const text = "import c from './string.ts'";`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template is what is read
    "const template = `import d from './template.ts' ${nested(`import e from './nested.ts'`)} export * from './f.ts'`;",
    "const pattern = /import g from '.\\/pattern.ts'/;",
    'const half = 4 / 2; const quote = /["]/;',
    'export const from = import.meta.url;',
    "export function exported() { return loader.import('./method.ts'); }",
  ].join('\n');
  expect(specifiers(source)).toEqual([]);
});

test('an import inside a template expression is one, and lines are counted', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template is what is read
  expect(importsOf("/* two\nlines */\nconst x = `a\n${await import('./late.ts')}`;")).toEqual([
    { specifier: './late.ts', line: 4 },
  ]);
});
