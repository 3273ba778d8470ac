import { spokenForm } from '../speech/spoken-form.ts';
import { plainWords } from '../turn/words/tokens.ts';
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
function soundAfterStop({ line, book, kept, events, clock, openedAt }: Rehearsal): string[] {
  const begins = clock.now() - clock.monotonicUs() / 1000;
  const givenBack = events.flatMap(event =>
    event.type === 'floor-disputed' && event.outcome === 'given-back' ? [begins + event.atUs / 1000] : [],
  );
  return line.stops.flatMap((stop, i) => {
    const back = givenBack.find(at => at >= stop && at < (line.stops[i + 1] ?? at + 1)) ?? Number.POSITIVE_INFINITY;
    const late = line.sent.find(({ at, word, afterStops }) => {
      if (word === undefined || afterStops !== i + 1 || at >= back) return false;
      const { utterance, offsetMs } = book.word(word);
      const { askedAt = 0, text = '' } = book.utterances[utterance] ?? {};
      // A sentence that is kept, or made before the call, may be said anew, but from its beginning.
      return askedAt >= openedAt && !kept.has(text)
        ? askedAt < stop
        : offsetMs > 0 && !line.begun.some(one => one.utterance === utterance && one.at >= stop);
    });
    return late ? [`a frame of "${book.word(late.word ?? 0).text}" was sent ${late.at - stop} ms after StopAudio`] : [];
  });
}

/** Neither side sounds for longer than a caller bears. */
function silences({ line, mouth, script, openedAt, clock, hungUpAt, overAt, absences }: Rehearsal): string[] {
  const { mostSilenceMs = 4000 } = script;
  const end = hungUpAt() ?? overAt() ?? clock.now();
  const spans = [
    ...line.audible,
    ...mouth.stretches.map(({ fromMs, toMs }) => ({ from: mouth.at(fromMs), until: mouth.at(toMs) })),
    ...absences,
    { from: end, until: end },
  ].sort((a, b) => a.from - b.from);
  let silentSince = openedAt;
  const found: string[] = [];
  for (const { from, until } of spans) {
    if (Math.min(from, end) - silentSince > mostSilenceMs)
      found.push(
        `${Math.round(from - silentSince)} ms of silence, ${Math.round(silentSince - openedAt)} ms into the call`,
      );
    silentSince = Math.max(silentSince, until);
  }
  return found;
}

const normal = (text: string): string => plainWords(text).join(' ');

/** Every final is in the journal, as the caller's words or as an aside; our own voice that came back need not be. */
function lostFinals({ ears, events }: Rehearsal): string[] {
  const spoken = events.filter(event => event.type === 'caller-spoke');
  // What a final said more than was answered is a turn of its own.
  const turns = new Map(spoken.map(event => [event.turn, event.text]));
  const asides = events.filter(event => event.type === 'caller-aside');
  const noted = [...spoken, ...asides, { text: [...turns.values()].join(' ') }].map(({ text }) => normal(text));
  return ears.finals
    .filter(({ own }) => !noted.some(words => words.includes(normal(own))))
    .map(({ own }) => `the final "${own}" is nowhere in the journal`);
}

/** The journal's `heard` is what sounded, give or take a word. */
function wronglyHeard({ events, line, agent, openedAt }: Rehearsal): string[] {
  let from = 0;
  return events.flatMap(event => {
    // Noted as this host took over: another one said it.
    if (event.type !== 'agent-spoke' || event.at === openedAt) return [];
    const until = event.at;
    const sounded = distinct(line.heard.filter(({ at }) => at > from && at <= until));
    from = until;
    const told = spokenWords(event.text, event.heard, agent.language);
    const real = sounded.length;
    if (Math.abs(told - real) <= 1) return [];
    return [`turn ${event.turn}: the journal says ${told} words were heard, they were ${real}: "${event.heard}"`];
  });
}

/** How many words of `text` are said by the time it has been heard up to `heard`. */
function spokenWords(text: string, heard: string, language: string): number {
  if (!text.startsWith(heard)) return plainWords(spokenForm(heard, language).spoken).length;
  const { spoken, originalAt } = spokenForm(text, language);
  const ends = [...spoken.matchAll(/\S*[\p{L}\p{N}]\S*/gu)].map(({ 0: word, index }) => index + word.length);
  return ends.filter(end => originalAt(end) <= heard.length).length;
}

/** A word that was given back counts once. */
const distinct = (words: readonly HeardWord[]): HeardWord[] => [
  ...new Map(words.map(word => [word.word, word])).values(),
];

/** What the model is told the agent said had reached the ear by then, but for the reply that is being made. */
function unheardInHistory({ model, line, agent, script }: Rehearsal): string[] {
  return model.asked.flatMap(({ at, history }) => {
    const here = line.begun.filter(word => word.at <= at).map(({ text }) => text);
    const heard = plainWords([script.past?.heard ?? '', ...here].join(' '));
    let next = 0;
    const beingMade = history.at(-1)?.type === 'caller' ? history.length : history.findLastIndex(isCaller) + 1;
    return history.flatMap((item, place) => {
      if (item.type !== 'agent' || place >= beingMade) return [];
      const missing = plainWords(spokenForm(item.text, agent.language).spoken).filter(word => {
        const found = heard.indexOf(word, next);
        if (found !== -1) next = found + 1;
        return found === -1;
      });
      return missing.length <= 1
        ? []
        : [`the model was told the agent said "${item.text}": ${missing.join(' ')} was not heard`];
    });
  });
}

const isCaller = ({ type }: { type: string }) => type === 'caller';
