/** What a caller lets out in one step of a conversation: words, or a sound beside them. */
import type { Caller, CoughKind, Spoken, Utterance } from './caller.ts';
import { spelled } from './talk.ts';
import { textOf } from './voice/voice.ts';

export interface Sounds {
  /** Words; as a list, with pauses in ms between them. */
  say?: Spoken;
  /** Silence after every word of `say`, in ms. */
  wordGapMs?: number;
  /** Letters and digits, one by one, instead of `say`. */
  spell?: string;
  /** A short word that takes nobody's floor, instead of `say`. */
  backchannel?: string;
  /** Recorded speech, 16 kHz, instead of `say`. */
  wav?: { pcm: Int16Array; words: string };
  dtmf?: string;
  /** A cough of this many ms instead of words. */
  coughMs?: number;
  /** @default one of the caller's own */
  coughKind?: CoughKind;
  /** Breath on the microphone of this many ms instead of words. */
  puffMs?: number;
  /** A click instead of words. */
  click?: true;
}

/** Resolves when it has been heard. Nothing at all takes no time. */
export async function perform(caller: Caller, sounds: Sounds): Promise<Utterance> {
  const { say, wordGapMs, spell, backchannel, wav, dtmf, coughMs, coughKind, puffMs, click } = sounds;
  if (dtmf !== undefined) caller.dtmf(dtmf);
  if (wav) return caller.play(wav.pcm, wav.words);
  if (coughMs !== undefined) return caller.cough(coughMs, coughKind);
  if (puffMs !== undefined) return caller.puff(puffMs);
  if (click) return caller.click();
  if (backchannel !== undefined) return caller.backchannel(backchannel);
  if (spell !== undefined) return caller.spell(spell);
  if (say !== undefined) return caller.say(say, wordGapMs === undefined ? {} : { wordGapMs });
  const atUs = caller.earClockUs();
  return { text: '', startedUs: atUs, endedUs: atUs, cut: false };
}

/** The words of it, or the keys. */
export function saidIn({ say, spell, backchannel, wav, dtmf }: Sounds): string {
  if (say !== undefined) return textOf(say);
  if (spell !== undefined) return spelled(spell);
  return backchannel ?? wav?.words ?? dtmf ?? '';
}

/** Nobody answers a cough. */
export function wantsReply({ backchannel, coughMs, puffMs, click }: Sounds): boolean {
  return backchannel === undefined && coughMs === undefined && puffMs === undefined && !click;
}
