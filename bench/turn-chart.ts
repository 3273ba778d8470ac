/**
 * One interrupted turn as a picture: both voices over time and what happened to the agent's. Plain SVG text, the same for the
 * same data, legible on light and on dark paper.
 */
export interface TurnPicture {
  title: string;
  /** Peaks of both channels, one for every `stepMs` from `fromMs` on; times count from the caller's onset. */
  fromMs: number;
  stepMs: number;
  caller: readonly number[];
  agent: readonly number[];
  marks: readonly Mark[];
}

export interface Mark {
  label: string;
  atMs: number;
  /** Whose doing it is. */
  by: 'caller' | 'agent';
}

const left = 76;
const plotWidth = 760;
const right = 214;
const rowHeight = 19;
const top = 40;
const laneHeight = 92;
const axisHeight = 34;
const width = left + plotWidth + right;
const loudest = 14_000;

export function turnChart(picture: TurnPicture): string {
  const { fromMs, stepMs, caller, agent, title } = picture;
  const toMs = fromMs + stepMs * Math.max(caller.length, agent.length);
  const x = (ms: number) => left + ((ms - fromMs) / (toMs - fromMs)) * plotWidth;
  // Later marks get lower rows: their lines then never cross the words of earlier ones.
  const marks = [...picture.marks].sort((a, b) => a.atMs - b.atMs);
  const lanesTop = top + marks.length * rowHeight + 10;
  const bottom = lanesTop + 2 * laneHeight;
  const lane = (peaks: readonly number[], middle: number) =>
    envelope(
      peaks.map((peak, i) => ({
        x: x(fromMs + i * stepMs),
        height: (Math.min(peak, loudest) / loudest) * (laneHeight / 2 - 6),
      })),
      x(fromMs + peaks.length * stepMs),
      middle,
    );
  const height = bottom + axisHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="${xml(title)}">
<style>@media (prefers-color-scheme: dark) {
${Object.entries(dark)
  .map(([name, colour]) => `.${name} { fill: ${colour} } .${name}-line { stroke: ${colour} }`)
  .join('\n')}
}</style>
<rect ${fill('paper')} width="${width}" height="${height}"/>
<text ${fill('ink')} x="12" y="24" font-weight="600">${xml(title)}</text>
${grid(fromMs, toMs, x, lanesTop, bottom)}
<text ${fill('caller')} x="12" y="${lanesTop + laneHeight / 2 + 4}">caller</text>
<path ${fill('caller')} d="${lane(caller, lanesTop + laneHeight / 2)}"/>
<text ${fill('agent')} x="12" y="${lanesTop + 1.5 * laneHeight + 4}">agent</text>
<path ${fill('agent')} d="${lane(agent, lanesTop + 1.5 * laneHeight)}"/>
${marks.map((mark, row) => markLine(mark, x(mark.atMs), top + row * rowHeight, bottom)).join('\n')}
</svg>
`;
}

/** Colours on light paper stand at each shape, so that a viewer without style sheets shows them; dark paper overrules them. */
const light = {
  paper: '#ffffff',
  ink: '#1f2328',
  faint: '#59636e',
  grid: '#d8dee4',
  caller: '#0a5dc2',
  agent: '#a84300',
};
const dark: typeof light = {
  paper: '#0d1117',
  ink: '#e6edf3',
  faint: '#9198a1',
  grid: '#30363d',
  caller: '#79b8ff',
  agent: '#ffab70',
};
const fill = (name: keyof typeof light): string => `class="${name}" fill="${light[name]}"`;
const stroke = (name: keyof typeof light): string => `class="${name}-line" stroke="${light[name]}"`;

function markLine({ label, atMs, by }: Mark, x: number, y: number, bottom: number): string {
  return `<line ${stroke(by)} stroke-width="1.2" stroke-dasharray="3 2" x1="${one(x)}" y1="${y + 4}" x2="${one(x)}" y2="${bottom}"/><text ${fill(by)} x="${one(x + 5)}" y="${y + 14}">${xml(label)} ${when(atMs)}</text>`;
}

/** Each quarter of a second thin, each half with its time. */
function grid(fromMs: number, toMs: number, x: (ms: number) => number, topY: number, bottom: number): string {
  const lines: string[] = [];
  for (let ms = Math.ceil(fromMs / 250) * 250; ms <= toMs; ms += 250) {
    lines.push(`<line ${stroke('grid')} x1="${one(x(ms))}" y1="${topY}" x2="${one(x(ms))}" y2="${bottom}"/>`);
    if (ms % 500 !== 0) continue;
    lines.push(
      `<text ${fill('faint')} font-size="11" x="${one(x(ms))}" y="${bottom + 18}" text-anchor="middle">${ms / 1000} s</text>`,
    );
  }
  return lines.join('\n');
}

/** Ends of steps are absolute: rounded lengths would add up to a drift. */
function envelope(steps: readonly { x: number; height: number }[], endX: number, middle: number): string {
  const above = steps.map((step, i) => `V${one(middle - Math.max(step.height, 0.5))}H${one(steps[i + 1]?.x ?? endX)}`);
  const below = steps.map(step => `V${one(middle + Math.max(step.height, 0.5))}H${one(step.x)}`).reverse();
  return `M${one(steps[0]?.x ?? endX)} ${one(middle)}${above.join('')}${below.join('')}Z`;
}

const when = (ms: number): string => (ms === 0 ? '0 ms' : `${ms > 0 ? '+' : '−'}${Math.round(Math.abs(ms))} ms`);
const one = (value: number): string => String(Math.round(value * 10) / 10);
const xml = (text: string): string =>
  text.replace(/[&<>"]/g, char => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? '&quot;');
