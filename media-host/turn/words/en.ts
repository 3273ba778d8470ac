/** English, as people speak it on the telephone. */
import type { LanguageWords } from './language.ts';
import { list, pairs, values } from './notation.ts';

export const en: LanguageWords = {
  fillers: list('uh, um, er, erm, eh, ah, hm, hmm, mm, uhm, you know, i mean'),
  dangling: list(`
    and, or, but, because, if, when, while, although, unless, until, since, whether, than, a, an, the, my, your, his,
    her, our, their, its, some, any, every, each, another, to, of, for, with, from, at, by, into, about, between,
    under, during, per, via, i, we, they, he, she, is, are, am, was, were, be, been, being, has, had, i'm, i've, i'd,
    i'll, we're, we've, it's, that's, there's, they're, you're, gonna, wanna, can, could, would, will, should, may,
    might, must, want, wanted, need, needed, get, very, really, quite, mr, mrs, ms, doctor, number, called, named,
    which, who, whose, would like, i'd like, we'd like, trying, calling, looking, wondering, going, let me, not sure,
    can you, could you, would you, can i, could i, do you, may i, what, how, where, it is, tell me, can you tell me,
    could you tell me, what time, how much, how many, how long, what kind of, no one, i just, and then
  `),
  leaning: list(`
    in, on, off, up, out, over, down, through, so, then, also, like, just, still, only, that, this, these, those,
    have, do, does, did, make, change, check, well, first, last, next, new, old, other, more, maybe, actually,
    basically, and so, or so, received, ordered, bought, lost, forgot, sent, called, find, take, use, know if,
    about that, extra, whole, possible, size
  `),
  holding: list(`
    let me see, let me check, let me think, let me look, hold on, hang on, one moment, one second, just a moment,
    just a second, give me a second, give me a moment, bear with me, wait, one sec
  `),
  subordinate: list('if, when, because, since, although, while, unless, once, after, before, whenever'),
  questions: list(`
    what, what's, when, where, where's, who, who's, why, how, which, whose, can, could, would, will, do, does, did,
    is, are, am, was, were, have, has, may, should, isn't
  `),
  closers: list(`
    please, any more, anymore, thanks, thank you, thank you very much, thanks a lot, bye, goodbye, bye bye, that's it, that's all,
    that is all, that's everything, that's right, that is correct, that's correct, nothing else, that's fine,
    i don't know, i do not know, no idea, never mind, all right then
  `),
  greetings: list(`
    hi, hello, hey, hi there, hello there, good morning, good afternoon, good evening, okay, ok, well, so, right,
    all right, sure, oh, yeah so, excuse me, sorry
  `),
  yes: list('yes, yeah, yep, yup, sure, correct, right, exactly, okay, ok, of course, absolutely, i do'),
  no: list(`no, nope, nah, not really, no thanks, no thank you, i don't, never, negative, not yet`),
  answers: list(`
    first one, second, third, fourth, fifth, today, tomorrow, yesterday, tonight, monday, tuesday, wednesday,
    thursday, friday, saturday, sunday, morning, afternoon, evening, noon, help, agent, operator, representative,
    cash, card, nothing, none, both, neither, either, anytime, now, later, repeat, english, spanish, billing
  `),
  numbers: values(`
    first 1, second 2, third 3, fourth 4, fifth 5, sixth 6, seventh 7, eighth 8, ninth 9, tenth 10, eleventh 11,
    twelfth 12, thirteenth 13, fourteenth 14, fifteenth 15, sixteenth 16, seventeenth 17, eighteenth 18,
    nineteenth 19, twentieth 20, thirtieth 30, zero 0, oh 0, one 1, two 2, three 3, four 4, five 5, six 6, seven 7,
    eight 8, nine 9, ten 10, eleven 11, twelve 12, thirteen 13, fourteen 14, fifteen 15, sixteen 16, seventeen 17,
    eighteen 18, nineteen 19, twenty 20, thirty 30, forty 40, fifty 50, sixty 60, seventy 70, eighty 80, ninety 90,
    hundred 100, thousand 1000, million 1000000, nought 0
  `),
  numberJoints: list('and'),
  multiples: values('double 2, triple 3'),
  email: {
    at: list('at'),
    dot: list('dot, point'),
    marks: list('dash, hyphen, underscore, minus, plus'),
  },
  spellingLinks: list('as in, like in, like, for'),
  streets: list(`
    street, st, avenue, ave, road, rd, lane, drive, boulevard, court, place, square, way, close, terrace, crescent,
    highway, parkway, circle
  `),
  postalCode: 'last',
  // North America: ten digits that begin with neither 0 nor 1, or eleven after 1; Britain: eleven after 0.
  phone: /^(?:[2-9]\d{9}|1\d{10}|0\d{10})$/,
  unspoken: list(`
    dollar, dollars, cent, cents, pound, pounds, euro, euros, percent, o'clock, oclock, dot, point, dash, hyphen,
    underscore, minus
  `),
  spelling: pairs(`
    ok: okay, gonna: going to, wanna: want to, gotta: got to, alright: all right, cannot: can not, mister: mr,
    doctor: dr, street: st, avenue: ave, road: rd, yeah: yes, yep: yes, can't: can not, won't: will not, i'm: i am,
    let's: let us
  `),
  stop: list(`
    stop, no, nope, wait, wait a minute, wait a second, hold on, hang on, hold up, actually, sorry, excuse me, pardon,
    pardon me, never mind, cancel, one moment, one second, just a moment, just a second, enough, be quiet, shut up,
    that's wrong, that's not right, that's not, not that, listen, i didn't, i don't want, hello
  `),
  backchannel: list(`
    uh, uh huh, uh-huh, uhhuh, mm, mmm, mhm, mm hm, mm hmm, mm-hmm, mmhmm, hm, hmm, um, ah, aha, oh, ooh, wow, yeah,
    yes, yep, yup, okay, ok, kay, right, all right, alright, sure, i see, i understand, got it, gotcha, great, good,
    fine, perfect, cool, nice, exactly, of course, makes sense, that makes sense, oh okay, oh i see, that's right,
    that's fine, sounds good, true, really, interesting, absolutely, definitely, thanks, thank you, haha, ha, ha ha
  `),
  clause: {
    determiners: list(`
      the, a, an, my, your, his, her, our, their, its, this, that, these, those, some, any, every, each, another, all, no,
      one, two, three, both, most, half, none
    `),
    indefinite: list('a, an, some, any, one, two, three, both, most, half, none, all, no, another, every, each'),
    pronouns: list('i, you, he, she, it, we, they, there, this, that, someone, somebody, anyone, anybody'),
    be: list(`is, are, was, were, isn't, aren't, wasn't, weren't, what's, where's, who's`),
    auxiliaries: list(`
      do, does, did, can, could, will, would, should, may, might, must, have, has, had, don't, doesn't, didn't, can't,
      couldn't, won't, wouldn't, shouldn't, haven't, hasn't
    `),
    sufficient: list(`
      help, deliver, pay, come, go, work, call, wait, park, smoke, swim, know, understand, remember, start, stop, leave,
      open, close, hear, listen, speak, talk, drive, fly, walk, sit, stay, eat, exist, agree, mind, care, moved, arrived,
      called, try, begin, finish, hurry, confirm, repeat, explain, continue, apologize, do, be, this, that, it, you, me
    `),
    requests: list('please'),
    reasons: list('why, how'),
    prepositions: list(`
      of, in, on, at, by, with, from, to, for, near, behind, under, over, above, below, beside, between, inside, outside,
      next, about, without, against, opposite
    `),
    verbs: list(`
      is, are, was, were, am, be, been, has, have, had, do, does, did, don't, doesn't, didn't, isn't, wasn't, can, could,
      will, would, should, may, must, can't, won't, not, never, and, or, but, goes, went, gone, comes, came, gets, got,
      makes, made, takes, took, says, said, tells, told, needs, wants, works, looks, leaves, left, lives, starts, stops,
      begins, began, ends, costs, runs, ran, stands, stood, sits, sat, broke, fell, lost, kept, keeps, sent, gave, gives,
      put, shows, smells, leaks, hurts, sounds, feels, arrives, belongs, seems, ones, who, which, where, when
    `),
    verbLike: /.{3}[^e]ed$|.{4}ied$|n't$/,
  },
  stranding: {
    openers: list('what, who, where, which, how, whose'),
    endings: list('to, for, with, from, about, at, of, in, on, by, is, are, was'),
  },
};
