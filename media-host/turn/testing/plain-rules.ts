import type { ConversationRules } from '../conversation-state.ts';
import { floorRules } from '../floor.ts';
import { silenceRules } from '../silence.ts';

/** How turns are taken with an agent whose page asks for nothing special. */
export const plainRules: ConversationRules = {
  turn: { language: 'en-US', expects: 'anything', sttLagMs: 1000 },
  floor: floorRules,
  silence: silenceRules,
  language: 'en-US',
  words: { stop: [], backchannel: [] },
  courtesyMs: 800,
  overdueMs: 5000,
  asideMs: 1500,
};
