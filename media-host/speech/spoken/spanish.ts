import type { Tongue } from './tongue.ts';

const months = `enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre`.split(' ');
const euro = { one: 'euro', many: 'euros', cent: 'céntimo', cents: 'céntimos' };
const dollar = { one: 'dólar', many: 'dólares', cent: 'centavo', cents: 'centavos' };
const pound = { one: 'libra', many: 'libras', cent: 'penique', cents: 'peniques' };
const ordinals = `primer segundo tercer cuarto quinto sexto séptimo octavo noveno décimo`.split(' ');

export const spanish: Tongue = {
  digits: ['cero', 'uno', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve'],
  decimal: ',',
  months,
  dayFirst: true,
  date: (day, month, year) => `${day} de ${months[month - 1]}${year === undefined ? '' : ` de ${year}`}`,
  time: (hour, minute, half) => {
    const part =
      half === undefined
        ? ''
        : half === 'a'
          ? ' de la mañana'
          : hour < 8 || hour === 12
            ? ' de la tarde'
            : ' de la noche';
    if (minute === 0) return part === '' ? `${hour} horas` : `${hour}${part}`;
    return `${hour} y ${minute}${part}`;
  },
  timeMark: 'h|hrs?|horas',
  money: { '€': euro, EUR: euro, $: dollar, USD: dollar, '£': pound, GBP: pound },
  and: 'con',
  scales: [
    ['mil', 'mil', ' '],
    ['M|millón|millones', 'millones', ' de '],
  ],
  isOne: amount => amount === 1,
  units: {
    km: ['kilómetro', 'kilómetros'],
    m: ['metro', 'metros'],
    cm: ['centímetro', 'centímetros'],
    mm: ['milímetro', 'milímetros'],
    kg: ['kilo', 'kilos'],
    g: ['gramo', 'gramos'],
    l: ['litro', 'litros'],
    ml: ['mililitro', 'mililitros'],
    'km/h': ['kilómetro por hora', 'kilómetros por hora'],
    '°C': ['grado', 'grados'],
    ºC: ['grado', 'grados'],
    '°': ['grado', 'grados'],
    'm²': ['metro cuadrado', 'metros cuadrados'],
    MB: ['megabyte', 'megabytes'],
    GB: ['gigabyte', 'gigabytes'],
    kWh: ['kilovatio hora', 'kilovatios hora'],
    min: ['minuto', 'minutos'],
  },
  percent: 'por ciento',
  to: 'a',
  minus: 'menos',
  address: {
    '@': 'arroba',
    '.': 'punto',
    '/': 'barra',
    '-': 'guion',
    _: 'guion bajo',
    '+': 'más',
    '?': 'interrogación',
    '=': 'igual',
    '&': 'y',
    '#': 'almohadilla',
    '%': 'por ciento',
    ':': 'dos puntos',
    '~': 'tilde',
  },
  idCues: 'código|pin|id|referencia|código postal|extensión|número de \\p{L}+',
  phones: [
    /(?<![\p{L}\p{N}.,-])[6789]\d{2}(?: \d{3}){2}(?![\p{L}\p{N}])/gu,
    /(?<![\p{L}\p{N}.,-])[6789]\d{2}(?: \d{2}){3}(?![\p{L}\p{N}])/gu,
  ],
  words: [
    [/(?<![\p{L}\p{N}])(\d{1,2})\.?º(?![\p{L}\p{N}C])/gu, ([, number]) => masculine(Number(number))],
    [/(?<![\p{L}\p{N}])(\d{1,2})\.?er(?![\p{L}\p{N}])/gu, ([, number]) => ordinals[Number(number) - 1]],
    [/(?<![\p{L}\p{N}])(\d{1,2})\.?ª(?![\p{L}\p{N}])/gu, ([, number]) => masculine(Number(number))?.replace(/o$/, 'a')],
    [/(?<![\p{L}\p{N}])(?:n\.?º|núm\.)\s?(?=\d)/giu, () => 'número '],
    [/(?<![\p{L}\p{N}&])#\s?(?=\d)/gu, () => 'número '],
    [/(?<![\p{L}\p{N}])p\.\s?ej\.,?/giu, () => 'por ejemplo,'],
    [/(?<=[\p{L}\p{N}])\s?&\s?(?=[\p{L}\p{N}])/gu, () => ' y '],
    [/(?<=\d)\s?\+\s?(?=\d)/gu, () => ' más '],
    [/(?<=\s|^)[~≈]\s?(?=\d)/gu, () => 'unos '],
  ],
};

function masculine(number: number): string | undefined {
  return ordinals[number - 1]?.replace(/^primer$/, 'primero').replace(/^tercer$/, 'tercero');
}
