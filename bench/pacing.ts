import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startSystem } from '../commands/system.ts';
import { dial } from '../emulators/caller/caller.ts';
import { atMost, type Benchmark, machine } from './result.ts';
import { putScript } from './stand-in.ts';

/**
 * A minute of speech through the whole system: how fast it leaves for ACS, counted at ACS from its own stamps, and how
 * much of it ever waits there unplayed. The lead is sent at once at the beginning; the minute is counted behind it.
 */
const sentence = 'The story goes on with one more sentence that says very little and takes its time about it.';

interface Arrivals {
  framesIn: number;
  lastAudioUs: number;
  maxLeadMs: number;
}

export const pacing: Benchmark = {
  about: '60 s of speech leaves in 60 s, with at most 200 ms unplayed in ACS',
  run: async (say, { quick }) => {
    const minuteMs = quick ? 10_000 : 60_000;
    const dir = await mkdtemp(path.join(os.tmpdir(), 'switchboard-bench-'));
    const system = await startSystem({ dir, settings: { LOG_LEVEL: 'warn' } });
    try {
      const story = Array.from({ length: 16 }, () => sentence).join(' ');
      await putScript(system.chatUrl, `- match: {}\n  say: "${story}"\n  gapMs: 1\n`);
      const caller = await dial({ line: (system.acsUrl ?? '').replace('http', 'ws') });
      await caller.mediaOpen();
      await caller.agentFallsSilent({ quietMs: 1500, timeoutMs: 20_000 });
      await caller.say('Please tell me a story.');
      const { atUs } = await caller.agentStartsSpeaking(20_000);
      const arrivals = async () => {
        const answer = await fetch(`${system.acsUrl}/emulator/calls`);
        const { calls } = (await answer.json()) as { calls: { media: Arrivals }[] };
        return calls[0]?.media as Arrivals;
      };
      const waitUntil = (us: number) =>
        caller.until(() => (caller.earClockUs() >= us ? true : undefined), {
          what: 'the story to go on',
          timeoutMs: minuteMs + 10_000,
        });

      await waitUntil(atUs + 2_000_000);
      const from = await arrivals();
      say(`  listening for ${minuteMs / 1000} s`);
      await waitUntil(atUs + 2_000_000 + minuteMs * 1000);
      const to = await arrivals();
      await caller.hangUp();
      const speechMs = (to.framesIn - from.framesIn) * 20;
      const tookMs = (to.lastAudioUs - from.lastAudioUs) / 1000;
      return {
        name: 'pacing',
        machine: machine(),
        metrics: {
          'speech, ms': speechMs,
          'left in, ms': Math.round(tookMs * 10) / 10,
          'most unplayed in ACS, ms': to.maxLeadMs,
        },
        promises: [
          atMost('60 s of speech leaves in 60 s, off by', 20, Math.abs(tookMs - speechMs), 'ms'),
          atMost('unplayed in ACS, most', 200, to.maxLeadMs, 'ms'),
        ],
      };
    } finally {
      await system.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
};
