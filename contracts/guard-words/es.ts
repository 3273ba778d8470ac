/** Spanish, as callers say it; what the lists mean is told in `guard-words.ts`. */
import type { GuardWords } from '../guard-words.ts';
import { list } from './notation.ts';

export const es: GuardWords = {
  joints: list('pero, porque, y, aunque, sino'),
  skips: list('eh, em, este, pues, bueno, por favor, solo, sólo, directamente, ya, ahora, mejor, quizás'),
  negations: list('no, nunca, jamás, sin, tampoco, ni, ninguna, ningún, en vez de'),
  carriers: list(`
    quiero, quiere, quería, necesito, quisiera, deseo, tengo, que, me, gustaría, hace, falta, hay, un, una, es, tiene,
    estoy, está, a, de, pienso
  `),
  why: list('por qué, cómo es que'),
  person: {
    nouns: list(`
      persona, ser humano, humano, humana, agente, operador, operadora, representante, asesor, asesora, empleado, empleada,
      encargado, encargada, supervisor, supervisora, persona real, persona de verdad, persona humana, agente humano,
      agente real, compañero, compañera, alguien real, alguien de verdad, alguien humano
    `),
    alone: list(`
      persona, ser humano, humano, agente, operador, operadora, representante, asesor, asesora, persona real,
      persona de verdad, agente humano
    `),
    before: list(
      'un, una, el, la, algún, alguna, otro, otra, su, uno de sus, una de sus, verdadera, verdadero, auténtica',
    ),
    speaks: list(`
      hablar con, hable con, páseme con, páseme a, pásame con, pásame a, póngame con, ponme con, comuníqueme con,
      comunícame con, conécteme con, conéctame con, transfiérame a, transfiérame con, transfiéreme a, contactar con,
      que me atienda, que me pase con, me pone con, me puede poner con, me puede pasar con, me pasa con
    `),
    wants: list('quiero, necesito, quisiera, deseo, me gustaría, prefiero, deme, dame, hay'),
    tails: list('que, para hablar, al teléfono, ahí, disponible, gracias, aquí, o, inmediatamente'),
    behind: list(
      'con quien hablar, con quien pueda hablar, con la que hablar, con la que pueda hablar, que me atienda',
    ),
    around: [],
    notAsking: list(
      'debo, hay que, tuve que, tenía que, él, ella, ellos, si quiero, cuando, antes de, hablé, mi marido, mi mujer',
    ),
    polite: list('con, a, he dicho, inmediatamente, gracias, quiero, una, un'),
  },
  emergency: {
    says: list(`
      es una emergencia, tengo una emergencia, emergencia médica, llame a una ambulancia, llamen a una ambulancia,
      necesito una ambulancia, necesitamos una ambulancia, manden una ambulancia, envíe una ambulancia, llame a la policía,
      llamen a la policía, manden a la policía, necesito a la policía, llame a los bomberos, hay un incendio,
      hay fuego, se quema la casa, casa está ardiendo, no puedo respirar, no puede respirar, no respira, dejó de respirar,
      ha dejado de respirar, infarto, ataque al corazón, dolor en el pecho, derrame cerebral, está inconsciente,
      inconsciente, no se despierta, sangra mucho, está sangrando mucho, perdiendo mucha sangre, quiero morir, quiero morirme,
      matarme, suicidarme, suicidio, quitarme la vida, sobredosis, tiene una pistola, tiene un cuchillo, tiene un arma,
      me están atacando, me están robando, me quiere matar, van a matarme, me va a matar, están entrando en mi casa,
      apuñalado, se está ahogando, huele a gas, fuga de gas, me estoy muriendo, se está muriendo
    `),
    innocent: list(
      'contacto de emergencia, salida de emergencia, número de emergencia, cita de emergencia, fondo de emergencia',
    ),
    told: list(`
      si hay, en caso de, el año pasado, el mes pasado, la semana pasada, hace años, hace meses, hace semanas, hace un año,
      seguro, póliza, cubre, factura, película, libro
    `),
  },
  abuse: {
    says: list(`
      vete a la mierda, váyase a la mierda, que te jodan, que te den, que le den, jódete, chúpamela, cállate la boca,
      cierra la boca, vete al infierno, vete al carajo, vete a tomar por culo, que te follen, hijo de puta, hija de puta, eres una mierda,
      eres basura
    `),
    insults: list(`
      idiota, imbécil, estúpido, estúpida, tonto, tonta, gilipollas, cabrón, cabrona, puta, puto, zorra, subnormal, inútil,
      capullo, pendejo, pendeja, cretino, cretina, mamón, pedazo de mierda, asqueroso, asquerosa, bleep, hijo de puta
    `),
    address: list('eres, es usted, usted es, tú eres, sois, ustedes son, tú, usted, sos, pedazo de, eres un pedazo de'),
    between: list(
      'un, una, muy, tan, realmente, completamente, totalmente, puto, puta, maldito, maldita, pedazo de, un poco, bleep',
    ),
    machines: list('bot, robot, máquina, computadora, ordenador, contestador, voz, programa'),
    swearing: list('joder, mierda, coño, maldita, maldito, maldita sea, puta, puto, hostia, bleep, qué, so'),
    told: list('dijo, dice, dijeron, llamó, llamado, mi, soy, era, me siento, película, libro, palabra, él, ella'),
  },
};
