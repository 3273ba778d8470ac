import { expect, test } from 'vitest';
import { typical } from './interrupted-turn.ts';
import { type TurnPicture, turnChart } from './turn-chart.ts';

const picture: TurnPicture = {
  title: 'A caller interrupts: “No & <stop>”',
  fromMs: -500,
  stepMs: 10,
  caller: Array.from({ length: 200 }, (_, i) => (i >= 50 && i < 120 ? 6000 : 0)),
  agent: Array.from({ length: 200 }, (_, i) => (i < 76 ? 12_000 : 0)),
  marks: [
    { label: 'agent silent', atMs: 280, by: 'agent' },
    { label: 'caller begins', atMs: 0, by: 'caller' },
    { label: 'caller ends', atMs: 700, by: 'caller' },
    { label: 'StopAudio at the carrier', atMs: 262, by: 'agent' },
    { label: 'decision to stop', atMs: 261, by: 'agent' },
  ],
};

test('the same turn gives the same picture, byte for byte', () => {
  expect(turnChart(picture)).toBe(turnChart(structuredClone(picture)));
  expect(turnChart(picture)).not.toBe(turnChart({ ...picture, fromMs: -400 }));
});

test('it is well-formed, escapes what was said and has a dark and a light paper', () => {
  const svg = turnChart(picture);
  expect(svg).toContain('“No &amp; &lt;stop&gt;”');
  expect(svg).toContain('prefers-color-scheme: dark');
  const open = [...svg.matchAll(/<(svg|style|text)[ >]/g)].length;
  expect([...svg.matchAll(/<\/(svg|style|text)>/g)]).toHaveLength(open);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test('a voice begins and ends where its marks are', () => {
  const svg = turnChart(picture);
  const path = svg.match(/<path class="caller"[^>]* d="([^"]*)"/)?.[1] ?? '';
  const steps = [...path.split('Z')[0]!.matchAll(/V([\d.]+)H([\d.]+)/g)].map(step => step.slice(1).map(Number));
  const middle = Number(path.match(/^M[\d.]+ ([\d.]+)/)?.[1]);
  const loud = steps.filter(([y]) => middle - y! > 1).map(([, x]) => x!);
  const x = (label: string) => Number(svg.match(new RegExp(`x1="([\\d.]+)"[^>]*/><text[^>]*>${label}`))?.[1]);
  // The first step that sounds ends 10 ms after the onset.
  expect(loud[0]! - x('caller begins')).toBeCloseTo(3.8, 0);
  expect(loud.at(-1)).toBeCloseTo(x('caller ends'), 0);
});

test('every mark is labelled with its time, and no line crosses the words of an earlier one', () => {
  const svg = turnChart(picture);
  const marks = [
    ...svg.matchAll(/<line [^>]*stroke-dasharray="3 2" x1="([\d.]+)" y1="([\d.]+)".*?<text[^>]*>([^<]*)</g),
  ];
  expect(marks.map(mark => mark[3])).toEqual([
    'caller begins 0 ms',
    'decision to stop +261 ms',
    'StopAudio at the carrier +262 ms',
    'agent silent +280 ms',
    'caller ends +700 ms',
  ]);
  const tops = marks.map(mark => Number(mark[2]));
  expect(tops).toEqual(tops.toSorted((a, b) => a - b));
});

test('the typical turn is the one in the middle of those of which most is known', () => {
  const turns = [300, 100, 200].map(onsetToStopMs => ({ onsetToStopMs, picture }));
  expect(typical(turns)?.onsetToStopMs).toBe(200);
  const lessKnown = { onsetToStopMs: 150, picture: { ...picture, marks: picture.marks.slice(1) } };
  expect(typical([lessKnown, lessKnown, ...turns, lessKnown])?.onsetToStopMs).toBe(200);
  expect(typical([])).toBeUndefined();
});
