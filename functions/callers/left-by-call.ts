import { secretName, secretValue } from '../../agents/built-in/secrets.ts';
import type { CallEvent } from '../../contracts/call-event.ts';
import type { CallRecord, Outcome } from '../../contracts/call-record.ts';
import {
  type CallerMemory,
  longestFact,
  longestSummary,
  noMemory,
  type RememberedFact,
} from '../../contracts/caller-memory.ts';
import { oneLine } from '../../contracts/one-line.ts';

/**
 * What a call leaves for the caller's next one: what they said of themselves, and what was done, as its journal has it.
 * What a tool made sure of ends with the call, since the next may be somebody else's on the same line; and no secret is
 * kept, by whatever tool it came.
 */
export function leftByCall(record: CallRecord, journal: readonly CallEvent[]): CallerMemory {
  if (!record.answered) return noMemory;
  const { callId, agent } = record;
  const events = [...journal].sort((a, b) => a.seq - b.seq);
  const facts = events.flatMap((event): [string, RememberedFact][] => {
    if (event.type !== 'known' || event.by !== 'agent' || isSecret(event)) return [];
    const value = oneLine(event.value, longestFact);
    return value === '' || !factName.test(event.name) ? [] : [[event.name, { value, at: event.at, callId }]];
  });
  const summary = summaryOf(record, events);
  return {
    facts: Object.fromEntries(facts),
    calls: [{ callId, at: Date.parse(record.startedAt), agent, ...(summary !== '' && { summary }) }],
  };
}

const factName = /^[A-Za-z][\w.-]{0,63}$/;

const cardDigits = 12;
/** A number in the groups people write; one that begins with a plus is a telephone's. */
const numbers = /(?<![+\p{Nd}])\p{Nd}(?:[ ./_-]{0,3}\p{Nd})*/gu;
/** Nothing but digits, as many as a PIN may have. */
const pinAlone = /^[^\p{L}\p{Nd}+]*\p{Nd}(?: ?\p{Nd}){2,9}[^\p{L}\p{Nd}]*$/u;

/** What is kept of nobody. */
export function isSecret({ name, value }: { name: string; value: string }): boolean {
  const text = value.normalize('NFKC');
  const most = Math.max(0, ...(text.match(numbers) ?? []).map(number => (number.match(/\p{Nd}/gu) ?? []).length));
  const namesOne = secretName(slug(text)) && most >= 3;
  return secretName(slug(name)) || secretValue(text) || most >= cardDigits || namesOne || pinAlone.test(text);
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z]+/g, '-');

/** For the next agent to read: the same for the same journal. */
function summaryOf({ direction, agentPath, outcome, turnCount }: CallRecord, events: readonly CallEvent[]): string {
  const done = events.flatMap(event =>
    event.type === 'tool-ran' && event.ok && event.name !== 'remember' ? (event.summary ?? []) : [],
  );
  const sentences = [
    `${direction === 'out' ? 'We called; they spoke' : 'Spoke'} with ${agentPath.join(', then ')}.`,
    outcomes[outcome],
    turnCount === 0 ? 'Said nothing.' : '',
    ...[...new Set(done.map(summary => oneLine(summary)))].map(summary => `${summary.replace(/[.\s]+$/, '')}.`),
  ];
  return sentences
    .filter(sentence => /[\p{L}\p{N}]/u.test(sentence))
    .reduce((text, sentence) => {
      const longer = text === '' ? sentence : `${text} ${sentence}`;
      return longer.length <= longestSummary ? longer : text;
    }, '');
}

const outcomes: Readonly<Record<Outcome, string>> = {
  contained: '',
  handoff: 'A person took over.',
  dropped: 'The line was lost.',
  no_answer: '',
  voicemail: 'It was their voicemail.',
  error: 'It failed, by our fault.',
};
