import { expect } from 'vitest';
import { talkToPerson } from '../../agents/built-in/talk-to-person.ts';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import type { Begin } from '../testing/rehearsals.ts';
import { rehearsals } from '../testing/rehearsals.ts';
import type { Rehearsal } from '../testing/rehearse.ts';
import type { Script } from '../testing/stage.ts';
import { greeted } from './openings.ts';

const { call, encore } = rehearsals('seeking');
const { seeking } = defaultPhrases('en-US');

const finds = 'I will find somebody for you.';
const hours = 'We are open from nine to six.';

/** An agent that finds a person for who asks for one, and tells the hours. */
const desk: Script = {
  ownTools: [talkToPerson],
  agent: { tools: ['talk-to-person'] },
  // The agent's own doing is told of here; what is done without it, in guardrails.test.ts.
  colleagues: { pages: {}, handoffs: [], guardrails: { personWords: false } },
  model: said => {
    if (/open|hours/i.test(said)) return hours;
    if (!/person/i.test(said)) return 'I see.';
    return [finds, { tool: 'talk-to-person', args: { reason: 'billing', summary: 'Wants to talk about a bill.' } }];
  },
};

/** The caller has asked for a person, and the control plane has been asked for one. */
async function sought(begin: Begin, script: Script = {}): Promise<Rehearsal> {
  const it = await greeted(begin, { ...desk, ...script });
  it.says('I want to speak to a person.');
  await it.until('asking for a person', () => it.asks.length > 0, 10_000);
  return it;
}

const ringing = { do: 'seek-person', stage: 'ringing', asking: 1, of: 2 } as const;
const next = { do: 'seek-person', stage: 'next', asking: 2, of: 2 } as const;
const briefing = { do: 'seek-person', stage: 'briefing', asking: 2, of: 2 } as const;
const nobody = { do: 'back-to-agent', reason: 'nobody' } as const;

/** What the agent said from the moment it asked, one saying after the other. */
const saidSince = (it: Rehearsal): string[] => {
  const from = it.events.findIndex(({ type }) => type === 'handoff-asked');
  return it.events.slice(from).flatMap(event => (event.type === 'agent-spoke' ? [event.heard] : []));
};

const endless = { withinMs: 20_000 };

call(
  'the agent’s own words are heard before anybody is asked, and the person is told what it is about',
  async begin => {
    const it = await sought(begin);
    expect(it.heard()).toContain(finds);
    const words = finds.split(' ').length;
    expect(it.line.heard.at(-1)?.text).toBe('you.');
    expect(it.line.heard.slice(-words).at(-1)?.at).toBeLessThanOrEqual(it.asks[0]?.at ?? 0);
    expect(it.asks.map(({ ask }) => ask)).toEqual([
      { reason: 'billing', summary: 'Wants to talk about a bill.', language: 'en-US' },
    ]);
    it.controlPlaneSays(ringing);
    await it.agentSays('I am ringing person 1 of 2 for you now.');
    await it.hangsUp();
    expect(it.journal('handoff-asked')).toMatchObject([{ reason: 'billing' }]);
    expect(it.journal('person-sought')).toMatchObject([{ stage: 'ringing', asking: 1, of: 2 }]);
    expect(it.journal('tool-ran')).toMatchObject([{ name: 'talk-to-person', ok: true }]);
  },
);

call('for a minute of ringing the caller is told what is true, and never the same twice in a row', async begin => {
  const it = await sought(begin);
  it.controlPlaneSays(ringing);
  await it.agentSays('I am ringing person 1 of 2 for you now.');
  await it.passes(25_000);
  it.controlPlaneSays(next);
  await it.agentSays(seeking.next, endless);
  await it.passes(20_000);
  it.controlPlaneSays(briefing);
  await it.agentSays(seeking.briefing[0] ?? '', endless);
  await it.passes(15_000);
  await it.hangsUp();
  const said = saidSince(it);
  expect(said.length).toBeGreaterThan(12);
  for (const [i, text] of said.entries()) expect(text, `saying ${i}`).not.toBe(said[i - 1]);
  const truths = new Set([...Object.values(seeking).flat(), finds, 'I am ringing person 1 of 2 for you now.']);
  // The one that was being said as the caller hung up.
  expect(said.slice(0, -1).filter(text => !truths.has(text))).toEqual([]);
  expect(it.model.asked).toHaveLength(1);
});

call('until the control plane says more, the agent says only that it looks for somebody', async begin => {
  const it = await sought(begin);
  await it.agentSays(seeking.asking[0] ?? '');
  await it.agentSays(seeking.asking[1] ?? '');
  it.controlPlaneSays({ ...ringing, of: 1 });
  await it.agentSays(seeking.ringing);
});

call('"next" and "ringing" at once are one thing to say', async begin => {
  const it = await sought(begin);
  it.controlPlaneSays(ringing);
  await it.agentSays('I am ringing person 1 of 2 for you now.');
  it.controlPlaneSays(next);
  it.controlPlaneSays({ ...ringing, asking: 2 });
  await it.agentSays(seeking.next);
  await it.agentSays(seeking.waiting[0] ?? '');
  expect(it.heard()).not.toContain('person 2 of 2');
});

