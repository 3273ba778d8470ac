import path from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Runs chosen stand-ins in one process: `node emulators/start.ts --data DIR [--only acs,speech,chat,cosmos]
 * [--ports '{"acs":0}'] [--script FILE …] [--exit-with-stdin]`. Prints one line of JSON once all listen; SIGTERM, SIGINT
 * or, when asked for, the end of stdin closes them.
 */
interface StandIn {
  close(): Promise<void>;
}

type Start = (port: number) => Promise<{ standIn: StandIn; shown: Record<string, unknown> }>;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    only: { type: 'string', default: 'acs,speech,chat,cosmos' },
    ports: { type: 'string', default: '{}' },
    script: { type: 'string', multiple: true, default: usualScripts() },
    'exit-with-stdin': { type: 'boolean', default: false },
  },
});

const starts: Record<string, Start> = {
  acs: async port => {
    const { startAcs } = await import('./acs/acs.ts');
    const standIn = await startAcs({ port });
    const { url, connectionString, audience, openIdConfigUrl, issuer } = standIn;
    return { standIn, shown: { url, connectionString, audience, openIdConfigUrl, issuer } };
  },
  speech: async port => {
    const { startSpeech } = await import('./speech/speech.ts');
    const standIn = await startSpeech({ port });
    return { standIn, shown: { url: standIn.url, host: standIn.host, key: standIn.key } };
  },
  chat: async port => {
    const { startChat } = await import('./chat/chat.ts');
    const standIn = await startChat({ port, script: values.script });
    return { standIn, shown: { url: standIn.url, key: standIn.key } };
  },
  cosmos: async port => {
    const { startCosmos } = await import('./cosmos/cosmos.ts');
    if (!values.data) throw new Error('--data DIR says where the Cosmos DB stand-in keeps its documents.');
    const standIn = await startCosmos({ port, dir: path.join(values.data, 'cosmos') });
    return { standIn, shown: { url: standIn.url, key: standIn.key } };
  },
  'web-pubsub': async port => {
    const { startWebPubSub } = await import('./web-pubsub/web-pubsub.ts');
    const standIn = await startWebPubSub({ port });
    return { standIn, shown: { url: standIn.url, connectionString: standIn.connectionString } };
  },
  email: async port => {
    const { startEmail } = await import('./email/email.ts');
    if (!values.data) throw new Error('--data DIR says where the e-mail stand-in keeps what is sent.');
    const dir = path.join(values.data, 'email');
    const standIn = await startEmail({ port, dir });
    const { url, connectionString, sender } = standIn;
    return { standIn, shown: { url, connectionString, sender, dir } };
  },
};

const running: StandIn[] = [];
let stopping: Promise<void> | undefined;

try {
  const ports = JSON.parse(values.ports) as Record<string, number>;
  const names = values.only.split(',').filter(name => name !== '');
  const shown = await Promise.all(names.map(name => start(name, ports[name] ?? 0)));
  process.stdout.write(`${JSON.stringify({ ready: true, ...Object.fromEntries(shown) })}\n`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await close();
  process.exit(1);
}

process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
if (values['exit-with-stdin']) {
  for (const event of ['end', 'close']) process.stdin.once(event, () => void stop());
  process.stdin.resume();
}

/** Of all ready scenarios; what stands first is asked first. */
function usualScripts(): string[] {
  const names = ['authentication', 'banking', 'clinic', 'support', 'reception', 'otherwise'];
  return names.map(name => path.join(import.meta.dirname, `chat/scripts/${name}.yaml`));
}

async function start(name: string, port: number): Promise<[string, unknown]> {
  const starter = starts[name];
  if (!starter) throw new Error(`There is no stand-in "${name}". Known: ${Object.keys(starts).join(', ')}.`);
  const began = performance.now();
  const { standIn, shown } = await starter(port);
  running.push(standIn);
  return [name, { ...shown, ms: Math.round(performance.now() - began) }];
}

async function close(): Promise<void> {
  await Promise.allSettled(running.map(standIn => standIn.close()));
}

function stop(): Promise<void> {
  stopping ??= close().then(() => process.exit(0));
  return stopping;
}
