import { expect, test } from 'vitest';
import { brokenRules } from './house-rules.ts';
import { type Rehearsal, rehearse } from './rehearse.ts';
import type { Script } from './stage.ts';
import { stageClock } from './stage-clock.ts';

/** Rings. */
export type Begin = (script?: Script) => Promise<Rehearsal>;
/** A scripted call: who has not hung up by its end does so then. */
export type Scene = (begin: Begin) => Promise<void>;

interface Played {
  fingerprint: string;
  brokenRules: string[];
  virtualMs: number;
  wallMs: number;
}

/**
 * Registers the scripted calls of a file as tests. Every one obeys the house's rules beside its own promise; `encore`
 * plays them all again, last first, and expects the same bytes.
 */
export function rehearsals(scenes: string) {
  const played: { name: string; scene: Scene; first: Played }[] = [];
  return {
    call: (name: string, scene: Scene) =>
      test(name, async () => {
        const first = await play(`${scenes}: ${name}`, scene);
        expect(first.brokenRules).toEqual([]);
        played.push({ name, scene, first });
      }),
    encore: () =>
      test('every call sends the same bytes and notes the same facts when it is played again', async () => {
        const again: Played[] = [];
        for (const { name, scene, first } of played.toReversed()) {
          const second = await play(`${scenes}: ${name}`, scene);
          expect(second.fingerprint, name).toBe(first.fingerprint);
          again.push(second);
        }
        const seconds = (all: readonly Played[]) => (all.reduce((ms, { wallMs }) => ms + wallMs, 0) / 1000).toFixed(1);
        const minutes = again.reduce((ms, { virtualMs }) => ms + virtualMs, 0) / 60_000;
        const once = played.map(({ first }) => first);
        console.log(
          `${scenes}: ${played.length} calls, ${minutes.toFixed(1)} virtual minutes, ` +
            `in ${seconds(once)} s and again in ${seconds(again)} s`,
        );
        expect(played.length).toBeGreaterThan(0);
      }),
  };
}

async function play(name: string, scene: Scene): Promise<Played> {
  const startedMs = performance.now();
  const clock = stageClock();
  const calls: Rehearsal[] = [];
  await scene(async (script = {}) => {
    const call = await rehearse(name, script, clock);
    calls.push(call);
    return call;
  });
  for (const call of calls) if (!call.over()) await call.hangsUp();
  return {
    fingerprint: calls.map(call => call.fingerprint()).join(' '),
    brokenRules: calls.flatMap(brokenRules),
    virtualMs: calls.reduce((ms, { openedAt }) => ms + clock.now() - openedAt, 0),
    wallMs: performance.now() - startedMs,
  };
}
