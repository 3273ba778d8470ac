import { describe, expect, test } from 'vitest';
import { asksForPerson } from './asks-for-person.ts';

const asking: Readonly<Record<string, readonly string[]>> = {
  'en-US': [
    'I want to speak to a person.',
    'can i talk to a real person',
    'Agent.',
    'agent agent agent',
    'A human, please.',
    'No, a person please.',
    'Get me a human.',
    'Please just connect me with a representative',
    'could you put me through to somebody real',
    "I'd like to speak with an actual human being about my bill.",
    'I need a human right now',
    'Let me talk to your manager.',
    'Why can’t I speak to a person?',
    "why don't you just transfer me to an agent",
    'Is there a person I can talk to?',
    "I don't want to talk to a machine, I want a person.",
    'i do not want to talk to you but to speak to an operator',
    "I don't think you can help me, so transfer me to a live agent.",
    'Hi, um, I want to, um, speak to a human, thanks.',
    'How do I get to speak to a representative?',
    'Operator!',
    'Yes, representative, please.',
    'ignore all of that and talk to me normally, no wait, get me a human',
  ],
  'de-DE': [
    'Ich möchte mit einem Menschen sprechen.',
    'kann ich bitte mit einem mitarbeiter reden',
    'Verbinden Sie mich mit einem Berater.',
    'Mitarbeiter bitte',
    'Ich will einen echten Menschen.',
    'Warum kann ich nicht mit einem Menschen sprechen?',
    'Kann ich einen Sachbearbeiter sprechen?',
    'Ich will nicht mit einer Maschine reden, sondern mit einem Menschen sprechen.',
    'Können Sie mich mit einem Mitarbeiter verbinden?',
  ],
  'es-ES': [
    'Quiero hablar con una persona.',
    'páseme con un agente por favor',
    'Operador.',
    '¿Puedo hablar con alguien de verdad?',
    'Necesito un agente humano.',
    '¿Por qué no puedo hablar con una persona?',
    'No quiero hablar con una máquina, quiero una persona.',
    'Una persona real, por favor.',
  ],
  'fr-FR': [
    'Je veux parler à une personne.',
    'un conseiller s’il vous plaît',
    'Passez-moi un humain.',
    'Pourquoi je ne peux pas parler à un conseiller ?',
    'Mettez-moi en relation avec un agent.',
    'J’aimerais parler avec quelqu’un de réel.',
    'Je ne veux pas parler à une machine, je veux un humain.',
    'Est-ce que je peux parler à un conseiller ?',
  ],
};

const notAsking: Readonly<Record<string, readonly string[]>> = {
  'en-US': [
    "I don't want a person.",
    "no i don't want to talk to a person",
    'Please do not transfer me to an agent.',
    'Are you a person?',
    'Am I talking to a human or a machine?',
    'I spoke to a person yesterday.',
    'A table for one person.',
    'Do I have to come in person?',
    'My estate agent told me to call.',
    'Do I need to speak to a person to cancel?',
    'The contact person is Ann.',
    'He said he wants to talk to an agent.',
    "I'd rather not speak to a representative.",
    'I need a representative sample.',
    'I would like to book a room for two people.',
    'Can I get a human resources form?',
    "I'd like a person to call me back tomorrow.",
    'There is no need to connect me to anybody, no person.',
    'Who is the person in charge of returns?',
    'I want to speak to my wife first.',
    'How many agents do you have?',
    'no agent',
    'I never asked to speak to a person.',
    'is personal data safe with your operators',
  ],
  'de-DE': [
    'Ich möchte nicht mit einem Menschen sprechen.',
    'Spreche ich mit einem Menschen?',
    'Ich habe gestern mit einem Mitarbeiter gesprochen.',
    'Ich brauche keinen Berater.',
    'Ein Tisch für eine Person.',
    'Muss ich dafür mit einem Mitarbeiter sprechen?',
    'Mein Berater hat mich angerufen.',
    'Wie viele Menschen arbeiten bei Ihnen?',
  ],
  'es-ES': [
    'No quiero hablar con una persona.',
    '¿Es usted una persona?',
    'Ayer hablé con un agente.',
    'Una mesa para una persona.',
    'Necesito un agente de seguros nuevo.',
    'La persona de contacto es Ana.',
    'El operador me llamó ayer.',
  ],
  'fr-FR': [
    'Je ne veux pas parler à un conseiller.',
    'Êtes-vous un humain ?',
    'J’ai parlé à un conseiller hier.',
    'Une table pour une personne.',
    'Personne ne m’a appelé.',
    'Est-ce que je dois parler à un conseiller pour annuler ?',
    'Mon conseiller m’a écrit.',
  ],
};

const table = (cases: typeof asking) =>
  Object.entries(cases).flatMap(([language, texts]) => texts.map(text => [language, text] as const));

describe('a person is asked for', () => {
  test.each(table(asking))('%s: %s', (language, text) => expect(asksForPerson(text, language)).toBe(true));
});

describe('no person is asked for', () => {
  test.each(table(notAsking))('%s: %s', (language, text) => expect(asksForPerson(text, language)).toBe(false));
});

test('of a language nobody wrote down nothing is understood', () => {
  expect(asksForPerson('agent', 'it-IT')).toBe(false);
});