call('a caller who speaks meanwhile is heard and not answered, until nobody took the call', async begin => {
  const it = await sought(begin);
  it.controlPlaneSays(ringing);
  await it.agentSays('I am ringing person 1 of 2');
  it.says('When are you open, by the way?');
  await it.finishes();
  await it.passes(6000);
  expect(it.model.asked).toHaveLength(1);
  it.controlPlaneSays(nobody);
  const from = it.clock.now();
  await it.agentSays(seeking.nobody, endless);
  await it.agentSays(hours, endless);
  await it.hangsUp();
  expect(it.heard()).not.toContain(seeking.instead);
  expect(it.journal('back-with-agent')).toMatchObject([{ reason: 'nobody' }]);
  expect((it.journal('back-with-agent')[0]?.at ?? 0) - from).toBeLessThan(3500);
  const turns = it.journal('caller-spoke').flatMap(({ turn, text }) => (/open/.test(text) ? [turn] : []));
  expect(new Set(turns).size).toBe(1);
  const history = it.model.asked.at(-1)?.history ?? [];
  expect(history.map(({ type }) => type)).toEqual([
    ...['agent', 'caller', 'tool-call', 'tool-output', 'agent', 'note', 'caller'],
  ]);
  expect(history[5]).toMatchObject({ text: expect.stringContaining('Nobody') });
});

for (const [reason, why] of [
  ['nobody', seeking.nobody],
  ['person-left', seeking.personLeft],
  ['cancelled', seeking.cancelled],
] as const) {
  call(`back with the agent (${reason}), a caller who said nothing is asked what else can be done`, async begin => {
    const it = await sought(begin);
    it.controlPlaneSays(ringing);
    await it.agentSays('I am ringing person 1 of 2 for you now.');
    it.controlPlaneSays({ do: 'back-to-agent', reason });
    await it.agentSays(`${why} ${seeking.instead}`, endless);
    await it.agentIsSilent();
    it.says('When are you open?');
    await it.agentSays(hours);
    const history = it.model.asked.at(-1)?.history ?? [];
    expect(history.filter(item => item.type === 'note')).toHaveLength(1);
    expect(history.filter(item => item.type === 'agent').map(({ text }) => text)).toContain(
      `${why} ${seeking.instead}`,
    );
  });
}

call('a control plane that has nobody to ring is told as it is', async begin => {
  const it = await sought(begin, { person: 'refused' });
  await it.agentSays(`${seeking.unreachable} ${seeking.instead}`);
  await it.agentIsSilent();
  it.says('Then when are you open?');
  await it.agentSays(hours);
  expect(JSON.stringify(it.model.asked.at(-1)?.history)).toContain('talk_to_person failed');
  expect(it.journal('back-with-agent')).toMatchObject([{ reason: 'refused' }]);
  expect(it.cancelled).toEqual([]);
});

for (const words of ['Never mind.', 'Stop.', 'Oh, I do not want to wait.']) {
  call(`"${words}" ends the search, once, and the agent is there again`, async begin => {
    const it = await sought(begin);
    it.controlPlaneSays(ringing);
    await it.agentSays('I am ringing person 1 of 2 for you now.');
    await it.agentIsSilent();
    it.says(words);
    await it.agentSays(`${seeking.cancelled} ${seeking.instead}`, endless);
    // The control plane says late what it did before it knew, and then that it knows.
    it.controlPlaneSays(next);
    it.controlPlaneSays({ do: 'back-to-agent', reason: 'cancelled' });
    await it.agentIsSilent();
    it.says('When are you open?');
    await it.agentSays(hours);
    expect(it.cancelled).toHaveLength(1);
    expect(it.heard().match(new RegExp(seeking.cancelled, 'g'))).toHaveLength(1);
    expect(it.heard()).not.toContain(seeking.next);
  });
}

call('who says "never mind" and something else gets an answer to it', async begin => {
  const it = await sought(begin);
  it.controlPlaneSays(ringing);
  await it.agentSays('I am ringing person 1 of 2 for you now.');
  await it.agentIsSilent();
  it.says('Never mind, when are you open?');
  await it.agentSays(seeking.cancelled, endless);
  await it.agentSays(hours, endless);
  expect(it.cancelled).toHaveLength(1);
});

call('a caller who cuts in before the words are out has asked for nobody', async begin => {
  const it = await greeted(begin, desk);
  it.says('I want to speak to a person.');
  await it.agentSays('I will find');
  it.says('No wait, when are you open?');
  await it.agentSays(hours, endless);
  expect(it.asks).toEqual([]);
  expect(it.model.asked.at(-1)?.history.some(item => item.type === 'tool-call')).toBe(false);
});

call('a person who takes the call is all the caller hears from then on', async begin => {
  const it = await sought(begin);
  it.controlPlaneSays(ringing);
  await it.agentSays('I am ringing person');
  it.controlPlaneSays({ do: 'leave' });
  await it.until('end', it.over, 5000);
  const until = it.overAt() ?? 0;
  await it.passes(3000);
  await it.hangsUp();
  expect(it.line.sent.filter(({ at }) => at > until)).toEqual([]);
  expect(it.journal('handed-over')).toHaveLength(1);
});

call('an operator who hands the caller over silences the answer that was being made', async begin => {
  const it = await greeted(begin, { model: [[{ waitMs: 3000 }, hours], 'On Monday, too.'] });
  it.says('When are you open?');
  await it.until('a question to the model', () => it.model.asked.length === 1, 8000);
  it.controlPlaneSays(ringing);
  await it.agentSays('I am ringing person 1 of 2 for you now.');
  await it.passes(5000);
  expect(it.heard()).not.toContain(hours);
  it.controlPlaneSays(nobody);
  await it.agentSays(seeking.nobody, endless);
  await it.agentSays('On Monday, too.', endless);
});

call('what the control plane said before is not believed after what it said later', async begin => {
  const it = await sought(begin);
  const before = it.clock.now();
  await it.passes(1000);
  it.controlPlaneSays(briefing);
  it.told({ id: 'late', at: before, ...ringing });
  await it.agentSays(seeking.briefing[0] ?? '', endless);
  await it.passes(5000);
  expect(it.heard()).not.toContain('I am ringing');
});

encore();
