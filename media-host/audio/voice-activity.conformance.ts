import { expect, test } from 'vitest';
import type { VoiceDetector, VoiceWindow } from './voice-activity.ts';

/**
 * What every detector must do; `open` may give the same one again and again. The sounds are given by whoever calls this: synthetic speech beside the stand-ins, recorded
 * speech where there is some. PCM 16 kHz.
 */
export interface VoiceSounds {
  /** An utterance that sounds from its first sample, at least a second long. */
  speech: Int16Array;
  /** Steady white noise of a root mean square. */
  hiss(ms: number, rms: number): Int16Array;
  /** Keys of a telephone, pressed one after the other. */
  keys: Int16Array;
}

const frame = 320;
const silence = (ms: number) => new Int16Array(ms * 16);

export function voiceActivityConformance(name: string, open: () => Promise<VoiceDetector>, sounds: VoiceSounds): void {
  const { speech, hiss, keys } = sounds;
  const line = (ms: number) => hiss(ms, 26);

  test(`${name}: speech is a sound at once and a voice soon after, until it is over`, async () => {
    const told = await judged(open, [line(1000), speech, line(500)]);
    const sound = told.find(({ heard }) => heard !== 'quiet');
    const voice = told.find(({ heard }) => heard === 'voice');
    expect(sound?.endMs).toBeGreaterThanOrEqual(1000);
    expect(sound?.endMs).toBeLessThanOrEqual(1040);
    expect(voice?.endMs).toBeGreaterThanOrEqual(sound?.endMs ?? 0);
    expect(voice?.endMs).toBeLessThanOrEqual(1000 + 200);
    expect(told.at(-1)?.heard).toBe('quiet');
    expect(told.at(-1)?.endMs).toBeLessThanOrEqual(1000 + speech.length / 16 + 150);
  });

  test(`${name}: windows are told in the order of their ends, quiet ones once, and loudness is that of the sound`, async () => {
    const told = await judged(open, [line(500), speech, line(500), speech, line(500)]);
    expect(told.map(({ endMs }) => endMs)).toEqual(told.map(({ endMs }) => endMs).sort((a, b) => a - b));
    expect(told.some(({ heard }, i) => heard === 'quiet' && told[i + 1]?.heard === 'quiet')).toBe(false);
    const loudest = Math.max(...told.map(({ rms }) => rms));
    const peak = speech.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(loudest).toBeGreaterThan(peak / 10);
    expect(loudest).toBeLessThan(peak);
  });

  test(`${name}: silence and what is softer than -50 dBFS is nothing`, async () => {
    expect(await judged(open, [silence(1000), line(1000), hiss(500, 80), silence(300)])).toEqual([]);
  });

  test(`${name}: a hiss that goes on becomes quiet and is no voice`, async () => {
    const told = await judged(open, [line(2100), hiss(4000, 500)]);
    expect(told[0]?.heard).toBe('sound');
    expect(told.at(-1)?.heard).toBe('quiet');
    expect(told.at(-1)?.endMs).toBeLessThan(2100 + 2500);
  });

  test(`${name}: speech is told from a hiss that goes on`, async () => {
    const before = hiss(4000, 150);
    const told = await judged(open, [before, mixed(speech, hiss(speech.length / 16, 150)), hiss(500, 150)]);
    const voice = told.find(({ heard, endMs }) => heard === 'voice' && endMs > 3000);
    expect(voice?.endMs).toBeGreaterThan(4000);
    expect(voice?.endMs).toBeLessThan(4300);
  });

  test(`${name}: keys are a sound and no voice`, async () => {
    const heard = (await judged(open, [line(500), keys, line(300)])).map(each => each.heard);
    expect(heard).toContain('sound');
    expect(heard).not.toContain('voice');
  });

  test(`${name}: chunks of any size are judged alike`, async () => {
    const parts = [line(700), speech, line(400), keys];
    // Sound that begins inside a window is told early where nothing waits; whole windows are told always.
    const whole = (told: VoiceWindow[]) => told.filter(({ endMs }) => endMs % 32 === 0);
    const expected = whole(await judged(open, parts));
    for (const size of [1, 333, 5000]) expect(whole(await judged(open, parts, size))).toEqual(expected);
  });

  test(`${name}: no sound at all changes nothing`, async () => {
    const detector = await open();
    const told: VoiceWindow[] = [];
    const call = detector.open(window => told.push(window));
    call.attend('closely');
    for (const part of chunks(joined([speech, silence(500)]), frame)) {
      call.hear(silence(0));
      call.hear(part);
      await detector.idle();
    }
    call.close();
    expect(told.filter(({ endMs }) => endMs % 32 === 0)).toEqual(
      (await judged(open, [speech, silence(500)])).filter(({ endMs }) => endMs % 32 === 0),
    );
  });

  test(`${name}: calls that are heard at once do not mix`, async () => {
    const alone = await judged(open, [line(600), speech, line(300)]);
    const detector = await open();
    const parts = [
      [line(600), speech, line(300)],
      [line(900), keys],
      [hiss(3000, 300)],
      [speech, line(300)],
      [line(100), speech],
      [line(200), speech],
    ].map(each => chunks(joined(each), frame));
    const told = parts.map((): VoiceWindow[] => []);
    const calls = parts.map((_, i) => detector.open(window => told[i]?.push(window)));
    for (const call of calls) call.attend('closely');
    for (let i = 0; i < Math.max(...parts.map(each => each.length)); i++) {
      for (const [n, call] of calls.entries()) call.hear(parts[n]?.[i] ?? silence(0));
      await detector.idle();
    }
    expect(told[0]).toEqual(alone.map(({ heard, rms, endMs }) => ({ heard, rms, endMs })));
    expect(told[1]?.map(({ heard }) => heard)).not.toContain('voice');
  });

  test(`${name}: coarsely only the begin and the end of sound are told`, async () => {
    const told = await judged(open, [line(500), speech, line(500)], frame, 'coarsely');
    const heard = told.map(each => each.heard);
    expect(heard.length).toBeGreaterThanOrEqual(2);
    expect(heard).toEqual(heard.map((_, i) => (i % 2 === 0 ? 'sound' : 'quiet')));
    expect(told[0]?.endMs).toBeLessThanOrEqual(540);
  });

  test(`${name}: coarsely the end of sound is told 40 to 48 ms after it, wherever in a window it lies`, async () => {
    for (const more of [0, 5, 11, 17, 23, 29]) {
      const loud = hiss(400 + more, 3000);
      const told = await judged(open, [line(500), loud, line(300)], frame, 'coarsely');
      expect(told.map(({ heard }) => heard)).toEqual(['sound', 'quiet']);
      const late = told[1]!.endMs - (900 + more);
      expect(late).toBeGreaterThanOrEqual(32);
      expect(late).toBeLessThanOrEqual(48);
    }
  });

  test(`${name}: attention in mid-speech is told of the voice`, async () => {
    const detector = await open();
    const told: VoiceWindow[] = [];
    const call = detector.open(window => told.push(window));
    for (const part of chunks(joined([line(500), speech.subarray(0, 8000)]), frame)) call.hear(part);
    await detector.idle();
    const before = told.length;
    call.attend('closely');
    for (const part of chunks(speech.subarray(8000), frame)) {
      call.hear(part);
      await detector.idle();
    }
    expect(told.slice(before).map(({ heard }) => heard)).toContain('voice');
    call.attend('coarsely');
    const end = told.length;
    for (const part of chunks(line(500), frame)) call.hear(part);
    await detector.idle();
    expect(told.slice(end).map(({ heard }) => heard)).toEqual(told[end - 1]?.heard === 'quiet' ? [] : ['quiet']);
  });

  test(`${name}: a call that is closed is told nothing more, and others go on`, async () => {
    const detector = await open();
    const told = { closed: 0, open: 0 };
    const closed = detector.open(() => told.closed++);
    const other = detector.open(() => told.open++);
    for (const call of [closed, other]) call.attend('closely');
    closed.hear(speech.subarray(0, 4000));
    const before = told.closed;
    closed.close();
    closed.hear(speech);
    for (const part of chunks(speech, frame)) {
      other.hear(part);
      await detector.idle();
    }
    expect(told.closed).toBe(before);
    expect(told.open).toBeGreaterThan(0);
  });
}

/** What a detector tells of one call. */
export async function judged(
  open: () => Promise<VoiceDetector>,
  parts: readonly Int16Array[],
  size = frame,
  how: 'closely' | 'coarsely' = 'closely',
): Promise<VoiceWindow[]> {
  const detector = await open();
  const told: VoiceWindow[] = [];
  const call = detector.open(window => told.push(window));
  call.attend(how);
  let unread = 0;
  for (const part of chunks(joined(parts), size)) {
    call.hear(part);
    unread += part.length;
    if (unread < frame) continue;
    unread = 0;
    await detector.idle();
  }
  await detector.idle();
  call.close();
  return told;
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const mixed = (one: Int16Array, other: Int16Array): Int16Array =>
  one.map((sample, i) => Math.max(-32_768, Math.min(32_767, sample + (other[i] ?? 0))));

function chunks(pcm: Int16Array, size: number): Int16Array[] {
  return Array.from({ length: Math.ceil(pcm.length / size) }, (_, i) => pcm.slice(i * size, (i + 1) * size));
}
