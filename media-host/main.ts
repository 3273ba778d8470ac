import { randomBytes } from 'node:crypto';
import { callSecret } from '../contracts/call-id.ts';
import { CallError } from '../contracts/error.ts';
import { type AdmissionRequest, mediaPath, streamingMode } from '../contracts/media.ts';
import { readSettings } from '../contracts/settings.ts';
import { createTokenCheck } from './acs/token.ts';
import { recallCaller } from './caller-memory.ts';
import { createCalls, type TakenOver } from './calls.ts';
import { createCards } from './cards.ts';
import { machineClock } from './clock.ts';
import { channelAddress, createControlChannel } from './control/control-channel.ts';
import { controlPlaneClient } from './control/control-plane.ts';
import { drainCalls } from './control/draining.ts';
import { startHeartbeat } from './control/heartbeat.ts';
import { madeAhead } from './dialogue/made-ahead.ts';
import { warmIdentity } from './identity.ts';
import { createArchive } from './journal/archive.ts';
import { resume } from './journal/resume.ts';
import type { FromJournal, ToJournal } from './lanes/journal-lane.ts';
import { createEpochs } from './lanes/lane.ts';
import type { FromSpeech, ToSpeech } from './lanes/speech-lane.ts';
import type { FromTurn, ToTurn } from './lanes/turn-messages.ts';
import { workerLane } from './lanes/worker-lane.ts';
import { openLog } from './log.ts';
import { callMaker } from './modes/mode.ts';
import { watchLoopDelay } from './observe/loop-delay.ts';
import { createMetrics } from './observe/metrics.ts';
import { startServer } from './server.ts';
import { createTicker } from './ticker.ts';

/** What an operator can mend is told in a sentence, not in a stack. */
function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** The media host: composes its parts, listens, and drains on SIGTERM. */
const settings = orExit(() =>
  readSettings(process.env, [
    'HOST',
    'PORT',
    'BASE_URL',
    'MEDIA_HOST_PUBLIC_URL',
    'CALL_SECRET',
    'CONTROL_KEY',
    'LOG_LEVEL',
    'ACS_RESOURCE_ID',
    'ACS_STREAMING_MODE',
    'ACS_ISSUER',
    'ACS_OPENID_CONFIG_URL',
    'SCENARIO',
    'NUMBER_SCENARIOS',
    'CALLER_MEMORY_HOURS',
    'AGENTS_DIR',
    'MAX_CALLS',
    'PLAYOUT_LEAD_MS',
    'SPEECH_SEGMENTATION_MS',
    'DRAIN_SECONDS',
    'VOICE_ACTIVITY',
    'WEB_PUBSUB_CONNECTION_STRING',
    'WEB_PUBSUB_ENDPOINT',
    'AZURE_CLIENT_ID',
  ]),
);
orExit(() => callMaker(settings.ACS_STREAMING_MODE));
const log = openLog(settings.LOG_LEVEL);
const hostId = `mh-${randomBytes(4).toString('hex')}`;
const metrics = createMetrics();
const loopDelay = watchLoopDelay();
const ticker = createTicker();
const epochs = createEpochs(settings.MAX_CALLS);

const leaveWithinMs = 3000;

/** The speech thread ends first: a process that exits while the voice detector's model loads or runs is aborted by it. */
function leave(): Promise<never> {
  setTimeout(() => process.exit(1), leaveWithinMs);
  return speech.close().then(() => process.exit(1));
}

const die = (error: Error): void => {
  log.fatal({ err: error }, 'the media host cannot go on');
  void leave();
};

let pools: Extract<FromSpeech, { type: 'pools' }> | undefined;
let voiceDetector: Extract<FromSpeech, { type: 'watching' }>['detector'] | undefined;
const cards = createCards(settings.AGENTS_DIR);
/** Those that numbers lead to: what their agents say unasked is made ahead. */
const answering = [
  settings.SCENARIO,
  ...(settings.NUMBER_SCENARIOS ?? []).map(entry => entry.slice(entry.indexOf('=') + 1)),
];
const agentsReady = Promise.withResolvers<void>();

function watching(detector: NonNullable<typeof voiceDetector>): void {
  voiceDetector = detector;
  if (detector === 'level' && settings.VOICE_ACTIVITY === 'auto')
    log.warn(
      { voiceDetector },
      'Silero cannot be had here: voices are told by level, and a long cough is more often taken for one. Run npm ci with optional packages, or set VOICE_ACTIVITY to level.',
    );
}

const speech = workerLane<ToSpeech, FromSpeech>(
  'speech-worker',
  epochs,
  message => {
    if (message.type === 'pools') pools = message;
    else if (message.type === 'watching') watching(message.detector);
    else calls.byNumber(message.call)?.hear(message);
  },
  die,
);
const turns = workerLane<ToTurn, FromTurn>(
  'turn-worker',
  epochs,
  message => {
    if (message.type === 'ready') {
      cards.renew(message.scenarios);
      for (const message of cards.all(answering).flatMap(madeAhead)) speech.post(message);
      agentsReady.resolve();
    } else if (message.type === 'not-ready') die(new Error(message.message));
    else calls.byNumber(message.call)?.think(message);
  },
  die,
);

const control = controlPlaneClient(settings, machineClock, metrics);
const journals = workerLane<ToJournal, FromJournal>('journal-worker', epochs, message => archive.hear(message), die);
const archive = createArchive(journals, machineClock, metrics);

