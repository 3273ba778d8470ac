import { loadAgents } from '../../../agents/loader/load.ts';
import type { Scenario } from '../../../agents/loader/scenario.ts';
import { machineClock } from '../../clock.ts';
import { chanceOf } from '../../testing/chance.ts';
import { type Cast, castOf, learned } from '../cast/cast.ts';
import { handOffName } from '../cast/handoff.ts';
import { emptyHistory, heard, said } from '../history.ts';
import type { ChatModel, ModelEvent, ModelRequest } from '../model/model.ts';
import { createRuntime } from '../runtime.ts';

/**
 * `node media-host/agent/testing/handoff-figures.ts FOLDER HANDOFFS`: what a handoff between agents of the folder costs
 * beside its model, in calls that have already lasted for a while: from the model's wish to the next agent's greeting and
 * to its model's request. Beside it, in the same replies, the same way with a tool that is not there. The model answers at
 * once. One line of JSON; the benchmark starts it and judges.
 */
const [folder = 'agents', most = '1000'] = process.argv.slice(2);
const agents = await loadAgents(folder);
const chance = chanceOf('handoffs');
const samples = { toGreetingMs: [] as number[], toModelMs: [] as number[], floorMs: [] as number[] };
const ways = new Set<string>();

/** A model that first wants a tool that is not there, then a handoff to one of those it is offered, then answers. */
function wishes(): ChatModel & { wish: { kind: 'floor' | 'handoff'; at: number } | undefined } {
  let round = 0;
  const model: ReturnType<typeof wishes> = { wish: undefined, stream: request => answer(request) };

  async function* answer({ tools }: ModelRequest): AsyncGenerator<ModelEvent> {
    if (model.wish) {
      const ms = performance.now() - model.wish.at;
      if (model.wish.kind === 'floor') samples.floorMs.push(ms);
      else samples.toModelMs.push(ms);
    }
    model.wish = undefined;
    const kind = round++ % 3;
    const targets = targetsOf(tools);
    const wanted = kind === 0 ? 'floor' : kind === 1 && targets.length > 0 ? 'handoff' : undefined;
    if (!wanted) yield { type: 'text', delta: 'All right, that is done. Is there anything else?' };
    else {
      const to = targets[chance.between(0, targets.length - 1)];
      const summary = 'The caller wants to know what is owed, and to pay a part of it today.';
      const args = JSON.stringify({ to, reason: 'wants to pay', summary });
      const name = wanted === 'floor' ? 'not_there' : handOffName;
      yield { type: 'tool-call', callId: `call_${round}`, name, arguments: args };
      model.wish = { kind: wanted, at: performance.now() };
    }
    yield { type: 'done', usage: { input: 1, output: 1, cached: 0 }, finish: wanted ? 'tool-calls' : 'stop' };
  }
  return model;
}

function targetsOf(tools: ModelRequest['tools']): string[] {
  const offered = tools.find(({ name }) => name === handOffName)?.parameters as
    | { properties: { to: { enum: string[] } } }
    | undefined;
  return offered?.properties.to.enum ?? [];
}

/** Everything that gates ask for is established. */
function castFor(scenario: Scenario): Cast {
  const needs = [...scenario.agents.keys()].flatMap(name => scenario.handoffsFrom(name).flatMap(edge => edge.needs));
  const facts = [...new Set([...needs, 'tier', 'city', 'language-spoken'])];
  return facts.reduce(
    (cast, name) => learned(cast, { name, value: 'sample-4471', by: 'tool', personal: true }),
    castOf(scenario.start),
  );
}

const pastTurns = 30;
const past = Array.from({ length: pastTurns }, (_, turn) => turn + 1).reduce(
  (history, turn) =>
    heard(said(history, turn, `This is what I wanted to ask you about, number ${turn}, if I may.`), turn, [
      { stint: 0, text: `Of course. Let me tell you all about number ${turn}, it will not take long.` },
    ]),
  emptyHistory,
);

async function call(scenario: Scenario): Promise<void> {
  const agent = scenario.agents.get(scenario.start);
  if (!agent) return;
  const model = wishes();
  let greeted = false;
  let ended: () => void = () => undefined;
  let handedOver = 0;
  const runtime = createRuntime({
    callId: '0'.repeat(32),
    scenario,
    agent,
    cast: castFor(scenario),
    history: past,
    model,
    defaultModel: 'sample',
    isCurrent: () => true,
    now: Date.now,
    monotonicUs: machineClock.monotonicUs,
    emit: event => {
      if (event.type === 'agent-changed') {
        greeted = false;
        handedOver += 1;
        ways.add(`${scenario.name}: ${event.from} → ${event.card.name}`);
      }
      if (event.type === 'sentence' && event.fixed && model.wish?.kind === 'handoff' && !greeted) {
        greeted = true;
        samples.toGreetingMs.push(performance.now() - model.wish.at);
      }
      if (event.type === 'reply-ended' || event.type === 'reply-failed') ended();
    },
  });
  for (let turn = pastTurns + 1; turn < pastTurns + 6; turn++) {
    const before = handedOver;
    const over = new Promise<void>(resolve => {
      ended = resolve;
    });
    runtime.take({ turn, epoch: turn, said: 'I would like to pay my invoice, please.' });
    await over;
    runtime.heard(turn, 'All right, that is done.', false);
    if (handedOver === before) break;
  }
  await runtime.close();
}

const scenarios = agents.scenarios.map(name => agents.scenario(name));
const several = scenarios.filter(({ start, handoffsFrom }) => handoffsFrom(start).length > 0);
if (several.length === 0) throw new Error(`${folder} holds no scenario with handoffs.`);
for (let n = 0; samples.toModelMs.length < Number(most); n++) {
  const scenario = several[n % several.length];
  if (scenario) await call(scenario);
}
process.stdout.write(`${JSON.stringify({ ready: true, ...samples, ways: ways.size })}\n`);
