import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { loadApp } from './app-loader.ts';
import { CoreModule } from './core-module.ts';
import { type DurableKind, refusal } from './durable/callable.ts';
import { decisionEvent } from './durable/decisions.ts';
import { EventType, type HistoryEvent } from './durable/history.ts';
import { replay } from './durable/replay.ts';
import { type Instance, isTerminal } from './durable/store.ts';
import { functionTable } from './function-table.ts';
import { Invoker } from './invocation.ts';

/*
 * node replay-check.ts --app DIR --data DIR
 * Replays every recorded episode through today's code, without running an activity, and compares the decisions. Prints
 * one JSON line {"episodes": n, "differences": […]}; exits 1 when there is a difference.
 */

const decisionTypes = new Set<number>([
  EventType.TaskScheduled,
  EventType.SubOrchestrationInstanceCreated,
  EventType.TimerCreated,
  EventType.EventSent,
]);

interface Recorded {
  /** What the orchestrator saw, the episode's own events marked as new. */
  seen: HistoryEvent[];
  decisions: HistoryEvent[];
  terminated: boolean;
  last: boolean;
}

const { values } = parseArgs({ options: { app: { type: 'string' }, data: { type: 'string' } } });
if (!values.app || !values.data) throw new Error('Usage: node replay-check.ts --app DIR --data DIR');
const appDir = path.resolve(values.app);
const db = new DatabaseSync(path.join(values.data, 'functions-host.sqlite'), { readOnly: true });

const silent = (): void => undefined;
const core = new CoreModule(silent);
process.env['WEBSITE_HOSTNAME'] ??= '127.0.0.1:7071';
await loadApp(appDir, core);
const functions = functionTable(core.functions.values()).durable;
const invoker = new Invoker({ core, input: () => ({ string: '{}' }), output: () => Promise.resolve() });
const replayer = {
  functions,
  invoke: (fn: Parameters<Invoker['invoke']>[0], trigger: Parameters<Invoker['invoke']>[1]['trigger']) =>
    invoker.invoke(fn, { trigger }),
  refusal: (kind: DurableKind, name: string) => refusal(functions, kind, name),
  log: silent,
};

let episodes = 0;
const differences: { instanceId: string; episode: number; recorded: unknown; today: unknown }[] = [];
for (const instance of db.prepare('SELECT * FROM instances').all() as unknown as Instance[]) {
  const recorded = recordedEpisodes(historyOf(instance.instanceId));
  for (const [index, episode] of recorded.entries()) {
    if (episode.terminated) continue;
    episodes += 1;
    const expected = expectation(instance, episode);
    const today = await conclusion(instance, episode);
    if (JSON.stringify(expected) !== JSON.stringify(today)) {
      differences.push({ instanceId: instance.instanceId, episode: index, recorded: expected, today });
    }
  }
}
process.stdout.write(`${JSON.stringify({ episodes, differences })}\n`);
process.exit(differences.length === 0 ? 0 : 1);

function historyOf(instanceId: string): HistoryEvent[] {
  const rows = db.prepare('SELECT event FROM history WHERE instanceId = ? ORDER BY seq').all(instanceId);
  return rows.map(row => JSON.parse(String(row['event'])) as HistoryEvent);
}

function recordedEpisodes(history: HistoryEvent[]): Recorded[] {
  const found: Recorded[] = [];
  let from = 0;
  history.forEach((event, index) => {
    if (event.EventType !== EventType.OrchestratorCompleted) return;
    const own = history.slice(from, index);
    const isSeen = ({ EventType: type }: HistoryEvent): boolean =>
      !decisionTypes.has(type) && type !== EventType.ExecutionCompleted;
    found.push({
      seen: [...history.slice(0, from), ...own.filter(isSeen).map(seen => ({ ...seen, IsPlayed: false }))],
      decisions: own.filter(({ EventType: type }) => decisionTypes.has(type)),
      terminated: own.some(({ EventType: type }) => type === EventType.ExecutionTerminated),
      last: index === history.length - 1,
    });
    from = index + 1;
  });
  return found;
}

function expectation(instance: Instance, { decisions, last }: Recorded): unknown {
  const ended = last && isTerminal(instance.status);
  return { decisions: decisions.map(shape), ...(ended ? { status: instance.status, output: instance.output } : {}) };
}

async function conclusion(instance: Instance, { seen }: Recorded): Promise<unknown> {
  const { verdict } = await replay(replayer, instance, seen);
  const decisions = (verdict.walked?.decisions ?? []).map(decision => shape(decisionEvent(decision, 0)));
  return { decisions, ...(verdict.kind === 'ends' ? { status: verdict.status, output: verdict.output } : {}) };
}

function shape({ Timestamp: _, IsPlayed: __, ...members }: HistoryEvent): unknown {
  return Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
}
