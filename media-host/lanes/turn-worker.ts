import { loadAgents } from '../../agents/load.ts';
import { readSettings } from '../../contracts/settings.ts';
import { createAzureModel } from '../agent/azure-model.ts';
import { machineClock } from '../clock.ts';
import { controlPlaneClient } from '../control-plane.ts';
import { tokenProvider } from '../identity.ts';
import { createMetrics } from '../observe/metrics.ts';
import type { Epochs, LaneModule, Post } from './lane.ts';
import { stepBack } from './niceness.ts';
import { turnLane } from './turn-lane.ts';
import type { FromTurn, ToTurn } from './turn-messages.ts';
import { serveLane } from './worker-lane.ts';

/** Entry of the turn thread: the agents of the folder and the model of the settings. */
stepBack(5);
const settings = readSettings(process.env, [
  'AGENTS_DIR',
  'AZURE_OPENAI_ENDPOINT',
  'AZURE_OPENAI_API_KEY',
  'LLM_MODEL',
  'AZURE_CLIENT_ID',
  'AZURE_COGNITIVE_SERVICES_SCOPE',
  'BASE_URL',
  'CONTROL_KEY',
]);

const { effect: carryOut } = controlPlaneClient(settings, machineClock, createMetrics());

const agents = await loadAgents(settings.AGENTS_DIR).catch((error: unknown) => error as Error);

const model = createAzureModel({
  endpoint: settings.AZURE_OPENAI_ENDPOINT ?? '',
  key: settings.AZURE_OPENAI_API_KEY,
  token:
    settings.AZURE_OPENAI_API_KEY === undefined
      ? tokenProvider(settings.AZURE_CLIENT_ID, settings.AZURE_COGNITIVE_SERVICES_SCOPE)
      : undefined,
});

serveLane<ToTurn, FromTurn>((post, epochs) =>
  agents instanceof Error ? refusing(post, agents) : thinking(post, epochs, agents),
);

function thinking(post: Post<FromTurn>, epochs: Epochs, loaded: Exclude<typeof agents, Error>): LaneModule<ToTurn> {
  const parts = { agents: loaded, model, defaultModel: settings.LLM_MODEL, clock: machineClock, carryOut };
  return turnLane(post, epochs, parts);
}

/** Nothing starts half-loaded: the media thread prints why and ends the process. */
function refusing(post: Post<FromTurn>, { message }: Error): LaneModule<ToTurn> {
  post({ type: 'not-ready', message });
  return { receive: () => undefined, close: async () => undefined };
}
