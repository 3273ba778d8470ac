/**
 * Numbers as they are said on the telephone: amounts in words with their currency, ids sign by sign, days and times the way
 * people name them. What is written out no voice can read wrongly. Pure, in English: a model that speaks another language
 * has the figures beside it.
 */
const ones = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  ...['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
];
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const scales: readonly (readonly [size: number, name: string])[] = [
  [1_000_000_000, 'billion'],
  [1_000_000, 'million'],
  [1_000, 'thousand'],
  [100, 'hundred'],
];

/** @param whole below a thousand billions, not negative */
export function inWords(whole: number): string {
  const scale = scales.find(([size]) => whole >= size);
  if (scale) {
    const [size, name] = scale;
    const rest = whole % size;
    return `${inWords(Math.floor(whole / size))} ${name}${rest > 0 ? ` ${inWords(rest)}` : ''}`;
  }
  if (whole < 20) return ones[whole] ?? String(whole);
  const rest = whole % 10;
  return `${tens[Math.floor(whole / 10)]}${rest > 0 ? `-${ones[rest]}` : ''}`;
}

/** One and many of the coin and of its hundredth. */
const coins: Readonly<Record<string, readonly [string, string, string, string]>> = {
  USD: ['dollar', 'dollars', 'cent', 'cents'],
  EUR: ['euro', 'euros', 'cent', 'cents'],
  GBP: ['pound', 'pounds', 'penny', 'pence'],
  CHF: ['franc', 'francs', 'centime', 'centimes'],
};

/** `-123456` cents of USD: "minus one thousand two hundred thirty-four dollars and fifty-six cents". */
export function spokenAmount(cents: number, currency: string): string {
  const whole = Math.floor(Math.abs(cents) / 100);
  const part = Math.abs(cents) % 100;
  const sign = cents < 0 ? 'minus ' : '';
  const coin = coins[currency];
  if (!coin) return `${sign}${inWords(whole)}${part > 0 ? ` point ${signs(padded(part))}` : ''} ${signs(currency)}`;
  const [one, many, oneCent, manyCents] = coin;
  const wholeWords = `${inWords(whole)} ${whole === 1 ? one : many}`;
  const partWords = `${inWords(part)} ${part === 1 ? oneCent : manyCents}`;
  if (part === 0) return sign + wholeWords;
  return sign + (whole === 0 ? partWords : `${wholeWords} and ${partWords}`);
}

/** `INV-2031`: "I N V, 2 0 3 1". Long rows are parted as people part them, so that they can be written down. */
export function spokenId(id: string): string {
  const rows = id.toUpperCase().match(/\d+|\p{L}+/gu) ?? [];
  return rows
    .flatMap(row => (/\d/.test(row) ? grouped(row) : [row]))
    .map(signs)
    .join(', ');
}

/** `2026-11-24`: "Tuesday, November 24". */
export function spokenDay(day: string): string {
  const words = new Intl.DateTimeFormat('en-US', { weekday: 'long', month: 'long', day: 'numeric', timeZone: 'UTC' });
  return words.format(Date.parse(`${day}T00:00:00Z`));
}

/** `14:30`: "2:30 p.m.". */
export function spokenTime(time: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const hour = hours % 12 === 0 ? 12 : hours % 12;
  return `${hour}${minutes > 0 ? `:${padded(minutes)}` : ''} ${hours < 12 ? 'a.m.' : 'p.m.'}`;
}

const signs = (row: string): string => [...row].join(' ');
const padded = (number: number): string => String(number).padStart(2, '0');

/** Threes, the last of them up to four. */
function grouped(row: string): string[] {
  return row.length <= 4 ? [row] : [row.slice(0, 3), ...grouped(row.slice(3))];
}
