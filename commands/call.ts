import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CallReport } from './call-report.ts';
import { type Asked, planCall, teachWords } from './call-steps.ts';
import { numberOf } from './demo-numbers.ts';
import { type PersonManner, personManners, standBy } from './person.ts';
import { type Outbound, placeCall } from './phone-call.ts';
import { openRecords } from './record-store.ts';
import { findRunning, homeFolder, type Running } from './running.ts';
import { summary } from './summary.ts';
import { createView } from './view.ts';

/** `npm run call`: a phone call to the running system from the terminal. */
const root = path.join(import.meta.dirname, '..');

interface Options {
  words?: string;
  bargeIn?: number;
  mode: 'media' | 'voice_live';
  scenario?: string;
  outbound?: string;
  from?: string;
  to?: string;
  times: number;
  person: PersonManner;
  json?: true;
}

const asked: Asked[] = [];
/** Options that say what the caller does keep their order among each other. */
const then = (make: (text: string) => Asked) => (text: string) => {
  asked.push(make(text));
};
const whole = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
};

const command = new Command('call')
  .description('Phone the running system (start one with: npm start -- --no-call)')
  .option(
    '--say <text>',
    'what the caller says; may be repeated',
    then(say => ({ say })),
  )
  .option(
    '--wav <file>',
    'recorded speech, WAV or raw PCM, 16 kHz 16 bit mono; may be repeated',
    then(wav => ({ wav })),
  )
  .option('--words <text>', 'what the recording says (default: FILE.txt, else the table in README.md beside it)')
  .option('--barge-in <ms>', 'the next utterance begins this long after the agent began to speak', whole)
  .option('--dtmf <keys>', 'keys the caller presses', then(keys))
  .option('--cough <ms>', 'the caller coughs this long while the agent speaks', then(cough))
  .addOption(new Option('--mode <mode>', 'how the call is answered').choices(['media', 'voice_live']).default('media'))
  .option('--scenario <name>', 'which scenario answers, or which agent alone: its number is dialled')
  .option('--outbound <number>', 'let the system call this number instead')
  .addOption(
    new Option('--person <manner>', 'what the people do whom the caller may be handed to')
      .choices(personManners)
      .default('accept'),
  )
  .option('--from <number>', "the caller's number")
  .option('--to <number>', 'the number dialled')
  .option('--times <n>', 'this many calls at once', whole, 1)
  .option('--json', 'print one JSON object per call, and nothing else, on stdout');

try {
  await command.parseAsync();
  await call(command.opts<Options>());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function call(options: Options): Promise<void> {
  refuseWhatIsNotThere(options);
  const running = await findRunning(homeFolder(root, process.env));
  const { acs, speech, cosmos } = running.urls;
  if (!acs)
    throw new Error(
      'Calls from the terminal need the ACS stand-in, but this system uses ACS on Azure: phone its number, or for a scenario the number that NUMBER_SCENARIOS gives it.',
    );
  if (!cosmos) throw new Error('The running system has no Cosmos DB to read the record from.');
  const { steps, recordings } = await planCall(asked, { bargeInMs: options.bargeIn, words: options.words });
  if (speech) for (const recording of recordings) await teachWords(speech, recording);
  const store = openRecords({ endpoint: cosmos, key: running.keys.cosmos, database: running.database });
  const to = options.to ?? numberFor(options, running);
  const alone = options.times === 1;
  const view = createView(options.json ? process.stderr : process.stdout);
  const over = new AbortController();
  const people = peopleAt(running.handoffTargets ?? [], acs, options, over.signal, view.note);
  try {
    const calls = Array.from({ length: options.times }, () =>
      placeCall({
        ...{ acsUrl: acs, store, steps, from: options.from, to, outbound: outboundOf(options, running) },
        ...(alone && { onEvent: view.show }),
        // While a phone rings for nobody the agent speaks now and then.
        ...(options.person === 'no-answer' && { replyGapMs: ringingGapMs }),
      }),
    );
    const reports = await Promise.all(calls);
    for (const report of reports) show(report, options.json === true);
    const lost = reports.filter(report => !report.record).length;
    if (lost > 0)
      throw new Error(`${lost === 1 ? 'A record was' : `${lost} records were`} not final 5 s after the end.`);
  } finally {
    over.abort();
    await Promise.all(people);
    store.close();
  }
}

/** One phone for each of them: who has a call already is not rung again. */
function peopleAt(
  numbers: readonly string[],
  acsUrl: string,
  { person }: Options,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<void>[] {
  return numbers.map(number => standBy({ acsUrl, number, manner: person, signal, note }));
}

function outboundOf({ outbound, mode, scenario }: Options, { urls, keys }: Running): Outbound | undefined {
  return outbound === undefined
    ? undefined
    : { number: outbound, mode, scenario, functionsUrl: urls.functions, hostKey: keys.host };
}

/** A call that comes in is answered by what its number leads to. */
function numberFor({ scenario, outbound }: Options, { scenarios }: Running): string | undefined {
  if (scenario === undefined || outbound !== undefined || !scenarios) return undefined;
  return numberOf(scenario, scenarios);
}

/** Longer than the agent ever leaves a caller in silence. */
const ringingGapMs = 5000;

function show(report: CallReport, json: boolean): void {
  console.log(json ? JSON.stringify(report) : summary(report));
}

function refuseWhatIsNotThere({ mode, scenario, to, outbound, times }: Options): void {
  if (mode === 'voice_live')
    throw new Error('--mode voice_live: this deployment does not offer Voice Live yet; use --mode media.');
  if (outbound !== undefined && times > 1) throw new Error('--outbound: one phone takes one call; leave --times out.');
  if (scenario !== undefined && to !== undefined)
    throw new Error('--scenario: the number that is dialled decides which scenario answers; leave --to out.');
}

function keys(text: string): Asked {
  if (!/^[0-9*#A-Da-d]+$/.test(text)) throw new InvalidArgumentError('Keys are 0 to 9, *, # and A to D.');
  return { dtmf: text };
}

function cough(text: string): Asked {
  return { coughMs: whole(text) };
}
