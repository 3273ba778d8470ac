import type { ScenarioTestTurn } from '../../contracts/scenario-test.ts';
import { createRuntime, type RuntimeOptions } from '../agent/runtime.ts';
import type { RuntimeEvent } from '../agent/runtime-event.ts';
import { keysText } from '../digits/keys-text.ts';
import type { CallUnderTest } from './call-under-test.ts';
import { hasRun, type TurnOutcome } from './outcome.ts';
import { heardBefore, type Said, wholeIn } from './said.ts';
import type { TestHouse } from './test-house.ts';

/**
 * A call without sound: the agents' runtime as it is, told what a caller says and hears. Words take the time in which a
 * voice would say them, so whoever speaks over them cuts them there.
 */
export interface TextCallParts
  extends Pick<
    RuntimeOptions,
    'model' | 'defaultModel' | 'fallbackModel' | 'now' | 'monotonicUs' | 'after' | 'prices'
  > {
  house: TestHouse;
  /** Runs until it is so; throws where it never is. */
  until(what: string, isSo: () => boolean): Promise<void>;
  /** Something has happened. */
  moved?(): void;
}

export function textCall({ house, until, moved, ...parts }: TextCallParts): CallUnderTest {
  const { scenario, supply, carryOut, memory } = house;
  const turns: TurnOutcome[] = [];
  const faults: string[] = [];
  const facts: Record<string, string> = {};
  let events: RuntimeEvent[] = [];
  let agent = scenario.start;
  let stint = 0;
  let epoch = 0;
  let turn = 0;
  /** Of the reply that is being made; `told` of it belong to outcomes that stand already. */
  let said: Said[] = [];
  let told = 0;
  let awaitsKeys = false;
  let ended: TurnOutcome['ended'];
  let startedUs = 0;
  let firstUs: number | undefined;

  const first = scenario.agents.get(scenario.start);
  if (!first) throw new Error(`${scenario.name} has no agent ${scenario.start}`);
  const runtime = createRuntime({
    ...parts,
    callId: 'c'.repeat(32),
    scenario,
    agent: first,
    supply,
    carryOut,
    isCurrent: of => of >= epoch,
    onFault: error => faults.push(`the runtime failed: ${String(error)}`),
    emit: event => {
      events.push(event);
      if (event.type === 'sentence') says(event.text, false);
      else if (event.type === 'digits-wanted' && event.prompt !== undefined) says(event.prompt, true);
      else if (event.type === 'known') facts[event.name] = event.value;
      else if (event.type === 'agent-changed' && event.kind !== 'language') {
        agent = event.card.name;
        stint++;
      }
      moved?.();
    },
  });
  if (memory) runtime.recall(memory);

  function says(text: string, aside: boolean) {
    firstUs ??= parts.monotonicUs();
    said.push({ stint, text, aside });
  }

  const came = (...types: RuntimeEvent['type'][]) => events.some(({ type }) => types.includes(type));
  const madeIt = () => came('reply-ended', 'reply-failed');

  /** The reply is over: this of it was heard. */
  const hear = (heard: readonly Said[]) => {
    const cut = !wholeIn(heard, said);
    if (cut) {
      epoch++;
      runtime.cancel(epoch);
    }
    const own = heard.filter(({ aside }) => !aside);
    const stints = [...new Set(own.map(part => part.stint))];
    const byStint = stints.map(by => ({
      stint: by,
      text: own.flatMap(part => (part.stint === by ? [part.text] : [])).join(' '),
    }));
    runtime.heard(turn, stints.some(by => by > 0) ? byStint : (byStint[0]?.text ?? ''), cut);
    said = [];
    told = 0;
  };

  const note = (heard: readonly Said[]) => {
    const tools = events.filter(event => event.type === 'tool-ran');
    turns.push({
      heard: heard
        .slice(told)
        .map(({ text }) => text)
        .join(' ')
        .trim(),
      agent,
      tools: tools.filter(({ code }) => hasRun(code)).map(({ name }) => name),
      refused: tools.flatMap(({ name, code }) => (code === undefined || hasRun(code) ? [] : [{ name, code }])),
      facts: { ...facts },
      effects: house.effects(),
      ...(ended && { ended }),
      ...(firstUs !== undefined && { replyMs: Math.round((firstUs - startedUs) / 1000) }),
    });
    told = said.length;
  };

  /** Waits for the reply, and grants what it wants, unless the caller cuts its words. */
  const settle = async (next: ScenarioTestTurn | undefined) => {
    await until('end of the reply', () => madeIt() || came('digits-wanted', 'person-wanted', 'end-wanted'));
    const heard = heardBefore(said, next?.bargeInMs ?? Number.POSITIVE_INFINITY);
    if (wholeIn(heard, said) && !madeIt()) {
      if (came('person-wanted')) ended = 'person';
      else if (came('end-wanted')) ended = 'agent';
      if (ended === 'person') runtime.personAsked(epoch);
      else if (ended === 'agent') runtime.endBegun(epoch);
      if (ended) await until('end of the reply', madeIt);
    }
    note(heard);
    awaitsKeys = !madeIt() && came('digits-wanted') && wholeIn(heard, said);
    if (!awaitsKeys) hear(heard);
  };

  return {
    greeting: async next => {
      epoch = 1;
      runtime.greet(epoch);
      await settle(next);
    },
    turn: async ({ says: words, presses }, next) => {
      events = [];
      firstUs = undefined;
      startedUs = parts.monotonicUs();
      const keys = presses?.replace(/#$/, '');
      if (awaitsKeys && keys !== undefined) runtime.keysGiven(epoch, keys);
      else {
        if (awaitsKeys) hear(said);
        epoch++;
        turn++;
        runtime.cancel(epoch);
        runtime.take({ turn, epoch, said: words ?? keysText([...(keys ?? '')]) });
      }
      await settle(next);
    },
    end: async () => {
      await runtime.close();
      return { turns, faults };
    },
  };
}
