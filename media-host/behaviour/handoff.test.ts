import { expect } from 'vitest';
import { callRecord } from '../../contracts/call-record.ts';
import type { Begin } from '../testing/rehearsals.ts';
import { rehearsals } from '../testing/rehearsals.ts';
import type { Rehearsal } from '../testing/rehearse.ts';
import type { ModelScript } from '../testing/rehearsed-model.ts';
import type { Colleagues } from '../testing/scripted-agent.ts';
import type { Script } from '../testing/stage.ts';
import { greeted } from './openings.ts';

const { call, encore } = rehearsals('handoff');

const invoice =
  'Your invoice of March is open, and you can pay it with me now or by bank transfer until the end of May.';
const passingOn = 'I will pass you on to my colleague who knows all about invoices.';
const [desk, billing] = ['en-US-JennyNeural', 'en-US-GuyNeural'];
const kinds = ['announced', 'discreet'] as const;

function house(kind: (typeof kinds)[number], page: object = {}, edge: object = {}): Colleagues {
  return {
    pages: { billing: { greeting: 'This is billing.', voice: { name: billing }, ...page } },
    handoffs: [{ from: 'desk', to: 'billing', when: 'money', kind, ...edge }],
  };
}

/** Hands over when the caller speaks of an invoice, behind these words. */
const handsOver = (words = `${passingOn} `, answer: string = invoice): ModelScript => {
  const handOff = { tool: 'hand-off', args: { to: 'billing', reason: 'an invoice', summary: 'Asks for an invoice.' } };
  return (_, { instructions, history }) => {
    const said = history.findLast(item => item.type === 'caller');
    if (instructions === 'x of billing') return said && /thank/i.test(said.text) ? 'You are welcome.' : answer;
    return words === '' ? [handOff] : [words, handOff];
  };
};

async function asks(begin: Begin, script: Script) {
  const it = await greeted(begin, script);
  it.says('What about my invoice?');
  return it;
}

/** The voices that were heard, each as often as it took over from another. */
function voices({ line, book }: Rehearsal): string[] {
  const said = line.begun.map(({ utterance }) => book.utterances[utterance]?.voice ?? '');
  return said.filter((voice, at) => voice !== said[at - 1]);
}

const spoke = (it: Rehearsal) => it.journal('agent-spoke').filter(({ turn }) => turn > 0);
const greets = (kind: string) => (kind === 'announced' ? 'This is billing. ' : '');
const heardBy = (it: Rehearsal, agent: string) =>
  spoke(it)
    .filter(event => event.agent === agent)
    .map(({ heard }) => heard)
    .join(' ');

