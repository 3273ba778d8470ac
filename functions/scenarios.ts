import { type ScenarioEntry, scenarioEntries } from '../agents/loader/entry-agents.ts';
import type { CallOpening } from '../contracts/call-record.ts';
import { CallError } from '../contracts/error.ts';
import type { AdmissionRequest, StreamingMode } from '../contracts/media.ts';
import { isAmong, type Party } from './acs/event-grid.ts';
import { rawIdOf } from './acs/identifier.ts';
import type { ControlSettings } from './settings.ts';

/** Which scenario answers, and who in it takes the caller first. The folder of the agents is read once. */
export interface Scenarios {
  /** @throws CallError where the folder cannot be read, or a setting names a scenario that is not in it. */
  ready(): Promise<void>;
  /** By the number of ours that is rung. */
  ofNumber(rung: Party): Promise<Entry>;
  /**
   * For a call that we place.
   * @param callerId the number of ours that people see
   */
  asked(wish: { scenario?: string | undefined; agent?: string | undefined }, callerId?: string): Promise<Wished>;
}

export type Entry = Required<Pick<CallOpening, 'scenario' | 'entryAgent'>>;

/** `unknown`: a sentence that names what is known. */
export type Wished = Entry | { unknown: string };

type Rules = Pick<ControlSettings, 'SCENARIO' | 'NUMBER_SCENARIOS' | 'AGENTS_DIR'>;

export function scenariosOf({ SCENARIO, NUMBER_SCENARIOS, AGENTS_DIR }: Rules): Scenarios {
  const byNumber = NUMBER_SCENARIOS.map(line => {
    const at = line.indexOf('=');
    return { number: line.slice(0, at).trim(), scenario: line.slice(at + 1) };
  });
  let reading: Promise<ReadonlyMap<string, ScenarioEntry>> | undefined;
  const entries = () => {
    reading ??= scenarioEntries(AGENTS_DIR);
    return reading;
  };

  const nameFor = (rung: Party) => byNumber.find(({ number }) => isAmong(rung, [number]))?.scenario ?? SCENARIO;
  const entryOf = async (scenario: string): Promise<Entry> => {
    const known = await entries();
    const found = known.get(scenario);
    if (found) return { scenario, entryAgent: found.start };
    throw new CallError('SCENARIO_UNKNOWN', { scenario, folder: AGENTS_DIR, known: [...known.keys()].join(', ') });
  };

  return {
    async ready() {
      for (const scenario of [SCENARIO, ...byNumber.map(each => each.scenario)]) await entryOf(scenario);
    },

    ofNumber: rung => entryOf(nameFor(rung)),

    async asked({ scenario, agent }, callerId) {
      const known = await entries();
      const usual = callerId === undefined ? SCENARIO : nameFor({ rawId: rawIdOf(callerId) });
      // An agent that is asked for by name alone is a scenario of its own.
      const name = scenario ?? agent ?? usual;
      const found = known.get(name);
      if (!found)
        return { unknown: `There is no ${scenario ? 'scenario' : 'agent'} "${name}". Known: ${list(known.keys())}.` };
      if (agent !== undefined && !found.agents.includes(agent))
        return { unknown: `"${agent}" is no agent of "${name}". Known: ${list(found.agents)}.` };
      return { scenario: name, entryAgent: agent ?? found.start };
    },
  };
}

const list = (names: Iterable<string>): string => [...names].sort().join(', ');

/** What the media host is told of a call that is about to begin. */
export function admissionFor(
  { callId, scenario, entryAgent: agent, direction, callerHash }: CallOpening,
  mode: StreamingMode,
): AdmissionRequest {
  return { callId, mode, ...(scenario !== undefined && { scenario }), agent, direction, callerHash };
}
