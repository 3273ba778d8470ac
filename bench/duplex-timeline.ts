/** One call for somebody who wants to know what happened: all that was done, heard and decided, line by line, and a recording. */
import type { DuplexCall } from './duplex-call.ts';
import type { Findings } from './duplex-findings.ts';
import type { Moments } from './moments.ts';
import { frameLevels, voiceStretches } from './voice-stretches.ts';

/** Lines of `second  who  what`. */
export function timeline(call: DuplexCall, findings: Findings, moments: Moments): string[] {
  const { channels, acts } = call;
  const ms = (us: number) => channels.msAt(us);
  const agent = voiceStretches(frameLevels(channels.agent), 100);
  const words = (fromMs: number, toMs: number) =>
    call.heard
      .filter(({ startUs }) => ms(startUs) >= fromMs && ms(startUs) < toMs)
      .map(({ text }) => text)
      .join(' ');
  const lines: { atMs: number; who: string; what: string }[] = [
    ...acts.map(({ kind, text, startMs, endMs }) => ({
      atMs: startMs,
      who: 'caller',
      what: `${kind} ${text} (${Math.round(endMs - startMs)} ms)`,
    })),
    ...agent.map(({ startMs, endMs }) => ({
      atMs: startMs,
      who: 'agent',
      what: `${endMs - startMs} ms: ${words(startMs, endMs)}`,
    })),
    ...call.stops.map(({ atUs, discardedMs }) => ({
      atMs: ms(atUs),
      who: 'wire',
      what: `StopAudio, ${discardedMs} ms unplayed`,
    })),
    ...findings.overlaps.flatMap(({ act, loweredOnWireMs, givenBackMs }) => [
      ...(loweredOnWireMs === undefined
        ? []
        : [{ atMs: act.startMs + loweredOnWireMs, who: 'wire', what: 'voice lowered or stopped' }]),
      ...(givenBackMs === undefined ? [] : [{ atMs: act.endMs + givenBackMs, who: 'wire', what: 'voice as before' }]),
    ]),
    ...moments.events.map(({ atUs, event: { seq, at, type, ...fact } }) => ({
      atMs: ms(atUs),
      who: 'journal',
      what: `${type} ${JSON.stringify(fact)}`,
    })),
  ];
  return lines
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ atMs, who, what }) => `  ${(atMs / 1000).toFixed(2).padStart(7)}  ${who.padEnd(8)} ${what}`);
}

/** Both channels as a WAV file: the caller on the left, the agent on the right. */
export function stereo(caller: Int16Array, agent: Int16Array, sampleRate = 16_000): Buffer {
  const samples = Math.min(caller.length, agent.length);
  const file = Buffer.alloc(44 + samples * 4);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples * 4, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(2, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * 4, 28);
  file.writeUInt16LE(4, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples * 4, 40);
  for (let i = 0; i < samples; i++) {
    file.writeInt16LE(caller[i]!, 44 + i * 4);
    file.writeInt16LE(agent[i]!, 46 + i * 4);
  }
  return file;
}
