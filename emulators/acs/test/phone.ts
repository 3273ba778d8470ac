/** A bare phone for tests: dials or waits, keeps every event and every frame. */
import { WebSocket } from 'ws';
import type { Acs } from '../acs.ts';
import { Inbox } from './inbox.ts';

export interface PhoneQuery {
  from?: string;
  to?: string;
  correlationId?: string;
}

export interface Frame {
  index: number;
  isAudible: boolean;
  atUs: number;
  pcm: Buffer;
}

export type Said = { event: string } & Record<string, unknown>;

export class Phone {
  readonly socket: WebSocket;
  readonly events = new Inbox<Said>();
  readonly frames = new Inbox<Frame>();
  readonly closed: Promise<{ code: number; reason: string }>;

  constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise(resolve =>
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
    );
    socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer;
      if (!isBinary) return this.events.push(JSON.parse(bytes.toString()) as Said);
      this.frames.push({
        index: bytes.readUInt32LE(0),
        isAudible: (bytes.readUInt32LE(4) & 1) === 1,
        atUs: bytes.readDoubleLE(8),
        pcm: bytes.subarray(16),
      });
    });
  }

  event(name: string, nth = 1): Promise<Said> {
    return this.events.nth(said => said.event === name, nth);
  }

  say(pcm: Buffer): void {
    this.socket.send(pcm);
  }

  do(action: string, extra: object = {}): void {
    this.socket.send(JSON.stringify({ do: action, ...extra }));
  }
}

/** Dials the app. Phone numbers by default; ids of users are taken as they are. */
export function dialPhone(acs: Acs, query: PhoneQuery = {}): Promise<Phone> {
  const { from = '+15550100', to = '+15550199', correlationId } = query;
  const search = new URLSearchParams({ from, to, ...(correlationId ? { correlationId } : {}) });
  return open(`ws://127.0.0.1:${acs.port}/phone?${search}`);
}

/** Waits to be called at `number`. */
export function waitingPhone(acs: Acs, number: string): Promise<Phone> {
  return open(`ws://127.0.0.1:${acs.port}/phone/answer?${new URLSearchParams({ number })}`);
}

function open(url: string): Promise<Phone> {
  return new Promise((resolve, reject) => {
    const phone = new Phone(new WebSocket(url));
    phone.socket.once('open', () => resolve(phone));
    phone.socket.once('error', reject);
  });
}

/** A tone, PCM16 16 kHz. */
export function tone(ms: number, hz = 440, amplitude = 8_000): Buffer {
  const pcm = Buffer.alloc(ms * 32);
  for (let n = 0; n * 2 < pcm.length; n++)
    pcm.writeInt16LE(Math.round(amplitude * Math.sin((2 * Math.PI * hz * n) / 16_000)), n * 2);
  return pcm;
}
