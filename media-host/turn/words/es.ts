/** Spanish, as people speak it on the telephone. */
import type { LanguageWords } from './language.ts';
import { list, pairs, values } from './notation.ts';

export const es: LanguageWords = {
  fillers: list('eh, em, este, mm, hm, ah, pues, bueno, o sea, a ver, digamos'),
  dangling: list(`
    y, e, o, u, pero, porque, si, cuando, aunque, como, que, donde, mientras, sino, el, la, los, las, un, una, unos,
    unas, mi, mis, tu, tus, su, sus, nuestro, nuestra, a, de, del, al, en, con, por, para, sin, sobre, hasta, desde,
    entre, hacia, según, yo, me, te, se, le, les, nos, soy, es, son, estoy, está, están, era, ha, he, hay, quiero,
    quería, quisiera, necesito, puedo, puede, podría, tengo, tiene, voy, debo, gustaría, muy, más, cada, algún,
    alguna, otro, otra, señor, señora, número, llamo, tengo que, decirme, puede decirme, podría decirme, a qué hora,
    me llamo, mi nombre es, no me, cuánto, cuál
  `),
  leaning: list(`
    entonces, también, solo, ya, eso, esto, ese, esa, este, esta, lo, así, además, luego, cuesta, vale, perdido,
    recibido, cambiar, comprar, pedir
  `),
  holding: list('un momento, un segundo, espere, espera, déjeme ver, déjame ver, vamos a ver, un momentito'),
  subordinate: list('si, cuando, porque, aunque, como, mientras, después de que, antes de que'),
  questions: list(`
    qué, cuál, cuáles, cuándo, dónde, quién, cómo, cuánto, cuánta, cuántos, cuántas, por qué, puede, puedes, podría,
    me puede, me podría, tiene, tienen, es posible, a qué hora
  `),
  closers: list('por favor, gracias, muchas gracias, adiós, hasta luego, eso es todo, nada más, no lo sé, no sé'),
  greetings: list('hola, buenas, buenos días, buenas tardes, buenas noches, vale, bien, oiga, perdone, mire'),
  yes: list('sí, si, claro, vale, correcto, exacto, de acuerdo, por supuesto, eso es, así es'),
  no: list('no, no gracias, tampoco, nunca, para nada, todavía no'),
  answers: list(`
    primero, primera, segundo, segunda, tercero, tercera, cuarto, último, última, hoy, mañana, ayer, lunes, martes,
    miércoles, jueves, viernes, sábado, domingo, ahora, ayuda, agente, operador, nada, ninguno, ambos, efectivo,
    tarjeta, facturación, después
  `),
  numbers: values(`
    cero 0, uno 1, un 1, una 1, dos 2, tres 3, cuatro 4, cinco 5, seis 6, siete 7, ocho 8, nueve 9, diez 10, once 11,
    doce 12, trece 13, catorce 14, quince 15, dieciséis 16, diecisiete 17, dieciocho 18, diecinueve 19, veinte 20,
    veintiuno 21, veintiún 21, veintidós 22, veintitrés 23, veinticuatro 24, veinticinco 25, veintiséis 26,
    veintisiete 27, veintiocho 28, veintinueve 29, treinta 30, cuarenta 40, cincuenta 50, sesenta 60, setenta 70,
    ochenta 80, noventa 90, cien 100, ciento 100, doscientos 200, trescientos 300, cuatrocientos 400, quinientos 500,
    seiscientos 600, setecientos 700, ochocientos 800, novecientos 900, mil 1000, millón 1000000
  `),
  numberJoints: list('y'),
  multiples: values('doble 2, triple 3'),
  email: {
    at: list('arroba'),
    dot: list('punto'),
    marks: list('guion, guión, guion bajo, guión bajo, barra baja, bajo'),
  },
  spellingLinks: list('de, como'),
  streets: list('calle, avenida, plaza, paseo, camino, carretera, ronda, travesía, callejón, vía'),
  postalCode: 'before-town',
  phone: /^(?:[6-9]\d{8}|34[6-9]\d{8})$/,
  unspoken: list('dólar, dólares, euro, euros, céntimo, céntimos, peso, pesos, punto, guion, guión, ciento'),
  spelling: pairs('si: sí, señor: sr, señora: sra, primero: 1, primera: 1, segundo: 2, segunda: 2, tercero: 3'),
  stop: list(`
    para, pare, basta, no, espera, espere, espere un momento, un momento, un segundo, alto, perdón, perdone, disculpe,
    en realidad, oiga, escuche, cállate, no es eso, eso no, hola
  `),
  backchannel: list(`
    ajá, aja, mm, mmm, mhm, hm, ah, eh, oh, sí, si, ya, vale, claro, bien, bueno, muy bien, de acuerdo, entiendo,
    entendido, ya veo, exacto, correcto, perfecto, ok, okay, okey, por supuesto, eso es, así es, ah vale, ah ya,
    gracias, está bien, genial, ya ya, uh, um
  `),
  clause: {
    determiners: list(`
      el, la, los, las, un, una, unos, unas, mi, mis, tu, tus, su, sus, nuestro, nuestra, nuestros, nuestras, este, esta,
      ese, esa, aquel, aquella, cada
    `),
    indefinite: list('un, una, unos, unas, cada'),
    pronouns: list('yo, tú, él, ella, usted, nosotros, ellos, ellas'),
    be: [],
    auxiliaries: [],
    sufficient: [],
    requests: list('por favor'),
    reasons: [],
    prepositions: list('de, del, en, con, por, para, a, al, sin, sobre, entre, junto, desde'),
    verbs: list(`
      es, son, era, está, están, estaba, ha, han, hay, tiene, tienen, puede, pueden, va, van, viene, vienen, llegó,
      llega, cierra, abre, funciona, cuesta, cuestan, hace, hacen, sale, salió, dice, dijo, quiere, termina, empieza, falta, gotea, suena, no, nunca, se, me,
      te, le, nos, y, o, pero, que, quien, donde
    `),
  },
};
