/**
 * A scenario drawn: agents in a row, those who take callers first at the left, handoffs forwards in lanes above it and
 * back below it. No two handoffs share a stretch of a lane, so every label stands free. Pure.
 */
export interface DrawnScenario {
  name: string;
  description: string;
  start: string;
  agents: readonly { name: string; voice: string; language: string; tools: readonly string[] }[];
  handoffs: readonly { from: string; to: string; kind: 'announced' | 'discreet'; needs: readonly string[] }[];
}

const node = { width: 190, height: 64, pitch: 300 };
const lane = { height: 26, gap: 16 };
const margin = 28;
const titleHeight = 52;
/** Of a sign of a label, 11 px high. */
const signWidth = 6.3;

interface Drawn {
  label: string;
  kind: 'announced' | 'discreet';
  side: 'above' | 'below';
  /** Columns. */
  from: number;
  to: number;
  fromX: number;
  toX: number;
  lane: number;
}

/** All scenarios below each other, as SVG. */
export function agentsGraph(scenarios: readonly DrawnScenario[]): string {
  let y = margin;
  let width = 2 * margin;
  const panels = scenarios.map(scenario => {
    const panel = panelOf(scenario, y);
    y += panel.height + margin;
    width = Math.max(width, panel.width);
    return panel.text;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" font-family="system-ui, sans-serif" fill="#1a1a1a">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#33475b"/></marker></defs>',
    `<rect width="${width}" height="${y}" fill="#ffffff"/>`,
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

function panelOf({ name, description, start, agents, handoffs }: DrawnScenario, top: number) {
  const row = [...agents].sort((a, b) => Number(b.name === start) - Number(a.name === start));
  const drawn = laned(
    placed(
      row.map(agent => agent.name),
      handoffs,
    ),
  );
  const lanes = (side: Drawn['side']) =>
    Math.max(0, ...drawn.flatMap(edge => (edge.side === side ? edge.lane + 1 : [])));
  const nodesY = top + titleHeight + lanes('above') * lane.height + lane.gap;
  const bottom = nodesY + node.height + lane.gap + lanes('below') * lane.height;
  const reach = Math.max(...drawn.map(edge => extentOf(edge).until), leftOf(row.length - 1) + node.width);
  const title = `${name} – ${description}`;
  return {
    height: bottom - top,
    width: Math.ceil(Math.max(reach, margin + title.length * 8.2) + margin),
    text: [
      `<g class="scenario"><text x="${margin}" y="${top + 20}" font-size="16"><tspan font-weight="700">${escaped(name)}</tspan> – ${escaped(description)}</text>`,
      ...drawn.map(edge => wayOf(edge, nodesY)),
      // On top of every way, so that none runs through their words.
      ...drawn.map(edge => labelOf(edge, nodesY)),
      ...row.map((agent, column) => nodeOf(agent, column, nodesY, agent.name === start)),
      '</g>',
    ].join('\n'),
  };
}

/** Where edges leave and reach their agents: the farther a neighbour, the farther out, so that few of them cross. */
function placed(row: readonly string[], handoffs: DrawnScenario['handoffs']): Omit<Drawn, 'lane'>[] {
  const columnOf = (name: string) => row.indexOf(name);
  const edges = handoffs.map(({ from, to, kind, needs }) => ({
    ...{ kind, from: columnOf(from), to: columnOf(to) },
    label: needs.length > 0 ? `${kind}, needs ${needs.join(' and ')}` : kind,
    side: columnOf(from) < columnOf(to) ? ('above' as const) : ('below' as const),
  }));
  const portOf = (edge: (typeof edges)[number], column: number): number => {
    const ports = edges
      .filter(each => each.side === edge.side && (each.from === column || each.to === column))
      .sort((a, b) => outwards(a, column) - outwards(b, column));
    return leftOf(column) + (node.width * (ports.indexOf(edge) + 1)) / (ports.length + 1);
  };
  return edges.map(edge => ({ ...edge, fromX: portOf(edge, edge.from), toX: portOf(edge, edge.to) }));
}

/** Neighbours on the left, the nearest first; then those on the right, the farthest first. */
function outwards({ from, to }: { from: number; to: number }, column: number): number {
  const other = from === column ? to : from;
  return other < column ? column - other : 1000 - (other - column);
}

/** Short ones nearest to the agents; each in the first lane that is free where it and its label are. */
function laned(edges: readonly Omit<Drawn, 'lane'>[]): Drawn[] {
  const done: Drawn[] = [];
  const long = ({ from, to }: { from: number; to: number }) => Math.abs(from - to);
  for (const edge of [...edges].sort((a, b) => long(a) - long(b) || a.from - b.from)) {
    const { left, until } = extentOf(edge);
    const isTaken = (number: number) =>
      done.some(other => {
        if (other.side !== edge.side || other.lane !== number) return false;
        const taken = extentOf(other);
        return left < taken.until + 12 && taken.left < until + 12;
      });
    let number = 0;
    while (isTaken(number)) number++;
    done.push({ ...edge, lane: number });
  }
  return done;
}

function extentOf({ fromX, toX, label }: Pick<Drawn, 'fromX' | 'toX' | 'label'>): { left: number; until: number } {
  const middle = (fromX + toX) / 2;
  const half = Math.max(Math.abs(fromX - toX) / 2, (label.length * signWidth) / 2 + 4);
  return { left: middle - half, until: middle + half };
}

function wayOf(edge: Drawn, nodesY: number): string {
  const { side, kind } = edge;
  const edgeY = side === 'above' ? nodesY : nodesY + node.height;
  const [from, to] = [Math.round(edge.fromX), Math.round(edge.toX)];
  const end = edgeY + (side === 'above' ? -2 : 2);
  const dashed = kind === 'discreet' ? ' stroke-dasharray="5 4"' : '';
  return `<path d="M${from} ${edgeY}V${laneY(edge, nodesY)}H${to}V${end}" fill="none" stroke="#33475b" stroke-width="1.4" marker-end="url(#arrow)"${dashed}/>`;
}

function labelOf(edge: Drawn, nodesY: number): string {
  const { label, fromX, toX } = edge;
  const y = laneY(edge, nodesY);
  const middle = Math.round((fromX + toX) / 2);
  const half = Math.round((label.length * signWidth) / 2 + 3);
  return [
    `<rect x="${middle - half}" y="${y - 8}" width="${2 * half}" height="16" fill="#ffffff"/>`,
    `<text class="edge" x="${middle}" y="${y + 4}" font-size="11" text-anchor="middle">${escaped(label)}</text>`,
  ].join('\n');
}

const laneY = ({ side, lane: number }: Drawn, nodesY: number): number =>
  side === 'above' ? nodesY - lane.gap - number * lane.height : nodesY + node.height + lane.gap + number * lane.height;

function nodeOf(
  { name, voice, language, tools }: DrawnScenario['agents'][number],
  column: number,
  y: number,
  first: boolean,
) {
  const x = leftOf(column);
  const middle = x + node.width / 2;
  const line = (dy: number, size: number, text: string, weight = 400) =>
    `<text x="${middle}" y="${y + dy}" font-size="${size}" font-weight="${weight}" text-anchor="middle">${escaped(text)}</text>`;
  return [
    `<g class="agent"><title>${escaped(tools.join(', ') || 'no tools')}</title>`,
    `<rect x="${x}" y="${y}" width="${node.width}" height="${node.height}" rx="8" fill="${first ? '#e3eefb' : '#f4f6f8'}" stroke="#33475b" stroke-width="${first ? 2.4 : 1.2}"/>`,
    line(23, 14, short(name, 22), 700),
    line(40, 11, short(`${voice}, ${language}`, 31)),
    line(55, 11, tools.length === 1 ? '1 tool' : `${tools.length} tools`),
    '</g>',
  ].join('\n');
}

const leftOf = (column: number): number => margin + column * node.pitch;

const short = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const signs: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Control characters have no place in XML at all. */
const escaped = (text: string): string =>
  text.replace(/[\p{Cc}\ufffe\uffff]/gu, ' ').replace(/[&<>"']/g, sign => signs[sign] ?? '');
