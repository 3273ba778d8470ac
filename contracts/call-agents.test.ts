import { expect, test } from 'vitest';
import { agentsOf, agentVersionsOf, handoffsOf } from './call-agents.ts';
import type { CallEvent, CallFact } from './call-event.ts';

const opened = (agent: string): CallFact => ({
  ...{ type: 'media-opened', hostId: 'h', mode: 'media', agent, agentVersion: `${agent}-1`, sampleRate: 16_000 },
});
const spoke = (agent: string): CallFact => ({
  ...{ type: 'agent-spoke', turn: 1, agent, text: 'x', heard: 'x', interrupted: false, startMs: 0, endMs: 1 },
});
const changed = (from: string, to: string, kind: 'announced' | 'discreet' | 'language' = 'announced'): CallFact => ({
  ...{ type: 'agent-changed', turn: 1, from, to, version: `${to}-1`, kind, language: 'en-US', visit: 1 },
  ...{ reason: 'invoice', context: 'the caller said 4471', knowsAll: true },
});
const journal = (...facts: CallFact[]): CallEvent[] => facts.map((fact, seq) => ({ ...fact, seq, at: seq * 1000 }));

test('who had the caller is told in order, whenever their words were noted', () => {
  const events = journal(
    opened('desk'),
    spoke('desk'),
    changed('desk', 'billing'),
    spoke('desk'),
    spoke('billing'),
    changed('billing', 'billing', 'language'),
  );
  expect(agentsOf(events)).toEqual(['desk', 'billing']);
  expect(agentVersionsOf(events)).toEqual({ desk: 'desk-1', billing: 'billing-1' });
});

test('a journal from before there were handoffs tells it by what was said', () => {
  expect(agentsOf(journal(opened('desk'), spoke('desk')))).toEqual(['desk']);
});

test('handoffs to agents and to persons stand in one order, by from and to, without a word of the caller', () => {
  const events = journal(opened('desk'), changed('desk', 'billing'), changed('billing', 'billing', 'language'));
  const person = {
    at: '1970-01-01T00:00:05.000Z',
    reason: 'angry',
    mode: 'consult',
    asked: [],
    outcome: 'back-to-agent',
  };
  const handoffs = handoffsOf('desk', events, [person as never]);
  expect(handoffs).toMatchObject([
    { seq: 0, kind: 'agent', from: 'desk', to: 'billing', reason: 'invoice', at: '1970-01-01T00:00:01.000Z', ok: true },
    { seq: 1, kind: 'human', from: 'billing', to: 'person', reason: 'angry', mode: 'consult', ok: false },
  ]);
  expect(JSON.stringify(handoffs)).not.toContain('4471');
});
