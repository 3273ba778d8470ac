/** SSML as a list of things to say: text without tags or entities, pauses, bookmarks. Voice and prosody change nothing here. */

export type Piece = { say: string } | { pauseMs: number } | { bookmark: string };

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([\w:.-]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+)/y;
const STRENGTH_MS: Readonly<Record<string, number>> = {
  none: 0,
  'x-weak': 250,
  weak: 500,
  medium: 750,
  strong: 1000,
  'x-strong': 1250,
};

/** Throws with the service's kind of reason when the markup is not well formed or has no speak and voice element. */
export function readSsml(ssml: string): Piece[] {
  const pieces: Piece[] = [];
  const open: string[] = [];
  let voices = 0;
  let silentDepth = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < ssml.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(ssml);
    if (!token) throw new Error(`SSML is not well formed near "${ssml.slice(at, at + 20)}".`);
    const [, cdata, slash, name = '', attributes = '', selfClosing, text] = token;
    const speech = cdata ?? (text === undefined ? undefined : unescapeEntities(text));
    if (speech !== undefined) {
      if (open.length === 0 && speech.trim() !== '') throw new Error('SSML has text outside of speak.');
      if (silentDepth === 0 && speech.trim() !== '') pieces.push({ say: speech });
    } else if (slash) {
      if (open.pop() !== name) throw new Error(`SSML element ${name} is closed but not open.`);
      if (name === 'sub' || name === 'audio') silentDepth -= 1;
    } else if (name) {
      if (open.length === 0 && name !== 'speak') throw new Error('SSML does not begin with speak.');
      if (name === 'voice') voices += 1;
      if (name === 'break') pieces.push({ pauseMs: pauseOf(attributes) });
      if (name === 'bookmark') pieces.push({ bookmark: attribute(attributes, 'mark') ?? '' });
      if (name === 'sub') pieces.push({ say: attribute(attributes, 'alias') ?? '' });
      if (!selfClosing) {
        open.push(name);
        if (name === 'sub' || name === 'audio') silentDepth += 1;
      }
    }
  }
  if (open.length > 0) throw new Error(`SSML element ${open.at(-1)} is not closed.`);
  if (voices === 0) throw new Error('SSML has no voice element.');
  return pieces;
}

function pauseOf(attributes: string): number {
  const [, amount, unit] = /^([\d.]+)(ms|s)$/.exec(attribute(attributes, 'time') ?? '') ?? [];
  if (amount) return Math.min(20_000, Math.round(Number(amount) * (unit === 's' ? 1000 : 1)));
  return STRENGTH_MS[attribute(attributes, 'strength') ?? 'medium'] ?? 750;
}

function attribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return found ? unescapeEntities(found[1] ?? found[2] ?? '') : undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
