import { expect, test } from 'vitest';
import { wantsNobody } from './cancel-words.ts';

test.each([
  ['en-US', 'Never mind.'],
  ['en-GB', 'Stop.'],
  ['en-US', 'No, stop it, please.'],
  ['en-US', "Okay, I don't want to wait."],
  ['en-US', 'cancel'],
  ['es-MX', 'No, déjelo, gracias.'],
  ['es-ES', 'Cancele, por favor.'],
  ['de-DE', 'Ach, lassen Sie es.'],
  ['de-AT', 'Nein danke, hat sich erledigt.'],
  ['de-DE', 'Abbrechen bitte.'],
  ['fr-FR', 'Bon, laissez tomber.'],
  ['fr-CA', 'Stop, merci.'],
])('%s: "%s" ends the search', (language, text) => {
  expect(wantsNobody(text, language)).toBe('only');
});

test.each([
  ['en-US', ''],
  ['en-US', 'I want to cancel my order.'],
  ['en-US', 'My heating would not stop.'],
  ['en-US', 'Hello? How long will it take?'],
  ['en-US', 'No.'],
  ['en-US', 'Yes, thank you.'],
  ['es-ES', 'Quiero cancelar mi pedido.'],
  ['de-DE', 'Ich möchte meinen Vertrag abbrechen.'],
  ['fr-FR', 'Je voudrais annuler ma commande.'],
  ['ja-JP', 'stop'],
])('%s: "%s" does not', (language, text) => {
  expect(wantsNobody(text, language)).toBe('no');
});

test.each([
  ['en-US', 'Oh, never mind, tell me when you open.'],
  ['de-DE', 'Nein, ich möchte nicht warten, wann haben Sie offen?'],
])('%s: "%s" ends it and asks for something else', (language, text) => {
  expect(wantsNobody(text, language)).toBe('first');
});
