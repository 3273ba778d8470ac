import type { Step } from '../emulators/caller/conversation.ts';

/** The call `npm start` makes to itself: a question, an interruption of its answer, and a goodbye. */
export const demoConversation: readonly Step[] = [
  { say: 'What are your opening hours?' },
  { say: 'Wait, where are you?', bargeInMs: 900 },
  { say: 'Thank you, goodbye.' },
];
