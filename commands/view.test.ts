import { expect, test } from 'vitest';
import type { CallerEvent } from '../emulators/caller/caller.ts';
import { createView } from './view.ts';

const interrupted: CallerEvent[] = [
  { atMs: 10, type: 'ringing', correlationId: 'c' },
  { atMs: 42, type: 'answered', callConnectionId: 'x' },
  { atMs: 300, type: 'agent-started' },
  { atMs: 320, type: 'agent-word', text: 'Hello.', utterance: 0 },
  { atMs: 900, type: 'agent-silent' },
  { atMs: 1000, type: 'caller-speaks', text: 'Opening hours?' },
  { atMs: 1010, type: 'caller-word', text: 'Opening' },
  { atMs: 1400, type: 'caller-word', text: 'hours?' },
  { atMs: 1900, type: 'caller-silent', text: 'Opening hours?' },
  { atMs: 2650, type: 'agent-started' },
  { atMs: 2700, type: 'agent-word', text: 'We', utterance: 1 },
  { atMs: 3000, type: 'agent-word', text: 'are', utterance: 1 },
  { atMs: 3100, type: 'caller-speaks', text: 'Wait' },
  { atMs: 3110, type: 'caller-word', text: 'Wait' },
  { atMs: 3412, type: 'stop-audio', discardedMs: 80, onsetToStopMs: 312.4 },
  { atMs: 3500, type: 'caller-silent', text: 'Wait' },
  { atMs: 4000, type: 'ended', by: 'app', code: 200, subCode: 0 },
];

test('where lines cannot be redrawn, each utterance is one plain line', () => {
  let text = '';
  const view = createView({ write: part => (text += part) });
  for (const event of interrupted) view.show(event);
  expect(text.split('\n')).toEqual([
    '   0.0 s  answered after 42 ms',
    '   0.3 s  agent   Hello.',
    '   1.0 s  caller  Opening hours?',
    '   2.7 s  agent   We are ✂ 312 ms after the caller began (after 750 ms)',
    '   3.1 s  caller  Wait',
    '   4.0 s  ended by the agent',
    '',
  ]);
});

test('on a terminal words come as they are spoken, and nothing is left half drawn', () => {
  const parts: string[] = [];
  const view = createView({ write: part => parts.push(part), isTTY: true, columns: 80 });
  for (const event of interrupted) view.show(event);
  expect(parts.some(part => /caller.*Opening(?! hours)/.test(part))).toBe(true);
  expect(parts.at(-1)).toContain('ended by the agent\n');
});
