/** French, as callers say it; what the lists mean is told in `guard-words.ts`. */
import type { GuardWords } from '../guard-words.ts';
import { list } from './notation.ts';

export const fr: GuardWords = {
  joints: list('mais, parce que, car, et, puis'),
  skips: list(
    "euh, heu, ben, bah, alors, s'il vous plaît, s'il te plaît, svp, juste, directement, enfin, plutôt, maintenant, donc",
  ),
  negations: list("pas, jamais, sans, ni, aucun, aucune, au lieu de, n'ai, n'y a pas"),
  carriers: list("de, d'un, d'une, un, une, envie, besoin, à, c'est, ce n'est, est, avoir, l'intention"),
  why: list('pourquoi'),
  person: {
    nouns: list(`
      une personne, vraie personne, personne réelle, personne humaine, être humain, humain, vrai humain, conseiller,
      conseillère, agent, opérateur, opératrice, l'opérateur, l'opératrice, l'agent, représentant, employé, employée,
      responsable, superviseur, collègue, quelqu'un de réel, quelqu'un d'humain, quelqu'un de vrai, téléconseiller,
      quelqu'un en chair et en os
    `),
    alone: list(`
      une personne, vraie personne, personne réelle, être humain, humain, conseiller, conseillère, agent, opérateur,
      opératrice, vrai humain
    `),
    before: list(
      "un, une, le, la, votre, vos, vrai, vraie, véritable, autre, de vos, un de vos, une de vos, un autre, d'un, d'une",
    ),
    speaks: list(`
      parler à, parler avec, parler au, discuter avec, passez moi, passe moi, me passer, mettez moi en relation avec,
      mettez moi en contact avec, me mettre en relation avec, me mettre en contact avec, mettez moi avec,
      transférez moi à, transférez moi vers, transférez moi au, me transférer à, me transférer vers, connectez moi à,
      connectez moi avec, joindre, m'entretenir avec
    `),
    wants: list(`
      je veux, je voudrais, j'aimerais, je souhaite, il me faut, j'ai besoin, je préfère, puis je avoir, je peux avoir,
      pourrais je avoir, je veux avoir, je voudrais avoir, j'aimerais avoir, donnez moi, y a t il, il y a
    `),
    tails: list('au téléphone, en ligne, qui, disponible, tout de suite, immédiatement, à qui parler, merci, ou, là'),
    behind: list(
      'à qui parler, à qui je peux parler, avec qui parler, avec qui je peux parler, à qui je puisse parler',
    ),
    around: [],
    notAsking: list(`
      est ce que je dois, dois je, faut il, il faut que je, il, elle, ils, si je, quand je, avant de, j'ai dû, mon mari,
      ma femme
    `),
    polite: list("à, avec, au, j'ai dit, tout de suite, immédiatement, merci, je veux, un, une"),
  },
  emergency: {
    says: list(`
      c'est une urgence, est une urgence, urgence médicale, j'ai une urgence, appelez une ambulance, besoin d'une ambulance,
      envoyez une ambulance, appelez le samu, appelez la police, envoyez la police, besoin de la police,
      appelez les pompiers, envoyez les pompiers, il y a le feu, y a le feu, maison brûle, appartement brûle, maison est en feu,
      cuisine est en feu, il y a un incendie, peux pas respirer, peux plus respirer, n'arrive pas à respirer,
      n'arrive plus à respirer, ne respire plus, ne respire pas, respire plus, crise cardiaque, infarctus,
      douleur à la poitrine, douleurs à la poitrine, mal à la poitrine, est inconscient, est inconsciente, inconscient,
      inconsciente, ne se réveille pas, saigne beaucoup, perd beaucoup de sang, perds beaucoup de sang, veux mourir, me tuer,
      me suicider, suicide, mettre fin à mes jours, overdose, surdose, a une arme, a un couteau, a un pistolet, on m'attaque,
      poignardé, poignardée, veut me tuer, va me tuer, entre chez moi par effraction, se noie, ça sent le gas, ça sent le gaz,
      sens le gaz, odeur de gaz, fuite de gaz, en train de mourir
    `),
    innocent: list("contact d'urgence, sortie d'urgence, numéro d'urgence, rendez vous d'urgence"),
    told: list(`
      si, en cas de, l'année dernière, le mois dernier, la semaine dernière, il y a un an, il y a des années, il y a deux ans,
      assurance, l'assurance, assuré, couvre, facture, film, livre
    `),
  },
  abuse: {
    says: list(`
      va te faire foutre, allez vous faire foutre, va te faire voir, allez vous faire voir, ta gueule, ferme ta gueule,
      fermez la, ferme la, va au diable, allez au diable, nique ta mère, je t'emmerde, je vous emmerde, fils de pute,
      va mourir, espèce de, casse toi
    `),
    insults: list(`
      idiot, idiote, imbécile, crétin, crétine, abruti, abrutie, stupide, con, conne, connard, connasse, salaud, salope,
      enculé, pute, débile, bête, ordure, sac à merde, bouffon, tocard, bleep
    `),
    address: list(
      "tu es, t'es, vous êtes, es tu, êtes vous, tu n'es qu'un, tu n'es qu'une, vous n'êtes qu'un, toi, vous, espèce de",
    ),
    between: list(
      'un, une, des, vraiment, si, trop, complètement, totalement, gros, grosse, petit, petite, sale, sacré, pauvre, tous, bande de, bleep',
    ),
    machines: list('bot, robot, machine, ordinateur, voix, répondeur, programme'),
    swearing: list('putain, merde, bordel, sale, pauvre, gros, grosse, bleep, quel, quelle, espèce de'),
    told: list("dit, disait, appelé, traité, mon, ma, mes, je suis, j'étais, était, il, elle, film, livre, mot"),
  },
};
