import { expect, test } from 'vitest';
import type { CallEvent, CallFact } from '../../contracts/call-event.ts';
import type { CallLife } from '../../contracts/call-life.ts';
import { type CallOpening, callRecord } from '../../contracts/call-record.ts';
import { summaryFacts } from './summary-facts.ts';
import { type Reader, summaryMessage } from './summary-message.ts';

const callId = '0a'.repeat(16);
const opening: CallOpening = {
  ...{ callId, direction: 'in', startedAt: Date.UTC(2026, 10, 20, 14, 5, 9), callerHash: 'h', calleeId: '4:+15550100' },
  ...{ scenario: 'support', entryAgent: 'reception', mode: 'media', ttlSeconds: 86_400 },
};
const ringAt = opening.startedAt;
const life: CallLife = {
  phase: 'ended',
  answeredAt: ringAt,
  connectedAt: ringAt,
  endedAt: ringAt + 83_000,
  endedBy: 'caller',
};

const heard = (turn: number, text: string): CallFact => ({ type: 'caller-spoke', turn, text, startMs: 0, endMs: 900 });
const spoke = (turn: number, agent: string, text: string, heard = text): CallFact => ({
  ...{ type: 'agent-spoke', turn, agent, text, heard, interrupted: heard !== text, startMs: 0, endMs: 1 },
});
const ran = (name: string, ok: boolean, summary?: string): CallFact => ({
  ...{ type: 'tool-ran', turn: 2, name, ok, ms: 5 },
  ...(summary !== undefined && { summary }),
});
const journal: CallFact[] = [
  spoke(0, 'reception', 'Hello, who is there?'),
  heard(1, 'Ann <b>Mill'),
  heard(1, 'Ann <b>Miller</b> & "Sons"'),
  {
    ...{ type: 'agent-changed', turn: 1, from: 'reception', to: 'billing-desk', version: 'v', kind: 'announced' },
    ...{ language: 'en-US', visit: 1, reason: 'Ann owes', context: '', knowsAll: true },
  },
  ran('open-invoices', true, 'two invoices <shown>'),
  ran('open-invoices', true, 'two invoices <shown>'),
  ran('postpone-invoice', false),
  ran('remember', true, 'name is noted'),
  spoke(2, 'billing-desk', 'You have two invoices. Shall I go on?', 'You have two invoices.'),
];

function message(reader: Reader, transcript = false) {
  const events = journal.map((fact, seq): CallEvent => ({ ...fact, seq, at: ringAt + seq }));
  return summaryMessage(summaryFacts(callRecord(opening, life, events, 2), events), reader, transcript);
}

test('operators read what the call was, what was done and what failed', () => {
  const { subject, text } = message('operators');
  expect(subject).toBe(`Call summary ${callId}`);
  expect(text).toBe(`Call: ${callId}
Began: 2026-11-20 14:05 UTC, they called
Length: 1 min 23 s
Outcome: Handled by the agent
Agents: Reception, then Billing desk
Turns of the caller: 1

What was done:
- Two invoices <shown>.

What failed:
- Postpone invoice
`);
});

test('they read the words where the settings say so: as they were known last, and as they were heard', () => {
  expect(message('operators', true).text).toContain(`What was said:
- Reception: Hello, who is there?
- Caller: Ann <b>Miller</b> & "Sons"
- Billing desk: You have two invoices.
`);
});

test('callers are sent none of the words, whatever the settings say', () => {
  const { subject, text, html } = message('caller', true);
  expect(subject).toBe(`Summary of your call (${callId})`);
  expect(text).toBe(`Thank you for your call. This is what you asked us to send you.

Date: 2026-11-20 14:05 UTC
Length: 1 min 23 s
You spoke with: Reception, then Billing desk
Reference: ${callId}

What was done:
- Two invoices <shown>.
`);
  expect(html).not.toContain('Miller');
});

test('HTML says the same, and what was said is no part of its markup', () => {
  const { html } = message('operators', true);
  expect(html).toContain('<li>Two invoices &lt;shown&gt;.</li>');
  expect(html).toContain('<li>Caller: Ann &lt;b&gt;Miller&lt;/b&gt; &amp; &quot;Sons&quot;</li>');
  expect([...new Set(html.match(/<\/?[a-z]+/g))].sort()).toEqual(
    [
      '</body',
      '</h',
      '</head',
      '</html',
      '</li',
      '</table',
      '</td',
      '</th',
      '</title',
      '</tr',
      '</ul',
      '<body',
      '<h',
    ].concat(['<head', '<html', '<li', '<meta', '<table', '<td', '<th', '<title', '<tr', '<ul']),
  );
});

test('why the caller was handed on is in no summary without the words: the model wrote it of them', () => {
  expect(message('operators').text + message('caller').html).not.toContain('owes');
});
