import { loadAgents } from '../../agents/loader/load.ts';
import { watchAgents } from '../../agents/loader/watch.ts';
import { callerHash } from '../../contracts/call-id.ts';
import { readSettings } from '../../contracts/settings.ts';
import { rawIdOfTelephone } from '../acs/telephone.ts';
import { createGuards } from '../agent/guards/guards-of-call.ts';
import { createAzureModel } from '../agent/model/azure-model.ts';
import { pricesOf } from '../agent/model/cost.ts';
import { createCircuits } from '../agent/tools/circuit.ts';
import type { ToolSupply } from '../agent/tools/run-tools.ts';
import { machineClock } from '../clock.ts';
import { controlPlaneClient } from '../control/control-plane.ts';
import { bearerFor, warmIdentity } from '../identity.ts';
import { openLog } from '../log.ts';
import { createMetrics } from '../observe/metrics.ts';
import { businessRecords } from '../tool-data.ts';
import type { Epochs, LaneModule, Post } from './lane.ts';
import { stepBack } from './niceness.ts';
import { outlivingStrays } from './strays.ts';
import { type TurnLane, turnLane } from './turn-lane.ts';
import type { FromTurn, ToTurn } from './turn-messages.ts';
import { serveLane } from './worker-lane.ts';

/** Entry of the turn thread: the agents of the folder and the model of the settings. */
stepBack(5);
const settings = readSettings(process.env, [
  'AGENTS_DIR',
  'AGENTS_RELOAD',
  'AZURE_OPENAI_ENDPOINT',
  'AZURE_OPENAI_API_KEY',
  'LLM_MODEL',
  'LLM_FALLBACK_MODEL',
  'LLM_API',
  'LLM_PRICES',
  'AZURE_CLIENT_ID',
  'AZURE_COGNITIVE_SERVICES_SCOPE',
  'BASE_URL',
  'CONTROL_KEY',
  'CALL_SECRET',
  'LOG_LEVEL',
  'COSMOS_ENDPOINT',
  'COSMOS_KEY',
  'COSMOS_DATABASE',
]);
const scope = settings.AZURE_COGNITIVE_SERVICES_SCOPE;
const keyless = settings.AZURE_OPENAI_ENDPOINT !== undefined && settings.AZURE_OPENAI_API_KEY === undefined;
void warmIdentity(settings, keyless ? [scope] : []);

const { effect: carryOut } = controlPlaneClient(settings, machineClock, createMetrics());

const supply: ToolSupply = {
  circuits: createCircuits(),
  ...(settings.COSMOS_ENDPOINT !== undefined && { data: businessRecords(settings) }),
};

const ringsFrom = (hash: string, number: string): boolean =>
  callerHash(settings.CALL_SECRET, rawIdOfTelephone(number)) === hash;

const agents = await loadAgents(settings.AGENTS_DIR).catch((error: unknown) => error as Error);

const model = createAzureModel({
  endpoint: settings.AZURE_OPENAI_ENDPOINT ?? '',
  key: settings.AZURE_OPENAI_API_KEY,
  token: keyless ? bearerFor(settings.AZURE_CLIENT_ID, scope) : undefined,
  api: settings.LLM_API,
});

serveLane<ToTurn, FromTurn>((post, epochs) =>
  agents instanceof Error ? refusing(post, agents) : thinking(post, epochs, agents),
);
// From here on; what fails before is a mistake of ours, and starts nothing.
outlivingStrays(process, kind => openLog(settings.LOG_LEVEL).error({ kind }, 'turn.stray-fault'));

/** Lists of words are made of their notation when they are first asked: here, and not in somebody's first turn. */
function practise(loaded: Exclude<typeof agents, Error>): void {
  for (const name of loaded.scenarios) {
    const scenario = loaded.scenario(name);
    for (const { definition } of scenario.agents.values()) createGuards(scenario, () => definition).foresee(0, 'hello');
  }
}

function thinking(post: Post<FromTurn>, epochs: Epochs, loaded: Exclude<typeof agents, Error>): LaneModule<ToTurn> {
  practise(loaded);
  const models = {
    model,
    defaultModel: settings.LLM_MODEL,
    fallbackModel: settings.LLM_FALLBACK_MODEL,
    prices: pricesOf(settings.LLM_PRICES),
  };
  const parts = { agents: loaded, ...models, clock: machineClock, carryOut, supply, ringsFrom };
  const lane = turnLane(post, epochs, parts);
  return settings.AGENTS_RELOAD === 'on' ? reloading(lane) : lane;
}

/** An edit that is no folder of agents is told, and callers get the agents they got before. */
function reloading(lane: TurnLane): LaneModule<ToTurn> {
  const log = openLog(settings.LOG_LEVEL);
  const watching = watchAgents(settings.AGENTS_DIR, outcome => {
    if (outcome instanceof Error) return log.error({ agents: 'unchanged' }, outcome.message);
    lane.renew(outcome);
    log.info({ agents: 'renewed' }, `calls get the edited agents: ${outcome.scenarios.join(', ')}`);
  });
  return {
    receive: lane.receive,
    close: () => {
      watching.close();
      return lane.close();
    },
  };
}

/** Nothing starts half-loaded: the media thread prints why and ends the process. */
function refusing(post: Post<FromTurn>, { message }: Error): LaneModule<ToTurn> {
  post({ type: 'not-ready', message });
  return { receive: () => undefined, close: async () => undefined };
}
