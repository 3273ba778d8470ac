import { describe, expect, test } from 'vitest';
import type { CallEvent, CallFact } from '../../contracts/call-event.ts';
import type { CallLife } from '../../contracts/call-life.ts';
import { type CallOpening, callRecord } from '../../contracts/call-record.ts';
import { longestSummary } from '../../contracts/caller-memory.ts';
import { leftByCall } from './left-by-call.ts';

const opening: CallOpening = {
  ...{ callId: 'c', direction: 'in', startedAt: 1_000, callerHash: 'h', calleeId: '4:+15550100' },
  ...{ entryAgent: 'reception', mode: 'media', ttlSeconds: 86_400 },
};
const ended: CallLife = { phase: 'ended', answeredAt: 2_000, connectedAt: 2_000, endedAt: 60_000, endedBy: 'caller' };

function left(facts: CallFact[], more: { opening?: Partial<CallOpening>; life?: CallLife } = {}) {
  const events = facts.map((fact, seq): CallEvent => ({ ...fact, seq, at: 10_000 + seq }));
  const record = callRecord({ ...opening, ...more.opening }, more.life ?? ended, events, 9);
  return leftByCall(record, events);
}

const known = (name: string, value: string, by: 'agent' | 'tool' = 'agent'): CallFact => ({
  ...{ type: 'known', turn: 1, name, value, by, personal: true },
});
const ran = (name: string, summary?: string, ok = true): CallFact => ({
  ...{ type: 'tool-ran', turn: 1, name, ok, ms: 5 },
  ...(summary !== undefined && { summary }),
});
const said: CallFact = { type: 'caller-spoke', turn: 1, text: 'Hello', startMs: 0, endMs: 900 };

describe('the facts a call leaves', () => {
  test('are what the caller said of themselves, the last of each, with the moment it was said', () => {
    const { facts } = left([known('name', 'Anna'), known('branch', ' Harbour\n\tStreet\u200b '), known('name', 'Ana')]);
    expect(facts).toEqual({
      name: { value: 'Ana', at: 10_002, callId: 'c' },
      branch: { value: 'Harbour Street', at: 10_001, callId: 'c' },
    });
  });

  test('are never what a tool made sure of', () => {
    expect(left([known('customer', '4471', 'tool'), known('name', 'Ana', 'tool')]).facts).toEqual({});
  });

  test.each([
    ['note', '4111 1111 1111 1111'],
    ['note', 'card 4111-1111-1111-1112'],
    ['note', '４１１１１１１１１１１１１１１１'],
    ['note', '٤١١١١١١١١١١١١١١١'],
    ['note', 'DE89 3704 0044 0532 0130 00'],
    ['note', 'transfers to NL91ABNA0417164300'],
    ['note', 'it is 4111 1111 1111 1112'],
    ['note', '4111 - 1111 - 1111 - 1112'],
    ['note', '1234'],
    ['note', '٩٨٧٦'],
    ['note', '(12 34)'],
    ['note', 'my PIN is 123'],
    ['note', 'Contraseña: 9182'],
    ['pin', 'four four'],
    ['card-number', 'on file'],
    ['__proto__', 'x'],
    ['note', ' \u200b\n '],
    ['not a name', 'x'],
  ])('are no secrets and nothing else that cannot be kept: %s, %s', (name, value) => {
    expect(left([known(name, value)]).facts).toEqual({});
  });

  test.each([
    ['phone', '+49 30 1234567'],
    ['pays', 'by card, on the 4th'],
    ['party-size', '12'],
    ['appointment', '20.11.2026, 9:30'],
    ['appointment', '2026-11-20'],
    ['address', '12 Station Road'],
    ['constructor', 'works at a building site'],
  ])('may be anything else: %s, %s', (name, value) => {
    expect(Object.entries(left([known(name, value)]).facts)).toEqual([[name, { value, at: 10_000, callId: 'c' }]]);
  });

  test('are cut where they are long, and no letter is cut in two', () => {
    expect(left([known('note', `x${'😀'.repeat(150)}`)]).facts['note']?.value).toBe(`x${'😀'.repeat(99)}`);
  });
});

describe('the account of a call', () => {
  test('says who spoke, what was done and how it ended', () => {
    const changed: CallFact = {
      ...{ type: 'agent-changed', turn: 1, from: 'reception', to: 'billing', version: 'v', kind: 'announced' },
      ...{ language: 'en-US', visit: 1, reason: '', context: '', knowsAll: true },
    };
    const spoke: CallFact = {
      ...{ type: 'agent-spoke', turn: 1, agent: 'billing', text: 'Hi', heard: 'Hi', interrupted: false },
      ...{ startMs: 0, endMs: 1 },
    };
    const done = [
      ran('open-invoices', 'two invoices shown.'),
      ran('pay', 'never', false),
      ran('remember', 'name is noted'),
    ];
    const { calls } = left([said, changed, spoke, ...done, ran('open-invoices', 'two invoices shown.')]);
    expect(calls).toEqual([
      {
        ...{ callId: 'c', at: 1_000, agent: 'billing' },
        summary: 'Spoke with reception, then billing. two invoices shown.',
      },
    ]);
  });

  test('is at most 300 characters and ends with a sentence', () => {
    const summary = left([said, ...Array.from({ length: 30 }, (_, i) => ran('t', `step ${i} was done`))]).calls[0]
      ?.summary;
    expect(summary?.length).toBeGreaterThan(200);
    expect(summary?.length).toBeLessThanOrEqual(longestSummary);
    expect(summary).toMatch(/ step \d+ was done\.$/);
  });

  test('says who called, and that nobody spoke', () => {
    expect(left([], { opening: { direction: 'out' } }).calls[0]?.summary).toBe(
      'We called; they spoke with reception. Said nothing.',
    );
  });

  test('is not given of a call that nobody answered', () => {
    const life: CallLife = { phase: 'ended', endedAt: 5_000, endedBy: 'caller' };
    expect(left([known('name', 'Ana')], { life })).toEqual({ facts: {}, calls: [] });
  });
});