const calls = createCalls({
  places: settings.MAX_CALLS,
  clock: machineClock,
  metrics,
  create,
});

const channelAt = orExit(() => channelAddress(settings, hostId));
const channel =
  channelAt &&
  createControlChannel({ address: channelAt, told: (callId, message) => calls.find(callId)?.told(message), metrics });

function create(admission: AdmissionRequest, number: number, cell: number, takenOver?: TakenOver) {
  const agent = cards.agent(admission, takenOver?.resumption.cast);
  /** Nobody who may end the call can be reached: a closed socket is all that is left to tell that we are done with it. */
  const leaveUnheard = () => {
    log.error({ callId: admission.callId }, 'the control plane took no hang-up; the media socket is closed');
    void call.end('failed', 1011);
  };
  const recalled = Promise.withResolvers<void>();
  const call = callMaker(admission.mode)({
    number,
    cell,
    admission,
    agent,
    hostId,
    leadMs: settings.PLAYOUT_LEAD_MS,
    segmentationMs: settings.SPEECH_SEGMENTATION_MS,
    journal: archive.open(number, admission.callId, agent.name, takenOver?.events ?? []),
    resumption: takenOver?.resumption,
    facts: takenOver?.facts ?? admission.facts,
    recalled: recalled.promise,
    hangUp: (callId, _, reason) => control.conversationOver(callId, leaveUnheard, reason),
    person: { ask: control.askForPerson, cancel: control.cancelPerson },
    speech,
    turns,
    epochs,
    clock: machineClock,
    ticker,
    metrics,
    log,
  });
  const memory = { archive, turns, metrics, hours: settings.CALLER_MEMORY_HOURS };
  void recallCaller(memory, number, admission.callerHash).then(recalled.resolve);
  channel?.join(call.callId);
  void call.over.then(() => channel?.leave(call.callId));
  return call;
}

/** A live call that this host was not told about: its document says who it is, its journal where it stood. */
async function adopt(callId: string) {
  await calls.settled(callId);
  const { known, events, mark, facts } = await archive.recall(callId);
  if (known?.state !== 'live' || calls.draining) return undefined;
  const resumption = resume(events, mark);
  if (resumption.handedOver) return undefined;
  const { mode, direction, callerHash } = known;
  const goesOn = cards.goesOn(resumption, known);
  const admission = { callId, mode: streamingMode.parse(mode), ...goesOn, direction, callerHash };
  return calls.admit(admission, { events, resumption, facts });
}

async function timed(check: () => Promise<unknown>): Promise<{ ok: boolean; ms: number; code?: string }> {
  const start = performance.now();
  try {
    await check();
    return { ok: true, ms: Math.round(performance.now() - start) };
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return { ok: false, ms: Math.round(performance.now() - start), code: String(code ?? 'unreachable') };
  }
}

const keylessChannel = channelAt !== undefined && settings.WEB_PUBSUB_CONNECTION_STRING === undefined;
await warmIdentity(settings, keylessChannel ? ['https://webpubsub.azure.com/.default'] : []);
await agentsReady.promise;
try {
  cards.scenario(settings.SCENARIO);
} catch (error) {
  die(error as Error);
  await leave();
}

const publicUrl = () => (settings.MEDIA_HOST_PUBLIC_URL ?? `ws://${settings.HOST}:${server.port}`).replace(/\/$/, '');
const server = await startServer({
  host: settings.HOST,
  port: settings.PORT,
  hostId,
  callSecretKey: settings.CALL_SECRET,
  controlKey: settings.CONTROL_KEY,
  mediaUrl: callId => `${publicUrl()}${mediaPath}/${callId}.${callSecret(settings.CALL_SECRET, 'media', callId)}`,
  checkToken: createTokenCheck({
    openIdConfigUrl: settings.ACS_OPENID_CONFIG_URL,
    issuer: settings.ACS_ISSUER,
    audience: settings.ACS_RESOURCE_ID,
  }),
  calls,
  adopt,
  ready: async () => ({ cosmos: await timed(archive.ping) }),
  gauges: () => ({
    voiceDetector,
    loop: loopDelay.read(),
    speech: pools && { pools: pools.pools, fixed: pools.fixed },
    control: channel?.gauge,
  }),
  version: process.env['npm_package_version'] ?? '0.1.0',
  metrics,
  log,
});

process.stdout.write(`${JSON.stringify({ ready: true, url: `http://${settings.HOST}:${server.port}`, hostId })}\n`);

const heartbeat = startHeartbeat({
  clock: machineClock,
  metrics,
  read: () => ({
    hostId,
    places: settings.MAX_CALLS,
    calls: calls.ids(),
    draining: calls.draining,
    loopP99Ms: loopDelay.read().p99Ms,
  }),
  send: control.heartbeat,
});

async function drain(): Promise<void> {
  const emptied = drainCalls(calls, { clock: machineClock, patienceMs: settings.DRAIN_SECONDS * 1000 });
  log.info({ calls: calls.taken }, 'draining');
  heartbeat.now();
  await emptied;
  await Promise.all([heartbeat.close(), channel?.close(), server.close()]);
  ticker.close();
  await Promise.all([speech.close(), turns.close(), journals.close()]);
}

process.once('SIGTERM', () => void drain().then(() => process.exit(0), die));
process.once('SIGINT', () => void drain().then(() => process.exit(0), die));
