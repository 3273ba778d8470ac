import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Child, startChild } from '../commands/child.ts';
import { withoutSettings } from '../commands/settings-file.ts';
import { bookingScript } from './booking.ts';
import { nowUs } from './frame-mark.ts';
import { startProgram } from './stand-in.ts';
import { startWholeSystem, type WholeSystem } from './whole-system.ts';

/**
 * The whole system with the booking desk, its media host behind an address that outlives it; and a second media host for
 * when the first is replaced. The first is started again in its old place whenever it ends.
 */
export interface BookingSystem {
  whole: WholeSystem;
  /** What follows when the app's side of a media socket ends. */
  carrier(conduct: CarrierConduct): Promise<void>;
  /** SIGKILL. @returns when, µs of the monotonic clock. */
  killMediaHost(): Promise<number>;
  /** Starts another media host, sends new sockets there and tells the one that serves now to leave. @returns when. */
  replaceMediaHost(): Promise<number>;
  /** Starts another media host, sends new sockets there and stops the process that serves now, its sockets open. */
  freezeMediaHost(): Promise<Frozen>;
  /** When the media of each live call last came up, by correlation id, µs of the monotonic clock. */
  mediaUpUs(): Promise<ReadonlyMap<string, number>>;
  bookings(): Promise<readonly Booking[]>;
  stop(): Promise<void>;
}

export interface Frozen {
  /** Of the monotonic clock, µs. */
  atUs: number;
  /** Lets it go on where it stood. @returns when */
  thaw(): number;
}

export interface Booking {
  callId: string;
  table: string;
}

/** `redials`: it dials again by itself. `fails`: it reports the failed stream and does nothing more. */
export type CarrierConduct = 'redials' | 'fails';

const conducts = {
  redials: { reconnect: 20, delayMs: 250 },
  fails: 'failEvent',
} as const;

export async function startBookingSystem(dir: string): Promise<BookingSystem> {
  const bookingsFile = path.join(dir, 'bookings.jsonl');
  const relay = await startProgram<{ port: number; desk: number }>('bench/tcp-relay.ts', []);
  let whole: WholeSystem | undefined;
  let second: Child | undefined;
  const stop = async () => {
    await second?.stop();
    await whole?.stop();
    await relay.stop();
  };
  try {
    const address = `127.0.0.1:${relay.ready.port}`;
    whole = await startWholeSystem({
      dir,
      agent: 'booker',
      script: bookingScript,
      settings: { MEDIA_HOST_URL: `http://${address}`, MEDIA_HOST_PUBLIC_URL: `ws://${address}`, DRAIN_SECONDS: '60' },
      env: { BENCH_BOOKINGS: bookingsFile },
    });
    const { system, acs } = whole;
    const firstPort = new URL(system.mediaHostUrl).port;
    const sendTo = async (port: string) => {
      await fetch(`http://127.0.0.1:${relay.ready.desk}/`, { method: 'PUT', body: port });
    };
    await sendTo(firstPort);

    const startSecond = () =>
      startChild({
        name: 'second media host',
        command: process.execPath,
        args: ['dist/media-host/main.mjs'],
        cwd: path.join(import.meta.dirname, '..'),
        logFile: path.join(dir, 'second-media-host.log'),
        env: {
          ...withoutSettings(process.env),
          ...system.settings,
          PORT: '0',
          SPOOL_DIR: path.join(dir, 'second-spool'),
          BENCH_BOOKINGS: bookingsFile,
        },
      });

    return {
      whole,
      carrier: async conduct => {
        const body = JSON.stringify({ onServerClose: conducts[conduct] });
        const answer = await fetch(`${acs.url}/emulator/faults`, { method: 'PUT', body });
        if (!answer.ok) throw new Error(`The ACS stand-in refused its conduct: ${await answer.text()}`);
      },
      killMediaHost: async () => {
        const atUs = nowUs();
        await system.kill('mediaHost');
        return atUs;
      },
      replaceMediaHost: async () => {
        const leaving = second;
        if (leaving) {
          await system.up('mediaHost');
          await sendTo(firstPort);
          second = undefined;
          const atUs = nowUs();
          leaving.kill('SIGTERM');
          return atUs;
        }
        second = await startSecond();
        await sendTo(new URL(String(second.ready['url'])).port);
        const atUs = nowUs();
        process.kill(system.pids()['mediaHost'] ?? 0, 'SIGTERM');
        return atUs;
      },
      freezeMediaHost: async () => {
        const pid = second?.pid ?? system.pids()['mediaHost'] ?? 0;
        if (second) {
          await system.up('mediaHost');
          await sendTo(firstPort);
        } else {
          second = await startSecond();
          await sendTo(new URL(String(second.ready['url'])).port);
        }
        const atUs = nowUs();
        process.kill(pid, 'SIGSTOP');
        return {
          atUs,
          thaw: () => {
            process.kill(pid, 'SIGCONT');
            return nowUs();
          },
        };
      },
      mediaUpUs: async () => {
        const { calls } = (await (await fetch(`${acs.url}/emulator/calls`)).json()) as { calls: CallOfAcs[] };
        return new Map(
          calls.map(({ correlationId, media }) => [
            correlationId,
            media?.upgrades.findLast(({ status }) => status === 101)?.atUs ?? 0,
          ]),
        );
      },
      bookings: async () => {
        const lines = (await readFile(bookingsFile, 'utf8')).split('\n').filter(line => line !== '');
        return lines.map(line => JSON.parse(line) as Booking);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface CallOfAcs {
  correlationId: string;
  media: { upgrades: { status: number; atUs: number }[] } | null;
}
