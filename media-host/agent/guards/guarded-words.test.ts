import { describe, expect, test } from 'vitest';
import { insults, mentions, tellsOfDanger } from './guarded-words.ts';

type Cases = Readonly<Record<string, readonly string[]>>;
const table = (cases: Cases) =>
  Object.entries(cases).flatMap(([language, texts]) => texts.map(text => [language, text] as const));

const danger: Cases = {
  'en-US': [
    'Help, my husband is having a heart attack!',
    'he is not breathing',
    'I cannot breathe.',
    'Call an ambulance!',
    "There's a fire in the kitchen.",
    'my house is on fire',
    'This is an emergency.',
    'someone is breaking into my house',
    'I want to kill myself.',
    "I don't want to live any more, I want to die",
    'She has taken an overdose.',
    'I smell gas in the hall.',
    'He’s unconscious and he won’t wake up.',
    'I have chest pain and no insurance',
    'My son is bleeding heavily.',
    'He has a gun.',
    'um, i have, um, chest pains',
    'she stopped breathing',
  ],
  'de-DE': [
    'Mein Vater hat einen Herzinfarkt!',
    'er atmet nicht',
    'Rufen Sie einen Krankenwagen!',
    'Das ist ein Notfall.',
    'Es brennt in der Küche.',
    'Ich will sterben.',
    'Hier riecht es nach Gas, es riecht nach Gas.',
  ],
  'es-ES': [
    '¡Llame a una ambulancia!',
    'mi padre no respira',
    'Es una emergencia.',
    'Hay un incendio en la cocina.',
    'Quiero morirme.',
    'huele a gas',
  ],
  'fr-FR': [
    'Appelez les pompiers !',
    'il ne respire plus',
    'C’est une urgence.',
    'Je veux mourir.',
    'Ma femme fait une crise cardiaque.',
    'ça sent le gaz',
  ],
};

const noDanger: Cases = {
  'en-US': [
    'It is not an emergency.',
    'My emergency contact is Ann.',
    'Does my policy cover a heart attack?',
    'I had a heart attack last year.',
    "I'm dying to know when it arrives.",
    'My phone battery is dying.',
    'Where is the emergency exit?',
    'Do you have an emergency number?',
    'The fire alarm needs a new battery.',
    'I was fired yesterday.',
    'What happens if there is a fire?',
    'I need a police report for the insurance.',
    'There is no fire, it was a false alarm.',
    "No, I'm not having a heart attack.",
    'I got a bill for the ambulance.',
    'Can I pay my gas bill?',
    'The website stopped responding.',
    'You are killing me with this music.',
    'The assessment is done.',
  ],
  'de-DE': [
    'Das ist kein Notfall.',
    'Mein Notfallkontakt ist Anna.',
    'Zahlt die Versicherung bei einem Herzinfarkt?',
    'Er hatte letztes Jahr einen Schlaganfall.',
    'Wo ist der Notausgang?',
    'Was mache ich, wenn es brennt?',
  ],
  'es-ES': [
    'No es una emergencia.',
    '¿Cuál es el contacto de emergencia?',
    'Tuvo un infarto el año pasado.',
    '¿El seguro cubre un infarto?',
    'Quiero pagar la factura del gas.',
  ],
  'fr-FR': [
    'Ce n’est pas une urgence.',
    'Où est la sortie d’urgence ?',
    'Il a eu un infarctus l’année dernière.',
    'Est-ce que l’assurance couvre un infarctus ?',
    'Je voudrais payer la facture de gaz.',
  ],
};

const insulting: Cases = {
  'en-US': [
    'You idiot!',
    "you're such an idiot",
    'You are a complete moron.',
    'fuck you',
    'Shut the fuck up.',
    'Go to hell!',
    'you stupid bot',
    'What a stupid machine.',
    'Are you stupid?',
    'you lying piece of shit',
    'Idiot.',
    'You fucking bastards.',
    'screw you and your company',
    'You **** idiot',
    '**** you',
    'You are so dumb.',
    'Listen, you are pathetic.',
    'kiss my ass',
  ],
  'de-DE': [
    'Du Idiot!',
    'Sie sind doch bescheuert.',
    'Fick dich.',
    'halt die Fresse',
    'So eine blöde Maschine.',
    'Arschloch!',
  ],
  'es-ES': [
    'Eres un idiota.',
    'Vete a la mierda.',
    'Gilipollas.',
    'eres muy tonta',
    'hijo de puta',
    '¡Qué máquina, estúpida máquina!',
  ],
  'fr-FR': [
    'Vous êtes un idiot.',
    'Ta gueule !',
    'va te faire foutre',
    'espèce de connard',
    'Connard.',
    'stupide machine',
  ],
};

