/**
 * What simulated callers say. `|` marks a place where a speaker who stops is plainly not done ("I want to | pay"), `~`
 * a place where the words so far could have been all ("pay my bill ~ for last month"); both are marked by ear, not by
 * the rules under test. In things given piece by piece every `|` is the end of a group.
 */
import type { Expectation } from '../../../contracts/agent.ts';

export type Kind = 'request' | 'question' | 'answer' | 'yes-no' | 'digits' | 'email' | 'spelling' | 'address';

export interface Saying {
  expects: Expectation;
  digits?: number;
  text: string;
}

type Sayings = Readonly<Record<Kind, readonly Saying[]>>;

const asked = (expects: Expectation, ...texts: string[]): Saying[] => texts.map(text => ({ expects, text }));
const counted = (digits: number, ...texts: string[]): Saying[] =>
  texts.map(text => ({ expects: 'digits', digits, text }));

const en: Sayings = {
  request: asked(
    'anything',
    'i want to | pay my | bill ~ for last month',
    "i'd like to | change my | appointment ~ to thursday",
    'i need to | cancel the | order ~ from yesterday',
    'hi | my name is | anna and i | have a problem with | my internet connection ~ at home',
    "i'm calling about | my | insurance ~ because i | moved house",
    'there was a | strange charge on | my card ~ last week',
    'i lost my | credit card ~ and i want to | block it',
    'my washing machine is | broken ~ and the | repair man never came',
    'i want to | speak to a | human ~ please',
    "i haven't received | my parcel ~ yet",
    'i would like a | table for | four people ~ on friday evening',
    'please send me the | invoice ~ by email',
    'i forgot my | password ~ and now the | account is locked',
    'we ordered two | chairs and | one arrived broken',
    'the heating | stopped working ~ this morning',
    "i'd like to | return a | pair of shoes ~ i bought online",
    'the door of | my fridge | does not close ~ any more',
    'the package from | last week | was damaged',
    'my neighbour on | the third floor | makes noise ~ at night',
    'our contract with | your company | ends ~ in june',
    'the screen of | the tablet | is cracked',
    'please send | a taxi ~ to the airport',
    'please change | my address ~ in your system',
    'the woman at | the front desk | told me to | call you',
    'two of | the chairs | wobble',
  ),
  question: asked(
    'anything',
    'can you tell me | when you are | open ~ on sunday',
    'what time does | the office | close ~ today',
    'how much does | the premium | plan cost ~ per month',
    'where can i | park my | car ~ near the station',
    'do you have any | appointments ~ left next week',
    'can i | pay by | card ~ or only in cash',
    'is it possible to | change the | delivery address',
    'who am i | speaking to',
    'do you have | a gift card ~ for fifty dollars',
    'are there | any seats ~ left ~ on the morning flight',
    'is the | swimming pool | open ~ on holidays',
    'does the | blue jacket | come in | small',
    'can my | brother | pick up the | package ~ for me',
    'will the | technician | call me ~ before he comes',
    'have you | found my | wallet',
    'should i | bring my | passport ~ with me',
    'did the | payment | go through ~ yesterday',
    'do you offer | lessons for | beginners',
    'can you bring | an extra | blanket ~ to room nine',
    'are you | open ~ tomorrow',
    'is that | your best | price',
    'how do i | reset my | router',
    'why is | my bill | so high ~ this month',
    'do you deliver',
  ),
  answer: asked(
    'anything',
    'tomorrow ~ at nine',
    'on | monday ~ in the morning',
    'anna miller',
    'the blue one ~ in size | forty two',
    'my phone bill',
    'about | two weeks ago',
    'twelve',
    'next friday',
    'a | single room ~ with breakfast',
    'it is | for my | mother',
    'the second one',
    'gas and | electricity',
  ),
  'yes-no': asked('yes-no', 'yes', 'no', 'yeah', 'yes please', 'no thank you', 'yes ~ that is correct', "that's right"),
  digits: [
    ...counted(4, 'four four | seven one', 'nine | zero two eight'),
    ...asked('digits', 'five five five | one two three | four five six seven'),
    ...asked('digits', 'it is | two one two | five five five | oh one | nine nine'),
    ...asked('digits', 'four five three two | one one two zero | eight eight nine four | six seven double one'),
    ...counted(6, 'twenty five | thirty seven | ninety one', 'eight | one one two | three four'),
    ...counted(8, 'my customer number is | one two | three four | five six | seven eight'),
  ],
  email: asked(
    'email',
    'john | dot smith | at | gmail | dot com',
    'it is | anna | underscore | miller | at outlook | dot | com',
    'info | at | green garden | dot co | dot uk',
    'my email is | peter | nine nine | at web | dot de',
  ),
  spelling: asked('spelling', 's m | i t h', 'smith | s | m i | t h', 'k o | w a l | s k i', 'it is | b r | o w n e'),
  address: asked(
    'address',
    'twelve | main street | springfield | six two seven oh one',
    'forty two | station road | boston',
    'it is | seven | park avenue | new york | one oh oh two one',
  ),
};

