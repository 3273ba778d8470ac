/** English, as callers say it; what the lists mean is told in `guard-words.ts`. */
import type { GuardWords } from '../guard-words.ts';
import { list } from './notation.ts';

export const en: GuardWords = {
  joints: list('but, because, and, then, so that, although'),
  skips: list('uh, um, er, erm, hm, please, just, really, actually, directly, maybe, kindly, finally, simply'),
  negations: list(`
    don't, do not, not, never, no, without, didn't, did not, doesn't, does not, isn't, aren't, wasn't, won't, wouldn't,
    haven't, hasn't, rather not, instead of
  `),
  carriers: list(`
    want, wanted, wants, to, need, have, has, had, having, like, wish, ask, asked, asking, going, trying, be, being, been,
    a, an, the, any, is, was, it's, there, there's, think of, feel, even, ever, be able, you to
  `),
  why: list('why, how come'),
  person: {
    nouns: list(`
      person, human, human being, human agent, real human, agent, live agent, operator, representative, rep,
      customer service representative, customer service agent, support agent, service agent, member of staff,
      staff member, employee, advisor, adviser, manager, supervisor, colleague, somebody real, someone real, someone human,
      somebody human, real people, someone who is real, someone who is human
    `),
    alone: list(`
      person, human, human being, human agent, agent, live agent, operator, representative, customer service
      representative, customer service agent, somebody real, someone real, someone human, somebody human
    `),
    before: list(`
      a, an, the, some, any, your, one of your, another, real, actual, live, living, human, different, senior, proper,
      physical, breathing, this company's, of your
    `),
    speaks: list(`
      speak to, speak with, talk to, talk with, chat to, chat with, connect me to, connect me with, transfer me to,
      transfer me over to, put me through to, put me on to, put me onto, put me on with, pass me to, pass me on to,
      pass me over to, hand me over to, hand me to, get me through to, forward me to, switch me to, switch me over to,
      get hold of, get a hold of, be connected to, be connected with, be transferred to, be put through to
    `),
    wants: list(`
      i want, we want, i need, we need, i'd like, i would like, i'd prefer, i would prefer, i'd rather have, get me,
      give me, bring me, fetch me, can i have, can i get, could i have, could i get, may i have, can you get me,
      let me have, is there, isn't there, are there
    `),
    tails: list(`
      about, now, right, immediately, instead, here, there, available, on the line, on the phone, not, or, who, that, to talk,
      to speak, to help, i can, around, today, thanks, thank you, at once, asap
    `),
    behind: list(`
      i can speak to, i can speak with, i can talk to, i can talk with, i could speak to, i could talk to, to talk to,
      to speak to, to speak with, to talk with, that i can talk to, that i can speak to, who i can talk to,
      who i can speak to, i may speak to
    `),
    around: [],
    notAsking: list(`
      do i have to, do i need to, will i have to, will i need to, would i have to, would i need to, must i, should i, had to,
      having to, used to, he, she, they, who, wants to, if i, when i, before i, after i, you can, nobody
    `),
    polite: list(`
      to, with, now, right now, i said, immediately, at once, get me, give me, for me, come on, again, i repeat, thanks, the,
      would be good, would be great, would be nice, asap
    `),
  },
  emergency: {
    says: list(`
      is an emergency, it's an emergency, that's an emergency, have an emergency, got an emergency, medical emergency,
      call an ambulance, need an ambulance, send an ambulance, get an ambulance, ambulance quick, ambulance quickly,
      call the police, send the police, need the police, get the police, call the fire brigade, call the fire department,
      send the fire brigade, house is on fire, kitchen is on fire, flat is on fire, room is on fire, building is on fire,
      car is on fire, there's a fire, there is a fire, can't breathe, cannot breathe, can not breathe, not breathing,
      isn't breathing, stopped breathing, struggling to breathe, trouble breathing, having a heart attack,
      have a heart attack, chest pain, having a stroke, having a seizure, is unconscious, am unconscious, he's unconscious,
      she's unconscious, he collapsed, she collapsed, he passed out, she passed out, won't wake up, bleeding heavily,
      bleeding badly, bleeding a lot, won't stop bleeding, bleeding to death, losing a lot of blood, kill myself,
      killing myself, end my life, ending my life, take my own life, taking my own life, want to die, suicidal,
      commit suicide, harm myself, took an overdose, taken an overdose, overdosed, took too many pills,
      taken too many pills, been poisoned, swallowed poison, has a gun, has a knife, got a gun, being attacked,
      been attacked, been stabbed, been shot, breaking into my house, breaking into the house, somebody is breaking in,
      someone is breaking in, being robbed, going to kill me, trying to kill me, is drowning, smell gas, smells of gas,
      smells like gas, there's a gas leak, there is a gas leak, i'm dying, i am dying, he is dying,
      she is dying, he's dying, she's dying, husband is dying, wife is dying, father is dying, mother is dying, son is dying,
      daughter is dying, child is dying, baby is dying, somebody is dying, someone is dying
    `),
    innocent: list(`
      emergency contact, emergency contacts, emergency exit, emergency exits, emergency number, emergency kit,
      emergency fund, emergency appointment, emergency plumber, emergency line, emergency service, emergency brake,
      emergency light, emergency dentist, emergency repair, non emergency, dying to, dying for, gun licence, gun license, chest pain medication, been shot down
    `),
    told: list(`
      if, in case, in case of, what happens, last year, last month, last week, last summer, last winter, years ago,
      months ago, weeks ago, a year ago, a month ago, a week ago, insurance, insured, policy, covered, cover, invoice, bill,
      the bill, film, movie, book, game, used to
    `),
  },
  abuse: {
    says: list(`
      fuck you, fuck off, fuck yourself, screw you, go to hell, go screw yourself, piss off, shut the fuck up,
      shut the hell up, shut your mouth, shut your face, kiss my ass, kiss my arse, suck my dick, eat shit, drop dead,
      bleep you, bleep off, shut the bleep up, burn in hell, go kill yourself
    `),
    insults: list(`
      idiot, moron, imbecile, cretin, stupid, dumb, retard, retarded, asshole, arsehole, bitch, bastard, cunt, dick,
      dickhead, prick, wanker, twat, jerk, scumbag, dumbass, jackass, motherfucker, fucker, whore, slut, fool, loser,
      piece of shit, piece of crap, piece of garbage, piece of trash, son of a bitch, shithead, pathetic, worthless, ass,
      pig, bleep, brainless, braindead, brain dead
    `),
    address: list(`you, you're, you are, are you, you lot of, you guys are, you people are, you must be`),
    between: list(`
      a, an, the, such, so, such a, such an, just, really, fucking, freaking, bloody, damn, goddamn, total, complete, utter,
      absolute, absolutely, totally, completely, big, real, little, old, stupid, dumb, lazy, lying, useless, ugly, fat,
      worthless, pathetic, very, all, nothing but, kind of, bleep, bleeping, rotten, silly
    `),
    machines: list('bot, robot, machine, computer, voice, assistant, recording, ai, thing, program, system'),
    swearing: list(`
      fuck, fucking, shit, damn, goddamn, bloody, hell, crap, bullshit, bleep, the, a, total, complete, absolute, oh, ah,
      you, what a, god, jesus, christ
    `),
    told: list(`
      said, says, called, calls, calling, call, told, tells, my, i'm, i am, i was, he, she, they, he's, she's, they're,
      was, were, his, her, the word, film, movie, book, song, name, feel, felt, sound, sounds, seem, think i
    `),
  },
};
