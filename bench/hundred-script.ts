import { putScript } from './stand-in.ts';

/**
 * What a hundred callers and their agents say in the benchmark of barge-in, by position of each call's sound: everybody
 * interrupts every six seconds.
 */
export const everyMs = 6000;
export const firstMs = 5000;
const mostCallsMs = 300_000;

const words = 'No, thank you.';
/** What recognition says of each interruption, counted from its onset. */
const recognised = [
  { afterMs: 260, say: 'hypothesis', text: 'no' },
  { afterMs: 560, say: 'hypothesis', text: 'no thank you' },
  { afterMs: 1060, say: 'phrase', text: words },
] as const;
export const voiceMs = 500;

export const starts = Array.from(
  { length: Math.floor((mostCallsMs - firstMs) / everyMs) },
  (_, n) => firstMs + n * everyMs,
);
export const timeline = starts.flatMap(start =>
  recognised.map(({ afterMs, ...entry }) => ({ atMs: start + afterMs, ...entry })),
);

const story = Array.from(
  { length: 6 },
  () =>
    'The path goes on between the trees and along the wall, and behind every corner there is another bed of flowers.',
).join(' ');
/** Agents and callers are quiet in turn, as on the telephone: then a hundred of them fit on two cores. */
const thinksMs = 1800;
export const talks = `- match: {}\n  say: "${story}"\n  ttftMs: ${thinksMs}\n  gapMs: 5\n`;
/** The next answer begins with the tool that burns; its result is followed by the story again. */
const burns = `- { match: { lastUser: "." }, tool: { name: burn_a_core }, ttftMs: 20, times: 1 }\n- match: { tool: burn_a_core }\n  say: "${story}"\n${talks}`;
const burnEveryMs = 4000;

/** Some call's next answer burns, again and again. */
export function keepBurning(chatUrl: string | undefined) {
  let last = Promise.resolve();
  const burn = () => {
    last = putScript(chatUrl, burns);
  };
  burn();
  const timer = setInterval(burn, burnEveryMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await last;
      await putScript(chatUrl, talks);
    },
  };
}
