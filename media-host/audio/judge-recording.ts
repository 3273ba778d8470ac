import { parseArgs } from 'node:util';
import { z } from 'zod';
import { settingsTable } from '../../contracts/settings.ts';
import { echoGate } from './echo-gate.ts';
import { rmsOf } from './loudness.ts';
import { openVoiceDetector } from './voice-activity.ts';

/**
 * Judges a recorded call as the media host would have: `node media-host/audio/judge-recording.ts --detector silero < call.pcm`.
 * Reads PCM 16 kHz 16 bit stereo, left what came from the caller, right what was played to them; writes a line of JSON for
 * each window told, and a last one with what it cost. `--calls` lets that many calls hear the same, to see the cost of many.
 */
const frameSamples = 320;
const frameMs = 20;

const { values } = parseArgs({
  options: { detector: { type: 'string', default: 'auto' }, calls: { type: 'string', default: '1' } },
});
const wish = settingsTable.VOICE_ACTIVITY.schema.parse(values.detector);
const calls = z.coerce.number().int().min(1).max(1000).parse(values.calls);

const detector = await openVoiceDetector(wish);
const gate = echoGate();
let nowMs = 0;
const write = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const activities = Array.from({ length: calls }, (_, call) =>
  detector.open(({ heard, rms, endMs }) => {
    if (call === 0) write({ heard, rms: Math.round(rms), endMs, toldMs: nowMs, above: gate.above(rms, nowMs) });
  }),
);
for (const activity of activities) activity.attend('closely');

const caller = new Int16Array(frameSamples);
const played = new Int16Array(frameSamples);
let rest = Buffer.alloc(0);
let cpuUs = 0;
for await (const chunk of process.stdin) {
  rest = Buffer.concat([rest, chunk as Buffer]);
  let at = 0;
  for (; rest.length - at >= frameSamples * 4; at += frameSamples * 4) {
    for (let i = 0; i < frameSamples; i++) {
      caller[i] = rest.readInt16LE(at + 4 * i);
      played[i] = rest.readInt16LE(at + 4 * i + 2);
    }
    nowMs += frameMs;
    const before = process.cpuUsage();
    gate.played(rmsOf(played), nowMs);
    for (const activity of activities) activity.hear(caller);
    await detector.idle();
    const spent = process.cpuUsage(before);
    cpuUs += spent.user + spent.system;
  }
  rest = rest.subarray(at);
}
for (const activity of activities) activity.close();
write({ detector: detector.name, calls, audioMs: nowMs, cpuUs, tally: detector.tally });
await detector.close();
