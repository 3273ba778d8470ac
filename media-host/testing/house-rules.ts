import { plainWords } from '../agent/same-words.ts';
import { spokenForm } from '../speech/spoken-form.ts';
import type { HeardWord } from './line.ts';
import type { Rehearsal } from './rehearse.ts';

/**
 * What holds in every call, whatever it is about: judged from the sound that reached the ear, from what recognition
 * told and from what the model was given; the call's own word is taken for nothing but its journal.
 */
export function brokenRules(call: Rehearsal): string[] {
  return [
    ...call.line.faults,
    ...call.voice.faults,
    ...soundAfterStop(call),
    ...silences(call),
    ...lostFinals(call),
    ...wronglyHeard(call),
    ...unheardInHistory(call),
    ...(call.line.mostLeadMs() > call.script.leadMs ? [`${call.line.mostLeadMs()} ms were sent ahead`] : []),
    ...(call.timers() > 0 ? [`${call.timers()} timers are left`] : []),
  ];
}

/** After StopAudio nothing sounds that was made before it, unless the sentence is given back. */
function soundAfterStop({ line, book, events, clock, openedAt }: Rehearsal): string[] {
  const begins = clock.now() - clock.monotonicUs() / 1000;
  const givenBack = events.flatMap(event =>
    event.type === 'floor-disputed' && event.outcome === 'given-back' ? [begins + event.atUs / 1000] : [],
  );
  return line.stops.flatMap((stop, i) => {
    const until = line.stops[i + 1] ?? Number.POSITIVE_INFINITY;
    const back = givenBack.find(at => at >= stop && at < until) ?? Number.POSITIVE_INFINITY;
    const soundedBefore = new Set(line.begun.filter(({ at }) => at <= stop).map(({ utterance }) => utterance));
    const late = line.sent.find(({ at, word }) => {
      if (word === undefined || at < stop || at >= Math.min(until, back)) return false;
      const { utterance, offsetMs } = book.word(word);
      const made = book.utterances[utterance];
      if (made && made.askedAt >= stop) return false;
      // A sentence kept from before may be said anew, from its beginning.
      return made === undefined || made.askedAt >= openedAt || (soundedBefore.has(utterance) && offsetMs > 0);
    });
    if (!late || sameMoment(line, late.at, stop)) return [];
    return [`a frame of "${book.word(late.word ?? 0).text}" was sent ${late.at - stop} ms after StopAudio`];
  });
}

/** Sent in the same millisecond, before it. */
const sameMoment = ({ sent }: Rehearsal['line'], at: number, stop: number): boolean =>
  at === stop && !sent.some(frame => frame.at > stop && frame.at <= stop + 20);

/** Neither side sounds for longer than a caller bears. */
function silences({ line, mouth, script, openedAt, clock, hungUpAt, away }: Rehearsal): string[] {
  const { mostSilenceMs = 4000 } = script;
  const end = hungUpAt() ?? clock.now();
  const spans = [
    ...line.audible,
    ...mouth.stretches.map(({ fromMs, toMs }) => ({ from: mouth.at(fromMs), until: mouth.at(toMs) })),
    ...away(),
    { from: end, until: end },
  ].sort((a, b) => a.from - b.from);
  let silentSince = openedAt;
  const found: string[] = [];
  for (const { from, until } of spans) {
    if (Math.min(from, end) - silentSince > mostSilenceMs)
      found.push(`${Math.round(from - silentSince)} ms of silence, ${Math.round(silentSince - openedAt)} ms into the call`);
    silentSince = Math.max(silentSince, until);
  }
  return found;
}

const normal = (text: string): string => plainWords(text).join(' ');

/** Every final is in the journal, as the caller's words or as an aside; our own voice that came back need not be. */
function lostFinals({ ears, events }: Rehearsal): string[] {
  const noted = events.flatMap(event =>
    event.type === 'caller-spoke' || event.type === 'caller-aside' ? [normal(event.text)] : [],
  );
  return ears.finals
    .filter(({ own }) => !noted.some(words => words.includes(normal(own))))
    .map(({ own }) => `the final "${own}" is nowhere in the journal`);
}

/** The journal's `heard` is what sounded, give or take a word. */
function wronglyHeard({ events, line, agent }: Rehearsal): string[] {
  let from = 0;
  return events.flatMap(event => {
    if (event.type !== 'agent-spoke') return [];
    const until = event.at;
    const sounded = distinct(line.heard.filter(({ at }) => at > from && at <= until));
    from = until;
    const told = plainWords(spokenForm(event.heard, agent.language).spoken).length;
    const real = plainWords(sounded.map(({ text }) => text).join(' ')).length;
    if (Math.abs(told - real) <= 1) return [];
    return [`turn ${event.turn}: the journal says ${told} words were heard, it were ${real}: "${event.heard}"`];
  });
}

/** A word that was given back counts once. */
const distinct = (words: readonly HeardWord[]): HeardWord[] => [
  ...new Map(words.map(word => [word.word, word])).values(),
];

/** What the model is told the agent said had reached the ear by then. */
function unheardInHistory({ model, line, agent }: Rehearsal): string[] {
  return model.asked.flatMap(({ at, history }) => {
    const heard = plainWords(
      line.begun
        .filter(word => word.at <= at)
        .map(({ text }) => text)
        .join(' '),
    );
    let next = 0;
    return history.flatMap(item => {
      if (item.type !== 'agent') return [];
      const missing = plainWords(spokenForm(item.text, agent.language).spoken).filter(word => {
        const found = heard.indexOf(word, next);
        if (found !== -1) next = found + 1;
        return found === -1;
      });
      return missing.length <= 1 ? [] : [`the model was told the agent said "${item.text}": ${missing.join(' ')} was not heard`];
    });
  });
}
