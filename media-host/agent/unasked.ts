import { cutWhole } from '../speech/sentences.ts';
import { spokeUnasked } from './history.ts';
import { watchStatements } from './must-be-heard.ts';
import type { ReplyWork } from './reply.ts';
import type { SayRequest } from './runtime.ts';
import type { RuntimeEvent } from './runtime-event.ts';

/** Words that the agent says without a model: they become sentences, in the history and for the call, as a reply's do. */
export interface UnaskedParts extends Pick<ReplyWork, 'agents' | 'conversation' | 'monotonicUs'> {
  speak(event: RuntimeEvent): void;
}

/**
 * @param isFixed whether other calls will be told the sentence too
 * @returns all that was said
 */
export function sayUnasked(
  { agents, conversation, monotonicUs, speak }: UnaskedParts,
  { turn, epoch, text: whole }: SayRequest,
  isFixed: (sentence: string) => boolean,
): string {
  const sentences = cutWhole(whole);
  const statements = watchStatements(agents.page.mustBeHeard);
  for (const [index, text] of sentences.entries()) {
    const us = monotonicUs();
    const mustBeHeard = statements.mustBeHeard(text);
    const fixed = isFixed(text);
    conversation.history = spokeUnasked(conversation.history, turn, text);
    speak({
      ...{ type: 'sentence', turn, epoch, index, text, mustBeHeard },
      ...(fixed && { fixed }),
      ...{ askedUs: us, firstTokenUs: us, cutUs: us },
    });
  }
  return sentences.join(' ');
}
