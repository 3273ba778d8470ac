import type { Tongue } from './tongue.ts';

const months = `janvier février mars avril mai juin juillet août septembre octobre novembre décembre`.split(' ');
const euro = { one: 'euro', many: 'euros', cent: 'centime', cents: 'centimes' };
const dollar = { one: 'dollar', many: 'dollars', cent: 'cent', cents: 'cents' };
const pound = { one: 'livre', many: 'livres', cent: 'penny', cents: 'pence' };
const franc = { one: 'franc suisse', many: 'francs suisses', cent: 'centime', cents: 'centimes' };
const ordinals = `premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième
  douzième treizième quatorzième quinzième seizième dix-septième dix-huitième dix-neuvième vingtième`.split(/\s+/);

export const french: Tongue = {
  digits: ['zéro', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf'],
  decimal: ',',
  months,
  dayFirst: true,
  date: (day, month, year) =>
    `${day === 1 ? 'premier' : day} ${months[month - 1]}${year === undefined ? '' : ` ${year}`}`,
  time: (hour, minute) => {
    const hours = `${hour} ${hour < 2 ? 'heure' : 'heures'}`;
    return minute === 0 ? hours : `${hours} ${minute}`;
  },
  timeMark: 'h|heures?',
  money: { '€': euro, EUR: euro, $: dollar, USD: dollar, '£': pound, GBP: pound, CHF: franc },
  and: 'et',
  scales: [
    ['k', 'mille', ' '],
    ['M|million|millions', 'millions', " d'"],
    ['Md|milliard|milliards', 'milliards', " d'"],
  ],
  isOne: amount => amount < 2,
  units: {
    km: ['kilomètre', 'kilomètres'],
    m: ['mètre', 'mètres'],
    cm: ['centimètre', 'centimètres'],
    mm: ['millimètre', 'millimètres'],
    kg: ['kilo', 'kilos'],
    g: ['gramme', 'grammes'],
    l: ['litre', 'litres'],
    ml: ['millilitre', 'millilitres'],
    'km/h': ['kilomètre heure', 'kilomètres heure'],
    '°C': ['degré', 'degrés'],
    '°': ['degré', 'degrés'],
    'm²': ['mètre carré', 'mètres carrés'],
    Mo: ['mégaoctet', 'mégaoctets'],
    Go: ['gigaoctet', 'gigaoctets'],
    kWh: ['kilowattheure', 'kilowattheures'],
    min: ['minute', 'minutes'],
  },
  percent: 'pour cent',
  to: 'à',
  minus: 'moins',
  address: {
    '@': 'arobase',
    '.': 'point',
    '/': 'barre oblique',
    '-': 'tiret',
    _: 'tiret bas',
    '+': 'plus',
    '?': "point d'interrogation",
    '=': 'égal',
    '&': 'et',
    '#': 'dièse',
    '%': 'pour cent',
    ':': 'deux points',
    '~': 'tilde',
  },
  idCues: 'code|pin|id|référence|code postal|poste|numéro de \\p{L}+',
  phones: [],
  words: [
    [
      /(?<![\p{L}\p{N}:.,])(\d{1,2})\s?h\s?(\d{2})?(?![\p{L}\p{N}])/gu,
      ([, hour, minute = '0']) => {
        const h = Number(hour);
        return h > 24 || Number(minute) > 59 ? undefined : french.time(h % 24, Number(minute), undefined, false);
      },
    ],
    [/(?<![\p{L}\p{N}])1er(?![\p{L}\p{N}])/gu, () => 'premier'],
    [/(?<![\p{L}\p{N}])1(?:re|ère)(?![\p{L}\p{N}])/gu, () => 'première'],
    [/(?<![\p{L}\p{N}])(\d{1,2})(?:e|ème)(?![\p{L}\p{N}])/gu, ([, number]) => ordinals[Number(number) - 1]],
    [/(?<![\p{L}\p{N}])n°\s?(?=\d)/giu, () => 'numéro '],
    [/(?<![\p{L}\p{N}&])#\s?(?=\d)/gu, () => 'numéro '],
    [/(?<![\p{L}\p{N}])p\.\s?ex\.,?/giu, () => 'par exemple,'],
    [/(?<=[\p{L}\p{N}])\s?&\s?(?=[\p{L}\p{N}])/gu, () => ' et '],
    [/(?<=\d)\s?\+\s?(?=\d)/gu, () => ' plus '],
    [/(?<=\s|^)[~≈]\s?(?=\d)/gu, () => 'environ '],
  ],
};
