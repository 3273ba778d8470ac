import { type CallerEvent, waitForRing } from '../emulators/caller/caller.ts';

/** A person whom callers may be handed to, played from the terminal: how they meet a ring at their number. */
export const personManners = ['accept', 'refuse', 'decline', 'no-answer'] as const;
export type PersonManner = (typeof personManners)[number];

export interface PersonOptions {
  /** Of the ACS stand-in. */
  acsUrl: string;
  number: string;
  /** `accept` and `refuse` pick up, hear the brief and press 1 or 2; `decline` does not pick up, `no-answer` lets it ring. */
  manner: PersonManner;
  signal: AbortSignal;
  onEvent?: (event: CallerEvent) => void;
  /** What happened, for whoever watches. */
  note: (text: string) => void;
}

const patienceMs = 10 * 60_000;
/** Longer than the pauses of a brief, so that what follows comes after it. */
const briefOverMs = 900;
const acceptKey = '1';
const declineKey = '2';

/** Resolves when the person's part is over, or when the signal ends the wait. */
export async function standBy(options: PersonOptions): Promise<void> {
  const { acsUrl, number, manner, signal, onEvent, note } = options;
  try {
    const phone = await waitForRing({
      line: acsUrl.replace(/^http/, 'ws'),
      number,
      timeoutMs: patienceMs,
      signal,
      ...(onEvent && { onEvent }),
    });
    note(`the phone of ${number} rings`);
    if (manner === 'no-answer') return void (await phone.ended(patienceMs));
    if (manner === 'decline') {
      phone.decline();
      note(`${number} declines`);
      return;
    }
    await phone.answer();
    note(`${number} picks up`);
    await phone.agentFallsSilent({ quietMs: briefOverMs, timeoutMs: 60_000 });
    phone.dtmf(manner === 'accept' ? acceptKey : declineKey);
    note(`${number} has heard the brief and presses ${manner === 'accept' ? acceptKey : declineKey}`);
    if (manner === 'accept') await phone.say('Hello, this is a colleague. I have heard what it is about.');
    await phone.ended(patienceMs);
  } catch (error) {
    // The call that this person belongs to is over, or never came to them.
    if (!signal.aborted) note(`${number}: ${(error as Error).message}`);
  }
}
