import { parseArgs } from 'node:util';
import { startCosmos } from './cosmos.ts';

/** Starts the stand-in alone: `node emulators/cosmos/main.ts --dir .cosmos --port 8081`. Prints one JSON line when ready. */
const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    port: { type: 'string', default: '0' },
    key: { type: 'string' },
    fsync: { type: 'boolean', default: false },
  },
});

const { dir, key } = values;
const cosmos = await startCosmos({
  port: Number(values.port),
  fsync: values.fsync,
  log: line => process.stderr.write(`${line}\n`),
  ...(dir !== undefined && { dir }),
  ...(key !== undefined && { key }),
});
process.stdout.write(`${JSON.stringify({ ready: true, url: cosmos.url, key: cosmos.key })}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cosmos.close().then(() => process.exit(0)));
}