const es: Sayings = {
  request: asked(
    'anything',
    'quiero | pagar mi | factura ~ del mes pasado',
    'quisiera | cambiar la | cita ~ para el jueves',
    'necesito | cancelar el | pedido ~ de ayer',
    'he perdido la | tarjeta ~ y quiero | bloquearla',
    'llamo por | el seguro de | mi coche',
    'no me | funciona internet ~ desde esta mañana',
    'quiero hablar con | una persona ~ por favor',
    'hay un | cargo extraño ~ en mi cuenta',
    'la puerta del | garaje | no cierra ~ bien',
    'el paquete de | la semana pasada | llegó roto',
    'mi vecino del | tercer piso | hace ruido ~ por la noche',
    'el contrato con | ustedes | termina ~ en junio',
  ),
  question: asked(
    'anything',
    'a qué hora | cierra la | oficina ~ hoy',
    'cuánto cuesta | el | plan premium ~ al mes',
    'puede decirme | dónde está | la tienda',
    'tienen | citas ~ para la semana que viene',
    'tienen | mesas libres ~ para esta noche',
    'puedo | llevar a mi | hijo ~ a la consulta',
    'hay | algún taxi ~ cerca ~ del hotel',
    'está | abierta la | piscina ~ los domingos',
    'venden | tarjetas de regalo',
    'cómo puedo | cambiar mi | contraseña',
  ),
  answer: asked(
    'anything',
    'mañana ~ a las nueve',
    'el | lunes ~ por la tarde',
    'ana garcía',
    'la factura ~ de la luz',
    'el segundo',
  ),
  'yes-no': asked('yes-no', 'sí', 'no', 'sí claro', 'no gracias', 'vale'),
  digits: [
    ...counted(4, 'cuatro cuatro | siete uno'),
    ...asked('digits', 'seis uno dos | treinta y cuatro | cincuenta y seis | setenta y ocho'),
    ...asked('digits', 'seis cinco cuatro | tres dos uno | cero nueve ocho'),
  ],
  email: asked('email', 'ana | punto garcía | arroba | gmail | punto com', 'info | arroba la tienda | punto es'),
  spelling: asked('spelling', 'g a r | c i a', 'es | m u | ñ o z'),
  address: asked(
    'address',
    'calle mayor | doce | dos ocho | cero uno tres | madrid',
    'avenida del sol | siete | 28004 | madrid',
  ),
};

