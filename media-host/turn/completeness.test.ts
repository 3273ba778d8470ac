import { describe, expect, test } from 'vitest';
import type { Expectation } from '../../contracts/agent.ts';
import { type Completeness, completeness } from './completeness.ts';

type Row = [text: string, sounds: Completeness, expects?: Expectation, digits?: number];

function sounds(language: string, rows: Row[]): void {
  test.each(rows)('"%s" sounds %s', (text, expected, expects = 'anything', digits = undefined) => {
    expect(completeness(text, language, expects, digits)).toBe(expected);
  });
}

describe('English', () => {
  sounds('en-US', [
    ['i want to', 'unfinished'],
    ['I want to.', 'unfinished'],
    ['i want to pay my', 'unfinished'],
    ['i want to pay my bill', 'likely'],
    ['I want to pay my bill.', 'complete'],
    ['I want to pay my bill,', 'open'],
    ['i want to pay my bill um', 'unfinished'],
    ['i want to pay because', 'unfinished'],
    ['um', 'unfinished'],
    ['let me see', 'unfinished'],
    ['hello', 'open'],
    ['my internet', 'open'],
    ['the second', 'likely'],
    ['if i pay today', 'open'],
    ['can you tell me', 'unfinished'],
    ['can i pay for', 'unfinished'],
    ['can i pay by card', 'complete'],
    ['what time does the office', 'open'],
    ['what time does the office close', 'complete'],
    ['who am i speaking to', 'complete'],
    ['who am i speaking to about', 'unfinished'],
    ['thank you', 'complete'],
    ['yes', 'likely'],
    ['yes', 'complete', 'yes-no'],
    ['no thank you', 'complete', 'yes-no'],
    ['yes but', 'unfinished', 'yes-no'],
    ['i was born in nineteen eighty four', 'likely'],
    ['the point is simple', 'likely'],
    ['meet me at nine', 'likely'],
    ['we are three', 'likely'],
  ]);
});

describe('a clause that has not said anything yet', () => {
  sounds('en-US', [
    ['is the pharmacy', 'open'],
    ['is the pharmacy closed', 'complete'],
    ['hello is the pharmacy', 'open'],
    ['is it free', 'complete'],
    ['where is my suitcase', 'complete'],
    ['why is my invoice', 'open'],
    ['why is my invoice so high', 'complete'],
    ['do you repair', 'open'],
    ['do you deliver', 'complete'],
    ['do you repair bicycles', 'complete'],
    ['have you', 'open'],
    ['does the ferry', 'open'],
    ['how long does', 'unfinished'],
    ['who is there', 'complete'],
    ['please', 'open'],
    ['please', 'complete', 'yes-no'],
    ['yes please', 'complete'],
    ['please move', 'open'],
    ['please move my booking', 'likely'],
    ['the handle of the kettle', 'open'],
    ['the handle of the kettle broke', 'likely'],
    ['one of my tyres', 'open'],
    ['one of my tyres is flat', 'likely'],
    ['a room with a balcony', 'likely'],
    ['the second one', 'likely'],
    ['my daughter goes to your school', 'likely'],
    ['the train on monday', 'likely'],
  ]);
  sounds('de-DE', [
    ['ist die werkstatt', 'open'],
    ['ist die werkstatt offen', 'complete'],
    ['kann meine tochter', 'open'],
    ['kann meine tochter den wagen abholen', 'complete'],
    ['wie kann ich den vertrag', 'open'],
    ['wie kann ich den vertrag kündigen', 'complete'],
    ['der deckel vom topf', 'open'],
    ['der deckel vom topf klemmt', 'likely'],
    ['bitte schicken sie mir', 'unfinished'],
  ]);
  sounds('es-ES', [
    ['la ventana de la cocina', 'open'],
    ['la ventana de la cocina no cierra', 'likely'],
    ['el martes por la mañana', 'likely'],
    ['una mesa para dos', 'likely'],
  ]);
  sounds('fr-FR', [
    ['la fenêtre de la cuisine', 'open'],
    ["l'écran de mon téléphone", 'open'],
    ["l'écran de mon téléphone est noir", 'likely'],
    ['est-ce que la piscine', 'open'],
    ['est-ce que la piscine est chauffée', 'complete'],
    ['mon téléphone ne sonne plus', 'likely'],
    ['je ne', 'unfinished'],
    ['une table pour deux', 'likely'],
  ]);
});

