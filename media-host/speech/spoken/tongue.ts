/** What the rules need to know of a language. */
export interface Tongue {
  /** How zero to nine are said one by one. */
  digits: readonly string[];
  decimal: '.' | ',';
  months: readonly string[];
  /** Of 03/04: whether 3 is the day. */
  dayFirst: boolean;
  date(day: number, month: number, year: string | undefined): string;
  /** Undefined: it is said as it is written. `half` is what was written beside it; `padded`: the hour has a leading zero. */
  time(hour: number, minute: number, half: 'a' | 'p' | undefined, padded: boolean): string | undefined;
  /** What may stand behind a time and is said with it, such as "Uhr". */
  timeMark: string;
  /** By sign or code; the amount goes before. */
  money: Readonly<Record<string, Coin>>;
  /** Between an amount and its hundredths. */
  and: string;
  /** Written behind an amount, as one word of a regular expression, to the word and what joins it to the coin. */
  scales: readonly [written: string, said: string, join: string][];
  /** Whether the amount takes the singular. */
  isOne(amount: number): boolean;
  units: Readonly<Record<string, readonly [one: string, many: string]>>;
  percent: string;
  /** Of a range: 9 to 17. */
  to: string;
  minus: string;
  /** How the characters of e-mail and web addresses are said. */
  address: Readonly<Record<string, string>>;
  /** Words after which digits are said one by one, as alternatives of a regular expression. */
  idCues: string;
  /** Ways to write a telephone number that only this language has. */
  phones: readonly RegExp[];
  /** Anything else: abbreviations, ordinals, signs. */
  words: readonly [RegExp, (match: RegExpExecArray) => string | undefined][];
}

export interface Coin {
  one: string;
  many: string;
  cent: string;
  cents: string;
}

/** An amount as written in any of the usual ways; the last separator with one or two digits behind it is the decimal one. */
export function amountOf(written: string, decimal: '.' | ','): { whole: string; cents: string } {
  const at = /[.,](\d{1,2})$/.exec(written) ?? (decimalTail(decimal).exec(written) as RegExpExecArray | null);
  const whole = (at ? written.slice(0, at.index) : written).replace(/\D/g, '');
  return { whole: whole.replace(/^0+(?=\d)/, ''), cents: at?.[1] ?? '' };
}

/** "1.234" is a decimal where the point is one, and a thousand where it is not. */
const decimalTail = (decimal: '.' | ',') => (decimal === '.' ? /(?<=^\d+)\.(\d+)$/ : /(?<=^\d+),(\d+)$/);