const de: Sayings = {
  request: asked(
    'anything',
    'ich möchte | meine rechnung bezahlen ~ vom letzten monat',
    'ich würde gern | meinen | termin verschieben ~ auf donnerstag',
    'ich habe | meine | karte verloren ~ und will sie | sperren lassen',
    'ich rufe an wegen | meiner versicherung',
    'mein internet | geht nicht ~ seit heute morgen',
    'ich brauche | eine kopie von | der rechnung',
    'ich möchte mit | einem menschen sprechen ~ bitte',
    'das paket ist | nicht angekommen',
    'der bildschirm von | meinem tablet | ist kaputt',
    'die tür vom | kühlschrank | schließt nicht mehr',
    'mein nachbar im | dritten stock | macht lärm ~ in der nacht',
    'bitte schicken sie mir | die unterlagen ~ per post',
  ),
  question: asked(
    'anything',
    'wann | haben sie | geöffnet ~ am sonntag',
    'was kostet | das große | paket ~ im monat',
    'können sie mir sagen | wo die | filiale ist',
    'haben sie noch | termine frei ~ nächste woche',
    'ist der | aufzug | schon repariert',
    'kann mein | sohn | das paket abholen ~ morgen',
    'gibt es | einen parkplatz ~ in der nähe',
    'verkaufen sie | gutscheine ~ für kinder',
    'haben sie | ein zimmer ~ frei ~ im august',
    'darf ich | meine schwester | mitbringen',
    'wie kann ich | mein passwort | ändern',
  ),
  answer: asked(
    'anything',
    'morgen ~ um neun',
    'am | montag ~ vormittag',
    'anna müller',
    'die stromrechnung',
    'der zweite',
  ),
  'yes-no': asked('yes-no', 'ja', 'nein', 'ja genau', 'nein danke', 'ja bitte'),
  digits: [
    ...counted(4, 'vier vier | sieben eins'),
    ...counted(8, 'zwölf | vierunddreißig | sechsundfünfzig | achtundsiebzig'),
    ...asked('digits', 'null eins sieben eins | zwei drei vier | fünf sechs sieben'),
  ],
  email: asked(
    'email',
    'anna | punkt müller | at | gmail | punkt com',
    'info | at blumen | bindestrich laden | punkt de',
  ),
  spelling: asked('spelling', 'm ü | l l e r', 'es ist | m a | i e r'),
  address: asked(
    'address',
    'hauptstraße | zwölf | eins null eins | eins fünf | berlin',
    'am ring weg | sieben | 80331 | münchen',
  ),
};

const fr: Sayings = {
  request: asked(
    'anything',
    'je voudrais | payer ma | facture ~ du mois dernier',
    "j'aimerais | changer mon | rendez-vous ~ pour jeudi",
    "j'ai perdu | ma carte ~ et je veux | la bloquer",
    "j'appelle pour | mon | assurance auto",
    'internet ne | marche plus ~ depuis ce matin',
    'je veux parler à | quelqu’un ~ s’il vous plaît',
    'il y a un | paiement bizarre ~ sur mon compte',
    "je n'ai pas | reçu mon | colis",
    'la porte du | garage | ne ferme plus',
    "l'écran de | ma tablette | est cassé",
    'le colis de | la semaine dernière | est arrivé ouvert',
    'mon voisin du | troisième étage | fait du bruit ~ la nuit',
  ),
  question: asked(
    'anything',
    'à quelle heure | ferme le | magasin ~ ce soir',
    'combien coûte | le | forfait premium ~ par mois',
    'pouvez-vous me dire | où se trouve | le bureau de poste',
    'est-ce que vous avez | des places ~ pour la semaine prochaine',
    'est-ce que le | bureau | est ouvert ~ demain',
    'avez-vous | une chambre ~ libre ~ en août',
    'puis-je | amener mon | fils ~ à la consultation',
    'y a-t-il | un parking ~ près de la gare',
    'vendez-vous | des bons cadeaux',
    'comment puis-je | changer mon | mot de passe',
  ),
  answer: asked(
    'anything',
    'demain ~ à neuf heures',
    'lundi ~ matin',
    'anne martin',
    "la facture ~ d'électricité",
    'le deuxième',
  ),
  'yes-no': asked('yes-no', 'oui', 'non', "oui c'est ça", 'non merci', "d'accord"),
  digits: [
    ...counted(4, 'quatre quatre | sept un'),
    ...asked('digits', 'zéro six | douze | trente quatre | cinquante six | soixante dix huit'),
    ...asked('digits', 'zéro un | quarante deux | quinze | trente | vingt neuf'),
  ],
  email: asked('email', 'anne | point martin | arobase | gmail | point com', 'contact | arobase fleurs | point fr'),
  spelling: asked('spelling', 'm a r | t i n', "c'est | d u | p o n t"),
  address: asked(
    'address',
    'douze | rue de la paix | sept cinq | zéro zéro deux | paris',
    '7 | avenue foch | 69006 | lyon',
  ),
};

export const sayings = { en, es, de, fr };
