import type { Lane } from '../lanes/lane.ts';
import type { ToSpeech } from '../lanes/speech-lane.ts';
import type { AgentCard, FromTurn } from '../lanes/turn-messages.ts';
import type { Speaking } from './speaking.ts';

/** Has sound made of what the agent says, in the voice of the one that has the caller as it is told. */
export interface Voicing {
  /** The next sentence of a reply. */
  sentence(sentence: Extract<FromTurn, { type: 'sentence' }>): void;
  /** Words that fill a wait of this epoch's reply. */
  fill(epoch: number, text: string): void;
  /** The house's own words, under the number of an utterance they have already. */
  ownWords(epoch: number, utterance: number, text: string): void;
}

export interface VoicingOptions {
  call: number;
  speech: Lane<ToSpeech>;
  speaking: Pick<Speaking, 'sentence' | 'filler'>;
  /** The one that has the caller. */
  agent(): AgentCard;
}

export function createVoicing({ call, speech, speaking, agent }: VoicingOptions): Voicing {
  /** `behind`: it follows what was said before of the same reply, and must not overtake it. */
  const say = (epoch: number, utterance: number, text: string, fixed: boolean, behind = false) => {
    const { voice, rate, language } = agent();
    speech.post({ type: 'say', call, epoch, utterance, text, voice, rate, language, fixed, ...(behind && { behind }) });
  };

  return {
    sentence: sentence => {
      const { epoch, text, index, fixed = false } = sentence;
      const utterance = speaking.sentence(sentence);
      if (utterance !== undefined) say(epoch, utterance, text, fixed, index > 0);
    },
    fill: (epoch, text) => {
      const utterance = speaking.filler(epoch, text);
      if (utterance !== undefined) say(epoch, utterance, text, true);
    },
    ownWords: (epoch, utterance, text) => say(epoch, utterance, text, true),
  };
}
