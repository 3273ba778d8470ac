/**
 * What is said between a caller and the booking desk, so that each turn is known by a word of its own: the caller gives a
 * name, books one table after the other, and asks at the end who is calling, which only who was there can say.
 */
const names = [
  'Amber',
  'Boris',
  'Clara',
  'Dunja',
  'Elias',
  'Fiona',
  'Goran',
  'Hanna',
  'Igor',
  'Jelena',
  'Karim',
  'Lucia',
];

const tables = [
  ...['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel', 'india', 'juliet', 'kilo', 'lima'],
  ...[
    'mike',
    'november',
    'oscar',
    'papa',
    'quebec',
    'romeo',
    'sierra',
    'tango',
    'uniform',
    'victor',
    'whiskey',
    'yankee',
  ],
];

export const nameOf = (caller: number): string => names[caller % names.length] ?? '';

/** @throws Error when a caller books more tables than there are: two would be told apart by nothing. */
export function tableOf(n: number): string {
  const table = tables[n];
  if (table === undefined) throw new Error(`A caller has booked all ${tables.length} tables: the call lasts too long.`);
  return table;
}

/** Every line of the desk ends with it: who has heard it knows that nothing more will come. */
export const lastWord = 'else';

/** A turn of the caller: what is said, the word it is known by, and what tells that the desk has answered it. */
export interface Saying {
  text: string;
  word: string;
  answer: string;
}

export const introduces = (name: string): Saying => ({
  text: `Good evening. My name is ${name}.`,
  word: name,
  answer: `Welcome, ${name}.`,
});

export const books = (table: string): Saying => ({
  text: `Please book table ${table}.`,
  word: table,
  answer: `Table ${table} is booked for you.`,
});

export const asksWho = (name: string): Saying => ({
  text: 'Tell me, who am I?',
  word: 'who',
  answer: `You are ${name}.`,
});

interface Rule {
  match: Readonly<Record<string, string>>;
  say?: string;
  tool?: { name: string; arguments: Readonly<Record<string, string>> };
}

const rules: readonly Rule[] = [
  {
    match: { tool: 'book' },
    say:
      `${books('{{tool.table}}').answer} It stands by the window, with a candle and fresh bread on it, and we hold it ` +
      `for half an hour. Would you like anything ${lastWord}?`,
  },
  ...names.map(name => ({
    match: { lastUser: 'who am I', said: `name is ${name}` },
    say: `${asksWho(name).answer} Is there anything ${lastWord}?`,
  })),
  {
    match: { lastUser: 'book table (?<table>\\w+)' },
    tool: { name: 'book', arguments: { table: '{{table | lower}}' } },
  },
  {
    match: { lastUser: 'name is (?<name>\\w+)' },
    say: `${introduces('{{name}}').answer} Which table would you like, or is it something ${lastWord}?`,
  },
  { match: {}, say: `I did not catch that. Would you like something ${lastWord}?` },
];

/** The chat stand-in's lines; JSON is YAML. */
export const bookingScript: string = JSON.stringify(rules.map(rule => ({ ...rule, ttftMs: 60, gapMs: 20 })));
