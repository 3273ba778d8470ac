import path from 'node:path';
import { bundle } from './bundle.ts';

/** `npm run build`: silent when all is well; `-- --verbose` lists what was written. */
const root = path.join(import.meta.dirname, '..');

try {
  const { files, ms } = await bundle(root);
  if (process.argv.includes('--verbose')) {
    for (const file of files) console.log(`dist/${file}`);
    console.log(`${files.length} files in ${ms} ms`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