for (const kind of kinds) {
  call(
    `${kind}: the old agent’s words, then the new one’s, each in its own voice and under its own name`,
    async begin => {
      const it = await asks(begin, { colleagues: house(kind), model: handsOver() });
      await it.agentSays(`${passingOn} ${greets(kind)}${invoice}`, { withinMs: 20_000 });
      await it.agentIsSilent();
      expect(voices(it)).toEqual([desk, billing]);
      await it.hangsUp();
      expect(spoke(it).map(({ agent, text, heard, interrupted }) => [agent, text === heard, interrupted])).toEqual([
        ['desk', true, false],
        ['billing', true, false],
      ]);
      expect(heardBy(it, 'billing')).toBe(`${greets(kind)}${invoice}`);
      const [first, second] = spoke(it);
      expect(first?.endMs).toBeLessThanOrEqual((second?.startMs ?? 0) + 150);
      expect(first?.replyMs).toBeGreaterThan(0);
      expect(second?.replyMs).toBeUndefined();
      expect(it.journal('agent-changed')).toMatchObject([
        { turn: 1, from: 'desk', to: 'billing', kind, version: 'billing-stage', visit: 1, reason: 'an invoice' },
      ]);
      const about = { callId: 'c', direction: 'in', startedAt: 0, callerHash: 'h', calleeId: 'x' } as const;
      const opening = { ...about, entryAgent: 'desk', mode: 'media', ttlSeconds: 1 };
      const record = callRecord(opening, { phase: 'ended' } as never, it.events, 1);
      expect(record).toMatchObject({ agent: 'billing', agentPath: ['desk', 'billing'], turnCount: 1 });
      expect(record.agentVersions).toEqual({ desk: 'desk-stage', billing: 'billing-stage' });
      expect(record.handoffs).toMatchObject([
        { kind: 'agent', from: 'desk', to: 'billing', reason: 'an invoice', ok: true },
      ]);
    },
  );

  call(`${kind}: a caller who interrupts the old agent is answered by the new one`, async begin => {
    const it = await asks(begin, { colleagues: house(kind), model: handsOver() });
    await it.until('handoff', () => it.model.asked.length === 2, 8000);
    await it.agentSays('I will');
    it.says('Wait, stop. Thank you.');
    await it.agentStops();
    await it.agentSays(`${greets(kind)}You are welcome.`, { withinMs: 12_000 });
    expect(voices(it)).toEqual([desk, billing]);
    await it.hangsUp();
    expect(spoke(it)[0]).toMatchObject({ agent: 'desk', interrupted: true });
    expect(spoke(it).filter(({ agent }) => agent === 'desk')).toHaveLength(1);
    expect(it.model.asked.at(-1)?.history).toContainEqual({ type: 'agent', text: heardBy(it, 'desk') });
  });

  for (const afterMs of [0, 60, 140, 400]) {
    call(`${kind}: a caller who interrupts ${afterMs} ms after the voice has changed`, async begin => {
      const it = await asks(begin, { colleagues: house(kind), model: handsOver() });
      const changed = () => voices(it).includes(billing);
      await it.until('new voice', changed, 12_000);
      await it.passes(afterMs);
      it.says('Stop. Thank you.');
      await it.agentStops();
      await it.agentSays('You are welcome.', { withinMs: 12_000 });
      expect(voices(it)).toEqual([desk, billing]);
      await it.hangsUp();
      expect(heardBy(it, 'desk')).toBe(passingOn);
      expect(spoke(it)[0]).toMatchObject({ agent: 'desk', interrupted: false });
      expect(spoke(it)[1]).toMatchObject({ agent: 'billing', interrupted: true });
    });
  }

  call(`${kind}: barge-in on the new agent leaves in the model’s history what was heard of both`, async begin => {
    const it = await asks(begin, { colleagues: house(kind), model: handsOver() });
    await it.agentSays('Your invoice of March', { withinMs: 20_000 });
    it.says('Stop. Thank you.');
    await it.agentStops();
    await it.agentSays('You are welcome.', { withinMs: 12_000 });
    await it.hangsUp();
    const items = it.model.asked.at(-1)?.history.flatMap(item => (item.type === 'agent' ? [item.text] : [])) ?? [];
    expect(items[1]).toBe(passingOn);
    expect(items[2]).toBe(spoke(it)[1]?.heard);
    expect(items[2]).toMatch(new RegExp(`^${greets(kind)}Your invoice of March`));
  });

  call(
    `${kind}: silence between the voices is the model’s and the synthesiser’s, and at most 150 ms more`,
    async begin => {
      const [modelMs, voiceMs] = [400, 120];
      const it = await asks(begin, {
        colleagues: house(kind),
        model: handsOver('', 'Your invoice is open.'),
        pace: { firstMs: [modelMs, modelMs] },
        voice: { firstMs: [voiceMs, voiceMs] },
      });
      await it.agentSays(`${greets(kind)}Your invoice is open.`, { withinMs: 20_000 });
      const [, second] = it.model.asked;
      const begun = it.line.begun.find(({ utterance }) => it.book.utterances[utterance]?.voice === billing);
      const answer = it.line.begun.find(({ text }) => text === 'Your');
      const called = second?.at ?? 0;
      // The greeting is kept: nobody waits for it. The answer waits for its model, or for the greeting's end.
      if (kind === 'announced') expect((begun?.at ?? 0) - called).toBeLessThanOrEqual(150);
      else expect((answer?.at ?? 0) - called - modelMs - voiceMs).toBeLessThanOrEqual(150);
      const gap = (answer?.at ?? 0) - Math.max(called + modelMs + voiceMs, lastBefore(it, answer?.at ?? 0));
      expect(gap).toBeLessThanOrEqual(150);
    },
  );

  for (const [when, ready] of [
    ['before the old agent’s words are out', (it: Rehearsal) => it.journal('agent-speaking').length > 1],
    ['while nothing has sounded yet', (it: Rehearsal) => it.model.asked.length === 2],
  ] as const) {
    call(`${kind}: a host lost between handoff and answer, ${when}: the new agent goes on`, async begin => {
      const words = /sounded/.test(when) ? '' : undefined;
      const script = { colleagues: house(kind), model: handsOver(words), pace: { firstMs: [900, 900] } } as const;
      const it = await asks(begin, script);
      await it.until('handoff', () => it.model.asked.length === 2 && ready(it), 8000);
      await it.passes(100);
      const past = await it.hostDies();
      expect(past.events.some(({ type }) => type === 'agent-changed')).toBe(true);
      const on = await begin({ ...script, past });
      await on.agentSays(invoice, { withinMs: 20_000 });
      expect(voices(on)).toEqual([billing]);
      expect(on.model.asked.map(({ instructions }) => instructions)).toEqual(['x of billing']);
      expect(on.model.asked[0]?.history.filter(({ type }) => type === 'data')).toHaveLength(1);
      if (kind === 'announced' && /sounded/.test(when)) expect(on.heard()).toContain('This is billing.');
      await on.hangsUp();
      expect(on.journal('media-opened')).toMatchObject([{ scenario: 'house', agent: 'billing' }]);
    });
  }
}

