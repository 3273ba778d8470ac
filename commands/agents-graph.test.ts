import { expect, test } from 'vitest';
import { agentsGraph, type DrawnScenario } from './agents-graph.ts';

const agent = (name: string) => ({ name, voice: 'en-US-JennyNeural', language: 'en-US', tools: ['end-call'] });
const edge = (from: string, to: string, more: object = {}) => ({
  from,
  to,
  kind: 'announced' as const,
  needs: [],
  ...more,
});

/** Everybody hands over to everybody. */
const names = ['desk', 'billing', 'support', 'people', 'cards', 'orders'];
const crowd: DrawnScenario = {
  ...{ name: 'crowd', description: 'Many', start: 'support', agents: names.map(agent) },
  handoffs: names.flatMap(from =>
    names.filter(to => to !== from).map(to => edge(from, to, { needs: from < to ? ['customer-id'] : [] })),
  ),
};

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const numbers = (text: string): Box => {
  const of = (name: string) => Number(new RegExp(` ${name}="([\\d.-]+)"`).exec(text)?.[1]);
  return { x: of('x'), y: of('y'), width: of('width'), height: of('height') };
};
const boxesOf = (svg: string, fill: RegExp) =>
  [...svg.matchAll(/<rect x=[^>]*>/g)]
    .map(([text]) => text)
    .filter(text => fill.test(text))
    .map(numbers);
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test('every handoff has a label that lies over no other label and no agent, and inside the picture', () => {
  const svg = agentsGraph([crowd, { ...crowd, name: 'again' }]);
  const labels = boxesOf(svg, /fill="#ffffff"/);
  const nodes = boxesOf(svg, /rx="8"/);
  expect([labels.length, nodes.length]).toEqual([60, 12]);
  for (const [at, label] of labels.entries()) {
    expect(labels.slice(at + 1).filter(other => overlap(label, other))).toEqual([]);
    expect(nodes.filter(other => overlap(label, other))).toEqual([]);
  }
  const whole = numbers(svg.slice(0, svg.indexOf('>')));
  for (const { x, y, width, height } of [...labels, ...nodes]) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(whole.width);
    expect(y + height).toBeLessThanOrEqual(whole.height);
  }
});

test('a label says how the caller is handed over and what opens the gate', () => {
  const svg = agentsGraph([
    {
      ...{ name: 'bank', description: 'A bank', start: 'desk', agents: [agent('cards'), agent('desk')] },
      handoffs: [edge('desk', 'cards', { needs: ['customer-id', 'pin'] }), edge('cards', 'desk', { kind: 'discreet' })],
    },
  ]);
  expect([...svg.matchAll(/class="edge"[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
    'announced, needs customer-id and pin',
    'discreet',
  ]);
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
  // Who takes callers first stands first.
  expect(svg.indexOf('>desk<')).toBeLessThan(svg.indexOf('>cards<'));
});

test('whatever a page says, the drawing is XML', () => {
  const wild = `</text><script>alert("1")</script> & '\u0000\u0007 ${'long '.repeat(40)}`;
  const svg = agentsGraph([
    {
      ...{ name: wild, description: wild, start: wild, handoffs: [] },
      agents: [{ ...agent(wild), voice: wild, tools: [wild] }],
    },
  ]);
  expect(svg).not.toContain('<script');
  expect(svg.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(unclosed(svg)).toEqual([]);
});

test('without a scenario there is an empty picture', () => {
  expect(unclosed(agentsGraph([]))).toEqual([]);
});

/** Elements left open, and signs that stand for no entity. */
function unclosed(xml: string): string[] {
  const open: string[] = [];
  for (const [, end, name = '', empty] of xml.matchAll(/<(\/?)([a-z]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/gi)) {
    if (end) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name);
  }
  const text = xml.replace(/<\/?[a-z]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/gi, '');
  return [...open, ...(text.match(/<|&(?!(?:amp|lt|gt|quot|apos);)/g) ?? [])];
}