describe('a number being read out', () => {
  sounds('en-US', [
    ['four four', 'collecting', 'digits'],
    ['my customer number is', 'unfinished', 'digits'],
    ['four four seven one', 'collecting', 'digits'],
    ['four four seven one', 'complete', 'digits', 4],
    ['4471.', 'complete', 'digits', 4],
    ['twenty five thirty seven ninety', 'collecting', 'digits', 6],
    ['twenty five thirty seven ninety one', 'complete', 'digits', 6],
    ['two one two five five five', 'collecting', 'digits'],
    ['it is two one two five five five oh one nine nine', 'likely', 'digits'],
    ['+1 212 555 0199', 'likely', 'digits'],
    ['four five three two one one two zero eight eight', 'collecting', 'digits'],
    ['four five three two one one two zero eight eight nine four six seven double one', 'complete', 'digits'],
    ['three seven eight two eight two two four six three', 'collecting', 'digits'],
    ['call me at two one two five five five', 'collecting'],
    ["i don't know it", 'likely', 'digits'],
    ['where do i find it', 'complete', 'digits'],
  ]);
  test('is whole where the language says so', () => {
    expect(completeness('seis uno dos treinta y cuatro cincuenta y seis setenta y ocho', 'es-ES', 'digits')).toBe(
      'likely',
    );
    expect(completeness('zéro six douze trente quatre cinquante six soixante dix huit', 'fr-FR', 'digits')).toBe(
      'likely',
    );
    expect(completeness('null eins sieben eins zwei drei vier', 'de-DE', 'digits')).toBe('collecting');
  });
});

describe('an e-mail address', () => {
  sounds('en-US', [
    ['john', 'collecting', 'email'],
    ['john dot smith at', 'collecting', 'email'],
    ['john dot smith at gmail', 'collecting', 'email'],
    ['john dot smith at gmail dot', 'collecting', 'email'],
    ['info at green garden dot co', 'collecting', 'email'],
    ['info at green garden dot co dot uk', 'complete', 'email'],
    ['john dot smith at gmail dot com', 'complete', 'email'],
    ['John.Smith@gmail.com.', 'complete', 'email'],
    ['write to john at gmail dot com', 'complete'],
    ["i don't have one", 'likely', 'email'],
  ]);
  test('has the words of its language', () => {
    expect(completeness('ana punto garcía arroba gmail', 'es-ES', 'anything')).toBe('collecting');
    expect(completeness('ana punto garcía arroba gmail punto com', 'es-ES', 'email')).toBe('complete');
    expect(completeness('anne point martin arobase gmail point com', 'fr-FR', 'email')).toBe('complete');
    expect(completeness('anna punkt müller at web punkt de', 'de-DE', 'email')).toBe('complete');
  });
});

describe('a postal address', () => {
  sounds('en-US', [
    ['twelve main street', 'collecting', 'address'],
    ['twelve main street springfield', 'unfinished', 'address'],
    ['twelve main street springfield six two seven', 'collecting', 'address'],
    ['twelve main street springfield six two seven oh one', 'complete', 'address'],
    ['10 downing street london sw1a 2aa', 'complete', 'address'],
  ]);
  test('has its code before the town elsewhere', () => {
    expect(completeness('hauptstraße zwölf eins null eins eins fünf', 'de-DE', 'address')).toBe('collecting');
    expect(completeness('hauptstraße zwölf eins null eins eins fünf berlin', 'de-DE', 'address')).toBe('complete');
    expect(completeness('12 rue de la paix 75002 paris', 'fr-FR', 'address')).toBe('complete');
    expect(completeness('calle mayor doce dos ocho cero uno tres madrid', 'es-ES', 'address')).toBe('complete');
  });
});

describe('a spelled name', () => {
  sounds('en-US', [
    ['s m i', 'collecting', 'spelling'],
    ['s m i t h', 'collecting'],
    ['smith s', 'collecting', 'spelling'],
    ['smith s m i t', 'collecting', 'spelling'],
    ['smith s m i t h', 'complete', 'spelling'],
    ['Smith, S-M-I-T-H.', 'complete', 'spelling'],
    ['s as in sugar m as in mike', 'collecting', 'spelling'],
  ]);
});

describe('other languages', () => {
  sounds('es-MX', [
    ['quiero pagar mi', 'unfinished'],
    ['quiero pagar mi factura', 'likely'],
    ['a qué hora cierra la oficina', 'complete'],
    ['sí', 'complete', 'yes-no'],
  ]);
  sounds('de-DE', [
    ['ich möchte meine', 'unfinished'],
    ['ich möchte meine rechnung bezahlen', 'likely'],
    ['können sie mir sagen', 'unfinished'],
    ['können sie mir sagen wo die filiale ist', 'complete'],
    ['ja genau', 'complete', 'yes-no'],
  ]);
  sounds('fr-FR', [
    ['je voudrais payer ma', 'unfinished'],
    ["j'ai perdu ma carte", 'likely'],
    ['est-ce que', 'unfinished'],
    ["d'accord", 'complete', 'yes-no'],
    ['merci', 'complete'],
  ]);
  sounds('ja-JP', [
    ['お願いします', 'likely'],
    ['tuntematon kieli', 'likely'],
    ['Tuntematon kieli.', 'complete'],
    ['1 2 3 4 5', 'collecting'],
  ]);
});