call('a host lost while the new agent speaks: it finishes its own sentence in its own voice', async begin => {
  const script = { colleagues: house('announced'), model: handsOver() };
  const it = await asks(begin, script);
  await it.agentSays('Your invoice of March', { withinMs: 20_000 });
  await it.passes(1500);
  const past = await it.hostDies();
  const on = await begin({ ...script, past });
  await on.agentSays('until the end of May.', { withinMs: 20_000 });
  expect(on.heard()).not.toContain('pass you on');
  expect(voices(on)).toEqual([billing]);
  await on.agentIsSilent();
  on.says('Thank you.');
  await on.agentSays('You are welcome.', { withinMs: 12_000 });
  const agents = on.model.asked.at(-1)?.history.flatMap(item => (item.type === 'agent' ? [item.text] : [])) ?? [];
  expect(agents.join(' ')).toContain(passingOn);
});

call('the next agent converses by its own page: its language is heard, its hold words are said', async begin => {
  const german = {
    speech: { language: 'de-DE', phrases: ['Rechnung'] },
    hold: { afterMs: 1000, words: ['Moment bitte.'] },
  };
  const handOff = { tool: 'hand-off', args: { to: 'billing', reason: 'an invoice', summary: '' } };
  const model = [[handOff], [{ waitMs: 1300 }, 'Alles ist bezahlt.'], 'Gern geschehen.'];
  const it = await asks(begin, { colleagues: house('discreet', german), model });
  await it.agentSays('Moment bitte. Alles ist bezahlt.', { withinMs: 12_000 });
  expect(voices(it)).toEqual([desk, billing]);
  expect(it.ears.listened.map(({ language, phrases }) => [language, ...phrases])).toEqual([
    ['en-US'],
    ['de-DE', 'Rechnung'],
  ]);
  await it.agentIsSilent();
  it.says('Danke schön.', { language: 'de-DE' });
  await it.agentSays('Gern geschehen.', { withinMs: 12_000 });
});

call(
  'words that the caller adds in the middle of a handoff are answered by the new agent, who greets first',
  async begin => {
    const it = await asks(begin, {
      colleagues: house('announced'),
      model: handsOver('', 'You are welcome.'),
      pace: { firstMs: [300, 300] },
      voice: { firstMs: [1500, 1500] },
    });
    await it.until('handoff', () => it.model.asked.length >= 1, 8000);
    it.says('And thank you.');
    await it.agentSays('This is billing. You are welcome.', { withinMs: 20_000 });
    await it.agentIsSilent();
    expect(it.heard().match(/This is billing/g)).toHaveLength(1);
  },
);

/** When the last word before `at` ended. */
function lastBefore({ line }: Rehearsal, at: number): number {
  return Math.max(...line.heard.flatMap(word => (word.at <= at ? [word.at] : [])));
}

encore();