const civil: Cases = {
  'en-US': [
    'I need to assess the damage.',
    'This is a class action.',
    'I feel stupid for asking.',
    "I'm such an idiot, I lost my card.",
    'My boss called me an idiot.',
    'Damn, I forgot my PIN.',
    'shit, that was my last one',
    'What the hell is going on with my bill?',
    'This is fucking annoying.',
    'You are not stupid.',
    'He told me to go to hell.',
    'It was a stupid mistake.',
    'My stupid phone broke.',
    'I am from Scunthorpe.',
    "Don't call me an idiot.",
    'Dick Miller is my name.',
    'Do you think I am stupid?',
    'You are useless with dates, but thank you.',
    'I read The Idiot by Dostoevsky.',
    'Stop, shut up for a second.',
  ],
  'de-DE': [
    'Ich bin so ein Idiot.',
    'Verdammt, ich habe meine Karte verloren.',
    'Er nannte mich einen Idioten.',
    'Mein blöder Computer geht nicht.',
    'Sie sind nicht dumm.',
    'Das ist schön.',
  ],
  'es-ES': [
    'Soy idiota, he perdido la tarjeta.',
    '¡Joder, otra vez!',
    'Mierda, mi tarjeta.',
    'No eres tonta.',
    'Me llamó imbécil mi jefe.',
    'Computo las horas.',
  ],
  'fr-FR': [
    'Je suis bête, j’ai oublié.',
    'Merde, ma carte !',
    'Vous n’êtes pas stupide.',
    'Il m’a traité de con.',
    'Je confirme mon contrat.',
  ],
};

describe('danger is heard', () => {
  test.each(table(danger))('%s: %s', (language, text) => expect(tellsOfDanger(text, [], language)).toBe(true));
});
describe('no danger is heard', () => {
  test.each(table(noDanger))('%s: %s', (language, text) => expect(tellsOfDanger(text, [], language)).toBe(false));
});
describe('an insult is heard', () => {
  test.each(table(insulting))('%s: %s', (language, text) => expect(insults(text, [], language)).toBe(true));
});
describe('no insult is heard', () => {
  test.each(table(civil))('%s: %s', (language, text) => expect(insults(text, [], language)).toBe(false));
});

const topic = ['invest in', 'buy stocks', 'stock tip', 'bitcoin', 'which dose', 'ass'];

test.each([
  'Should I invest in gold?',
  'is investing in gold wise',
  'Which stocks should I be buying? I want to buy stock.',
  'Give me your stock tips.',
  'BITCOIN?',
  'Which doses are safe?',
  'tell me, um: Bitcoin',
  'he invested in it',
])('a topic is found in "%s"', text => expect(mentions(text, topic, 'en-US')).toBe(true));

test.each([
  'I have an investment.',
  'Is it in stock?',
  'a bit of coin',
  'assess',
  'class',
  'as',
  'the assets',
  'in which I dose off',
  'buy some stocks',
])('no topic is found in "%s"', text => expect(mentions(text, topic, 'en-US')).toBe(false));

test.each([
  ['de-DE', 'Aktien kaufen', 'Soll ich Aktie kaufen?', 'Ich kaufe Aktienfonds.'],
  ['es-ES', 'comprar acciones', 'Quiero comprar acción de oro', 'comparar opciones'],
  ['fr-FR', 'acheter des actions', 'Dois-je acheter des action ?', 'achever des actions'],
  ['it-IT', 'comprare azioni', 'Devo comprare azioni?', 'comprare nazioni'],
])('in %s words are whole, endings aside where the language is known', (language, phrase, found, other) => {
  expect(mentions(found, [phrase], language)).toBe(true);
  expect(mentions(other, [phrase], language)).toBe(false);
});

test('a customer’s own words of danger are denied and told of as the language’s own are', () => {
  const own = ['chest pain', 'stroke'];
  expect(tellsOfDanger('I think it is a stroke', own, 'en-US')).toBe(true);
  expect(tellsOfDanger('It is not a stroke.', own, 'en-US')).toBe(false);
  expect(tellsOfDanger('I had a stroke three years ago', own, 'en-US')).toBe(false);
  expect(tellsOfDanger('Two strokes of the clock', own, 'en-US')).toBe(true);
});
