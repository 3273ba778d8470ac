import type { CallFact } from '../../contracts/call-event.ts';
import type { ScenarioTestTurn } from '../../contracts/scenario-test.ts';
import type { FromTurn } from '../lanes/turn-messages.ts';
import { brokenRules } from '../testing/house-rules.ts';
import { type Rehearsal, rehearse } from '../testing/rehearse.ts';
import type { Answer } from '../testing/rehearsed-model.ts';
import type { StageClock } from '../testing/stage-clock.ts';
import type { CallUnderTest } from './call-under-test.ts';
import { hasRun, type TurnOutcome } from './outcome.ts';
import type { TestHouse } from './test-house.ts';

/**
 * A call with all its sound on a virtual clock: the caller's words are spoken and recognised, the agents' are synthesised,
 * played and cut. What was heard is read from the sound that reached the ear, and the house's rules hold in it.
 */
export interface AudioCallParts {
  /** Chance falls by it. */
  name: string;
  house: TestHouse;
  answer(): Answer;
  clock: StageClock;
}

const keyEveryMs = 100;
const replyWithinMs = 60_000;
/** Longer than any voice lets one wait for its next sentence. */
const quietMs = 500;

/** What happened from one thing the caller does to the next. */
interface Window {
  facts: CallFact[];
  /** Words that had reached the ear before. */
  heardFrom: number;
  replyMs?: number;
  effects: Readonly<Record<string, number>>;
  ended?: NonNullable<TurnOutcome['ended']>;
}

export async function audioCall({ name, house, answer, clock }: AudioCallParts): Promise<CallUnderTest> {
  const { scenario, agents, supply, carryOut, memory, effects } = house;
  const windowFrom = (heardFrom: number): Window => ({ facts: [], heardFrom, effects: {} });
  const windows: Window[] = [windowFrom(0)];
  const now = (): Window => windows.at(-1) as Window;
  /** When a reply had last been made, or keys were asked for. */
  let madeAt = 0;

  const thought = ({ type }: FromTurn) => {
    if (type === 'reply-ended' || type === 'reply-failed' || type === 'digits-wanted') madeAt = clock.now();
  };
  const noted = (fact: CallFact) => now().facts.push(fact);
  const call: Rehearsal = await rehearse(
    name,
    {
      house: { agents, scenario: scenario.name, supply, carryOut, ...(memory && { memory }) },
      model: answer,
      pace: { firstMs: [150, 350] },
      watch: { thought, noted },
    },
    clock,
  );
  const { line, mouth } = call;

  const ended = (): Window['ended'] =>
    call.hungUpAt() !== undefined ? 'agent' : call.asks.length > 0 ? 'person' : undefined;

  const close = () => {
    const how = ended();
    Object.assign(now(), { effects: effects(), ...(how && { ended: how }) });
  };
  const open = () => {
    close();
    windows.push(windowFrom(line.heard.length));
  };

  /** Everything that was made since then has been heard. */
  const isQuiet = (since: number) => () => {
    const lastAt = Math.max(madeAt, line.audible.at(-1)?.until ?? 0);
    return madeAt >= since && line.idle() && clock.now() - lastAt >= quietMs;
  };

  /** The caller hears the whole answer, or speaks over it after so long. @param since the caller's last sound */
  const settle = async (next: ScenarioTestTurn | undefined, since: number) => {
    const over = () => ended() !== undefined || isQuiet(since)();
    const sound = () => line.audible.find(({ from }) => from >= since);
    await call.until('answer', () => sound() !== undefined || over(), replyWithinMs);
    const first = sound();
    if (first) now().replyMs = Math.round(first.from - since);
    if (next?.bargeInMs === undefined) await call.until('end of the answer', over, replyWithinMs);
    else await call.passes(next.bargeInMs);
  };

  const speaksOver = async () => {
    const stops = line.stops.length;
    await call.until('stop', () => line.stops.length > stops || line.idle(), replyWithinMs);
  };

  return {
    greeting: next => settle(next, call.openedAt),
    turn: async ({ says, presses, bargeInMs }, next) => {
      if (says !== undefined) mouth.says(says);
      if (bargeInMs !== undefined && says !== undefined) await speaksOver();
      open();
      for (const key of presses ?? '') {
        call.presses(key);
        await call.passes(keyEveryMs);
      }
      if (says !== undefined) await call.finishes();
      await settle(next, clock.now());
    },
    end: async () => {
      close();
      if (call.hungUpAt() === undefined) await call.hangsUp();
      else await call.recorded();
      return { turns: outcomes(), faults: [...brokenRules(call), ...tangledVoices()] };
    },
  };

  function outcomes(): TurnOutcome[] {
    let agent = scenario.start;
    const facts: Record<string, string> = {};
    let before = '';
    return windows.map(({ facts: events, heardFrom, ...rest }, at) => {
      const tools: string[] = [];
      const refused: TurnOutcome['refused'][number][] = [];
      const spoken: string[] = [];
      for (const event of events) {
        if (event.type === 'agent-changed') agent = event.to;
        else if (event.type === 'known') facts[event.name] = event.value;
        else if (event.type === 'agent-spoke') spoken.push(event.heard);
        else if (event.type === 'tool-ran') {
          const { name: tool, code } = event;
          if (code === undefined || hasRun(code)) tools.push(tool);
          else refused.push({ name: tool, code });
        }
      }
      const words = line.heard.slice(heardFrom, windows[at + 1]?.heardFrom).map(({ text }) => text);
      const sounded = words.join(' ');
      // A reply that waits for keys is noted as one, and heard in two turns.
      const noted = spoken.join(' ').trim();
      const heard = before !== '' && noted.startsWith(before) ? noted.slice(before.length).trim() : noted;
      before = spoken.length === 0 ? sounded : '';
      return { ...rest, heard: heard || sounded, sounded, agent, tools, refused, facts: { ...facts } };
    });
  }

  /** Each agent's voice comes once per change of agent, and none comes back in between. */
  function tangledVoices(): string[] {
    const voices = line.begun.map(({ utterance }) => call.book.utterances[utterance]?.voice ?? '');
    const taken = voices.filter((voice, at) => at > 0 && voice !== voices[at - 1]).length;
    const changes = windows.flatMap(({ facts }) => facts.filter(({ type }) => type === 'agent-changed')).length;
    return taken > changes ? [`the voice changed ${taken} times, the agent ${changes} times`] : [];
  }
}
