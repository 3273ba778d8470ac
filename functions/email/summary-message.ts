import type { Message } from './email-service.ts';
import type { SummaryFacts } from './summary-facts.ts';

/**
 * The e-mail after a call, as text and as HTML that says the same. What callers are sent holds none of the words of the
 * call; what operators are sent holds them only where the settings say so.
 */
export type Reader = 'caller' | 'operators';

interface Section {
  heading?: string;
  /** Label and value. */
  rows?: [string, string][];
  lines?: string[];
}

export function summaryMessage(
  facts: SummaryFacts,
  reader: Reader,
  transcript: boolean,
): Pick<Message, 'subject' | 'text' | 'html'> {
  const sections = reader === 'caller' ? forCaller(facts) : forOperators(facts, transcript);
  const subject = reader === 'caller' ? `Summary of your call (${facts.callId})` : `Call summary ${facts.callId}`;
  return { subject, text: asText(sections), html: asHtml(subject, sections) };
}

function forCaller(facts: SummaryFacts): Section[] {
  return [
    { lines: ['Thank you for your call. This is what you asked us to send you.'] },
    {
      rows: [
        ['Date', `${facts.at} UTC`],
        ['Length', facts.duration],
        ['You spoke with', facts.agents.join(', then ')],
        ['Reference', facts.callId],
      ],
    },
    ...listed('What was done', facts.done),
  ];
}

function forOperators(facts: SummaryFacts, transcript: boolean): Section[] {
  return [
    {
      rows: [
        ['Call', facts.callId],
        ['Began', `${facts.at} UTC, ${facts.direction === 'in' ? 'they called' : 'we called'}`],
        ['Length', facts.duration],
        ['Outcome', facts.outcome],
        ['Agents', facts.agents.join(', then ')],
        ['Turns of the caller', String(facts.turns)],
      ],
    },
    ...listed('What was done', facts.done),
    ...listed('What failed', facts.failed),
    ...(transcript
      ? listed(
          'What was said',
          facts.transcript.map(({ who, text }) => `${who}: ${text}`),
        )
      : []),
  ];
}

const listed = (heading: string, lines: string[]): Section[] => (lines.length > 0 ? [{ heading, lines }] : []);

function asText(sections: readonly Section[]): string {
  const block = ({ heading, rows = [], lines = [] }: Section) => [
    ...(heading === undefined ? [] : [`${heading}:`]),
    ...rows.map(([label, value]) => `${label}: ${value}`),
    ...lines.map(line => (heading === undefined ? line : `- ${line}`)),
  ];
  return `${sections.map(section => block(section).join('\n')).join('\n\n')}\n`;
}

function asHtml(subject: string, sections: readonly Section[]): string {
  const block = ({ heading, rows = [], lines = [] }: Section) => [
    ...(heading === undefined ? [] : [`<h2>${escaped(heading)}</h2>`]),
    ...(rows.length === 0
      ? []
      : [
          '<table>',
          ...rows.map(([label, value]) => `<tr><th align="left">${escaped(label)}</th><td>${escaped(value)}</td></tr>`),
          '</table>',
        ]),
    ...(heading === undefined ? lines.map(line => `<p>${escaped(line)}</p>`) : []),
    ...(heading === undefined ? [] : ['<ul>', ...lines.map(line => `<li>${escaped(line)}</li>`), '</ul>']),
  ];
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body>`,
    ...sections.flatMap(block),
    '</body></html>',
    '',
  ].join('\n');
}

const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, sign => entities[sign] ?? sign);
