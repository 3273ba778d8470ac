import { expect, test } from 'vitest';
import { brokenRules } from './house-rules.ts';
import { type Rehearsal, rehearse, type Script } from './rehearse.ts';

/** A scripted call: `begin` rings, the body plays it; whoever has not hung up by its end does so then. */
export type Scene = (begin: (script?: Script) => Promise<Rehearsal>) => Promise<void>;

/**
 * Registers the scripted calls of a file as tests. Every one obeys the house's rules beside its own promise; `encore`
 * plays them all again, last first, and expects the same bytes.
 */
export function rehearsals(scenes: string) {
  const played: { name: string; scene: Scene; fingerprint: string }[] = [];
  let virtualMs = 0;
  let wallMs = 0;

  const play = async (name: string, scene: Scene): Promise<{ fingerprint: string; broken: string[] }> => {
    const began = performance.now();
    const calls: Rehearsal[] = [];
    try {
      await scene(async script => {
        const call = await rehearse(`${scenes}: ${name}`, script);
        calls.push(call);
        return call;
      });
      for (const call of calls) if (!call.over()) await call.hangsUp();
    } finally {
      for (const call of calls) {
        call.giveTimersBack();
        virtualMs += call.clock.now() - call.openedAt;
      }
      wallMs += performance.now() - began;
    }
    return {
      fingerprint: calls.map(call => call.fingerprint()).join(' '),
      broken: calls.flatMap(brokenRules),
    };
  };

  return {
    call: (name: string, scene: Scene) =>
      test(name, async () => {
        const { fingerprint, broken } = await play(name, scene);
        expect(broken).toEqual([]);
        played.push({ name, scene, fingerprint });
      }),
    encore: () =>
      test('every call sends the same bytes and notes the same facts when it is played again', async () => {
        const once = { virtualMs, wallMs };
        for (const { name, scene, fingerprint } of played.toReversed()) {
          expect((await play(name, scene)).fingerprint, name).toBe(fingerprint);
        }
        console.log(
          `${scenes}: ${played.length} calls, ${(once.virtualMs / 60_000).toFixed(1)} virtual minutes in ` +
            `${(once.wallMs / 1000).toFixed(1)} s, and again in ${((wallMs - once.wallMs) / 1000).toFixed(1)} s`,
        );
        expect(played.length).toBeGreaterThan(0);
      }),
  };
}
