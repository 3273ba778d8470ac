/**
 * Everyone on one call: people with or without a phone, and the app's legs. Mixes their sound on the 20 ms clock:
 * each ear hears everybody but itself, and the app never hears its own audio.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Leg } from './leg.ts';
import { everyFrame } from './media/clock.ts';
import { mix } from './media/mix.ts';
import { PcmQueue } from './media/pcm-queue.ts';
import type { Recorder } from './media/recorder.ts';
import type { Participant } from './participant.ts';

const frame = 640;
/** Unmixed streaming carries this many speakers at most. */
const mostSpeakers = 4;

export class Conversation {
  readonly correlationId: string;
  readonly serverCallId = Buffer.from(
    `https://loopback/conv/${randomBytes(16).toString('base64url')}?i=0&e=${Date.now()}`,
  ).toString('base64');
  readonly people: Participant[] = [];
  readonly legs = new Set<Leg>();
  /** Prompts of play and recognize, 16 kHz. */
  readonly prompts = new PcmQueue(16_000);
  /** What the first person hears, from the moment media opened. */
  readonly heard: Recorder;
  #sequence = 0;
  #leaveClock: (() => void) | undefined;
  ended = false;

  /** @param newRecorder for what the first person hears. */
  constructor(newRecorder: () => Recorder, correlationId: string = randomUUID()) {
    this.correlationId = correlationId;
    this.heard = newRecorder();
  }

  /** Grows with gaps, as the service's does. */
  nextSequence(): number {
    this.#sequence += this.#sequence > 0 && Math.random() < 0.3 ? 2 : 1;
    return this.#sequence;
  }

  find(rawId: string): Participant | undefined {
    return this.people.find(person => person.identifier.rawId === rawId);
  }

  /** Everybody as `participants` lists them: people, then the app's own legs. */
  everyone(): { identifier: object; isMuted: boolean; isOnHold: boolean }[] {
    const people = this.people.map(({ identifier, isMuted, isOnHold }) => ({ identifier, isMuted, isOnHold }));
    const legs = [...this.legs].map(leg => ({ identifier: leg.self, isMuted: false, isOnHold: false }));
    return [...people, ...legs];
  }

  /** Audio begins to flow, if it does not yet. */
  openEars(): void {
    if (!this.ended) this.#leaveClock ??= everyFrame(atUs => this.#tick(atUs));
  }

  /** Tells every phone. */
  tellPhones(event: { event: string } & Record<string, unknown>): void {
    for (const person of this.people) person.line?.tell(event);
  }

  close(): void {
    this.ended = true;
    this.#leaveClock?.();
  }

  #tick(atUs: number): void {
    const voices = this.people.map(person => this.#voiceOf(person, atUs));
    const apps = [...this.legs].map(leg => leg.stream?.play());
    const prompt = this.#prompt();
    this.people.forEach((person, at) => {
      const others = voices.length > 1 ? voices.filter((_, other) => other !== at) : [];
      const sound = person.isOnHold ? undefined : mix([...apps, prompt, ...others]);
      const heard = person.line?.hear(sound, atUs) ?? sound;
      if (at > 0) return;
      if (sound && heard) this.heard.add(heard);
      else this.heard.addSilence(frame);
    });
    let at = 0;
    for (const leg of this.legs) this.#toApp(leg, voices, apps, at++, atUs);
  }

  #voiceOf(person: Participant, atUs: number): Buffer | undefined {
    const speech = person.line?.speak(atUs);
    return person.isMuted || person.isOnHold ? undefined : speech;
  }

  #prompt(): Buffer | undefined {
    if (this.prompts.bytes === 0) return undefined;
    const sound = Buffer.allocUnsafe(frame);
    this.prompts.take(sound);
    return sound;
  }

  #toApp(leg: Leg, voices: (Buffer | undefined)[], apps: (Buffer | undefined)[], self: number, atUs: number): void {
    const stream = leg.stream;
    if (!stream) return;
    const otherApps = apps.length > 1 ? apps.filter((_, at) => at !== self) : [];
    const mixed = mix([...voices, ...otherApps]);
    if (mixed) leg.heard.add(mixed);
    else leg.heard.addSilence(frame);
    if (stream.options.mixed) {
      stream.send(undefined, mixed, atUs);
      return;
    }
    const speakers = this.people.map((person, at) => ({ rawId: person.identifier.rawId, sound: voices[at] }));
    let at = 0;
    for (const other of this.legs) {
      if (other !== leg) speakers.push({ rawId: other.self.rawId, sound: apps[at] });
      at++;
    }
    for (const { rawId, sound } of speakers.slice(0, mostSpeakers)) stream.send(rawId, sound, atUs);
  }
}
