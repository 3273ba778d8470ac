import path from 'node:path';
import { Command } from 'commander';
import { demoConversation } from './demo.ts';
import { placeCall } from './phone-call.ts';
import { standInsFor } from './plan.ts';
import { preferredPorts } from './ports.ts';
import { brokenPromises } from './promises.ts';
import { openRecords } from './record-store.ts';
import { claimHome, homeFolder, readRunning, releaseHome } from './running.ts';
import { readValues, type Values } from './settings-file.ts';
import { summary } from './summary.ts';
import { type System, startSystem } from './system.ts';
import { createView, type View } from './view.ts';

/** `npm start`: the whole system, and one call to it that shows it works. */
const root = path.join(import.meta.dirname, '..');

interface Options {
  call: boolean;
  once?: true;
  json?: true;
}

const command = new Command('start')
  .description('Start everything, ring once and show that call, stay up until Ctrl-C')
  .option('--no-call', 'only start')
  .option('--once', 'end after the call and its record: 0 when all that is promised held')
  .option('--json', 'print the call as one JSON object on stdout, and all else on stderr');

/** Nobody's: what the stand-in sends them lands in a folder. */
const demoOperators: Values = { SUMMARY_EMAIL_TO: 'operators@switchboard.example' };

let system: System | undefined;
/** Set while a call is shown: what else is to be said then goes between its lines. */
let view: View | undefined;
let claimed: string | undefined;
let asked = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void leave());

try {
  await command.parseAsync();
  await start(command.opts<Options>());
} catch (error) {
  console.error((error as Error).message);
  await stop();
  process.exit(1);
}

async function start({ call, once, json }: Options): Promise<void> {
  const out = json ? process.stderr : process.stdout;
  const line = (text: string) => (view ? view.note(text) : void out.write(`${text}\n`));
  const began = performance.now();
  const wished = homeFolder(root, process.env);
  const before = await readRunning(wished);
  if (before.kind === 'stale')
    line(`  The last system (process ${before.pid}) ended without tidying up; its state is replaced.`);
  // Whoever starts everything on one machine edits agents there.
  const given = await readValues(path.join(root, 'local.settings.json'), process.env);
  const operators: Values = standInsFor(given).includes('email') ? demoOperators : {};
  const settings: Values = { AGENTS_RELOAD: 'on', ...operators, ...given };
  const home = await claimHome(wished);
  claimed = home;
  const ports = { ...preferredPorts, ...(settings['PORT'] && { mediaHost: Number(settings['PORT']) }) };
  const options = { dir: home, settings, functionsHost: process.env['FUNCTIONS_HOST'] ?? '', onLine: line };
  try {
    system = await startSystem({ ...options, ports });
  } catch (error) {
    if (!/EADDRINUSE|Port \d+ is in use/.test((error as Error).message)) throw error;
    line('  A port was taken in the same moment; starting on other ports.');
    system = await startSystem(options);
  }
  line(`  ready in ${Math.round(performance.now() - began)} ms`);
  if (home !== wished) line(`  Another system runs already. To talk to this one: SWITCHBOARD_HOME=${shown(home)}`);
  if (!system.acsUrl) line(webhook(system));
  const broken = call && system.acsUrl ? await ring(system, json === true, line) : [];
  for (const sentence of broken) console.error(`✗ ${sentence}`);
  if (once) {
    await stop();
    process.exit(broken.length > 0 ? 1 : 0);
  }
  line('\nPhone it:      npm run call -- --say "When are you open on Saturday?"');
  line('Ask for calls: npm run records -- --list');
  line(`Logs:          ${shown(home)}/*.log        Stop: Ctrl-C`);
}

/** Where the ACS of the settings is to send its rings. */
function webhook({ settings, hostKey }: System): string {
  const address = `${settings['BASE_URL']}/api/v1/calls/incoming?code=${hostKey || '<a function key>'}`;
  return `\nCalls come from the ACS that the settings name. Its IncomingCall events go to\n  ${address}`;
}

/** A folder as one would type it. */
function shown(folder: string): string {
  const below = path.relative(root, folder);
  return below.startsWith('..') ? folder : below;
}

/** @returns what the call promised and did not keep */
async function ring(
  { acsUrl = '', settings, home }: System,
  json: boolean,
  line: (text: string) => void,
): Promise<string[]> {
  const store = openRecords({
    endpoint: settings['COSMOS_ENDPOINT'] ?? '',
    key: settings['COSMOS_KEY'],
    database: settings['COSMOS_DATABASE'] ?? 'voice',
  });
  line('');
  view = createView(json ? process.stderr : process.stdout);
  try {
    const report = await placeCall({ acsUrl, store, steps: demoConversation, onEvent: view.show });
    view = undefined;
    line(`\n${summary(report)}`);
    if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
    return brokenPromises(report, { turns: demoConversation.length });
  } catch (error) {
    return [`${(error as Error).message} The programs' own words are in ${shown(home)}/*.log`];
  } finally {
    view = undefined;
    store.close();
  }
}

async function stop(): Promise<void> {
  await system?.stop();
  if (claimed !== undefined) await releaseHome(claimed);
}

/** The first Ctrl-C stops in order, the second kills. */
async function leave(): Promise<void> {
  asked++;
  if (asked > 1) system?.abandon();
  else await stop();
  process.exit(asked > 1 ? 130 : 0);
}
