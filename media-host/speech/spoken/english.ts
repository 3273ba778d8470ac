import type { Tongue } from './tongue.ts';

/** English as it is said on the telephone. In the United States the month goes first. */
export function english(language: string): Tongue {
  return { ...common, dayFirst: !/-(US|PH)$/i.test(language) };
}

const units = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'];
const teens =
  `tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth`.split(' ');
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const months = `January February March April May June July August September October November December`.split(' ');

/** From 1 to 99; beyond that synthesisers read digits and ending right. */
function ordinal(number: number): string | undefined {
  if (number < 1 || number > 99) return undefined;
  if (number < 10) return units[number];
  if (number < 20) return teens[number - 10];
  const ten = tens[Math.floor(number / 10)] ?? '';
  return number % 10 === 0 ? ten.replace(/y$/, 'ieth') : `${ten}-${units[number % 10]}`;
}

const weekdays: Readonly<Record<string, string>> = {
  Mon: 'Monday',
  Tue: 'Tuesday',
  Tues: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Thur: 'Thursday',
  Thurs: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
  Sun: 'Sunday',
};
const weekday = Object.keys(weekdays).sort((a, b) => b.length - a.length);

const common: Omit<Tongue, 'dayFirst'> = {
  digits: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  decimal: '.',
  months,
  date: (day, month, year) => {
    const said = `${months[month - 1]} ${ordinal(day)}`;
    return year === undefined ? said : `${said}, ${year}`;
  },
  time: (hour, minute, half, padded) => {
    if (half === undefined && hour >= 1 && hour <= 12 && !padded) {
      return minute === 0 && hour !== 12 ? `${hour} o'clock` : undefined;
    }
    const half12 = half === undefined ? (hour < 12 ? 'AM' : 'PM') : half === 'a' ? 'AM' : 'PM';
    const hour12 = hour % 12 === 0 ? 12 : hour % 12;
    return `${hour12}${minute === 0 ? '' : `:${String(minute).padStart(2, '0')}`} ${half12}`;
  },
  timeMark: '',
  money: {
    $: { one: 'dollar', many: 'dollars', cent: 'cent', cents: 'cents' },
    USD: { one: 'dollar', many: 'dollars', cent: 'cent', cents: 'cents' },
    '€': { one: 'euro', many: 'euros', cent: 'cent', cents: 'cents' },
    EUR: { one: 'euro', many: 'euros', cent: 'cent', cents: 'cents' },
    '£': { one: 'pound', many: 'pounds', cent: 'penny', cents: 'pence' },
    GBP: { one: 'pound', many: 'pounds', cent: 'penny', cents: 'pence' },
    '¥': { one: 'yen', many: 'yen', cent: 'sen', cents: 'sen' },
    CHF: { one: 'Swiss franc', many: 'Swiss francs', cent: 'centime', cents: 'centimes' },
  },
  and: 'and',
  scales: [
    ['k|thousand', 'thousand', ' '],
    ['m|mn|million', 'million', ' '],
    ['bn|billion', 'billion', ' '],
    ['trillion', 'trillion', ' '],
  ],
  isOne: amount => amount === 1,
  units: {
    km: ['kilometer', 'kilometers'],
    m: ['meter', 'meters'],
    cm: ['centimeter', 'centimeters'],
    mm: ['millimeter', 'millimeters'],
    mi: ['mile', 'miles'],
    ft: ['foot', 'feet'],
    kg: ['kilogram', 'kilograms'],
    g: ['gram', 'grams'],
    mg: ['milligram', 'milligrams'],
    lb: ['pound', 'pounds'],
    lbs: ['pound', 'pounds'],
    oz: ['ounce', 'ounces'],
    l: ['liter', 'liters'],
    L: ['liter', 'liters'],
    ml: ['milliliter', 'milliliters'],
    'km/h': ['kilometer per hour', 'kilometers per hour'],
    mph: ['mile per hour', 'miles per hour'],
    '°C': ['degree Celsius', 'degrees Celsius'],
    '°F': ['degree Fahrenheit', 'degrees Fahrenheit'],
    '°': ['degree', 'degrees'],
    'm²': ['square meter', 'square meters'],
    'sq ft': ['square foot', 'square feet'],
    KB: ['kilobyte', 'kilobytes'],
    MB: ['megabyte', 'megabytes'],
    GB: ['gigabyte', 'gigabytes'],
    TB: ['terabyte', 'terabytes'],
    Mbps: ['megabit per second', 'megabits per second'],
    Gbps: ['gigabit per second', 'gigabits per second'],
    kWh: ['kilowatt hour', 'kilowatt hours'],
    h: ['hour', 'hours'],
    hr: ['hour', 'hours'],
    hrs: ['hour', 'hours'],
    min: ['minute', 'minutes'],
    mins: ['minute', 'minutes'],
    sec: ['second', 'seconds'],
    ms: ['millisecond', 'milliseconds'],
  },
  percent: 'percent',
  to: 'to',
  minus: 'minus',
  address: {
    '@': 'at',
    '.': 'dot',
    '/': 'slash',
    '-': 'dash',
    _: 'underscore',
    '+': 'plus',
    '?': 'question mark',
    '=': 'equals',
    '&': 'and',
    '#': 'hash',
    '%': 'percent',
    ':': 'colon',
    '~': 'tilde',
    www: 'www',
  },
  idCues:
    'code|pin|id|reference|ref|zip|zip code|postcode|extension|ext\\.?|order number|account number|policy number|' +
    'member number|case number|ticket number|tracking number|confirmation number|flight',
  phones: [/(?<![\p{L}\p{N}.,-])\d{3}-\d{4}(?![\p{L}\p{N}-])/gu],
  words: [
    [
      new RegExp(
        `(?<![\\p{L}\\p{N}])(${weekday.join('|')})\\.?\\s?[–—-]\\s?(${weekday.join('|')})(?![\\p{L}\\p{N}])`,
        'gu',
      ),
      ([, from = '', until = '']) => `${weekdays[from]} to ${weekdays[until]}`,
    ],
    [/(?<![\p{L}\p{N}.,])(\d{1,2})(?:st|nd|rd|th)(?![\p{L}\p{N}])/giu, ([, number]) => ordinal(Number(number))],
    [/(?<![\p{L}\p{N}])24\/7(?![\p{L}\p{N}/])/gu, () => '24 7'],
    [
      /(?<![\p{L}\p{N}/.,-])(1\/2|1\/3|2\/3|1\/4|3\/4)(?![\p{L}\p{N}/]|[.,]\d)/gu,
      ([, written = '']) => fractions[written],
    ],
    [/(?<![\p{L}\p{N}])(?:No|Nr)\.\s?(?=\d)/gu, () => 'number '],
    [/(?<![\p{L}\p{N}&])#\s?(?=\d)/gu, () => 'number '],
    [/(?<![\p{L}\p{N}])e\.g\.,?/giu, () => 'for example,'],
    [/(?<![\p{L}\p{N}])i\.e\.,?/giu, () => 'that is,'],
    [/(?<![\p{L}\p{N}])approx\.(?=\s)/giu, () => 'approximately'],
    [/(?<![\p{L}\p{N}])vs\.(?=\s)/giu, () => 'versus'],
    [/(?<=[\p{L}\p{N}])\s?&\s?(?=[\p{L}\p{N}])/gu, () => ' and '],
    [/(?<=\d)\s?[×]\s?(?=\d)/gu, () => ' by '],
    [/(?<=\d)\s?\+\s?(?=\d)/gu, () => ' plus '],
    [/(?<=[\p{L}\p{N}]) = (?=[\p{L}\p{N}])/gu, () => ' equals '],
    [/(?<=\s|^)[~≈]\s?(?=\d)/gu, () => 'about '],
    [/(?<=\s|^)<\s?(?=\d)/gu, () => 'less than '],
    [/(?<=\s|^)>\s?(?=\d)/gu, () => 'more than '],
    [/§\s?(?=\d)/gu, () => 'section '],
  ],
};

const fractions: Readonly<Record<string, string>> = {
  '1/2': 'one half',
  '1/3': 'one third',
  '2/3': 'two thirds',
  '1/4': 'one quarter',
  '3/4': 'three quarters',
};
