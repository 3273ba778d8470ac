import { type Caller, dial, type HeardWord, type Utterance } from '../emulators/caller/caller.ts';
import { asksWho, books, introduces, lastWord, nameOf, type Saying, tableOf } from './booking.ts';
import { plainWords } from './narration.ts';

/** What befalls the media host while callers talk, µs of the monotonic clock; undefined until it does. */
export interface Blow {
  atUs: number | undefined;
}

/** One caller's conversation with the booking desk, as it was heard. */
export interface BookingCall {
  caller: Caller;
  said: readonly Said[];
  /** The call was over before the caller hung up. */
  dropped: boolean;
  /** When the caller hung up, or found the call over. */
  toUs: number;
}

export interface Said {
  saying: Saying;
  utterance: Utterance;
}

export interface BookingPlan {
  line: string;
  from: string;
  /** Which of the callers it is. */
  n: number;
  blow: Blow;
  /** The caller books on until this is true, then asks who is calling and hangs up. */
  enough: (said: readonly Said[], correlationId: string) => boolean;
  /** Told of the first answer to a booking. */
  settled: () => void;
}

const quietUs = 400_000;
/** Something was heard, then nothing: what was to be said has been cut off. */
const cutOffUs = 2_500_000;
/** Nothing at all was heard: the caller speaks on. */
const patienceUs = 10_000_000;
/** What ACS still has to play when the host dies, and a little. */
export const playedOnUs = 250_000;

/** @throws Error when the call never came to its first answer: that is no matter of the blow. */
export async function bookingCall(plan: BookingPlan): Promise<BookingCall> {
  const { line, from, n, blow, enough, settled } = plan;
  const caller = await dial({ line, from });
  const said: Said[] = [];
  const { atUs } = await caller.mediaOpen(20_000);
  const name = nameOf(n);
  const say = async (saying: Saying): Promise<boolean> => {
    if (caller.over()) return false;
    const utterance = await caller.say(saying.text);
    said.push({ saying, utterance });
    return (await deskIsDone(caller, utterance.endedUs, blow)) !== 'over';
  };
  let talking = (await deskIsDone(caller, atUs, blow)) !== 'over' && (await say(introduces(name)));
  for (let round = 0; talking && !(round > 0 && enough(said, caller.correlationId)); round++) {
    talking = await say(books(tableOf(round)));
    if (round === 0) settled();
  }
  if (talking) talking = await say(asksWho(name));
  const dropped = caller.over() !== undefined;
  const toUs = caller.earClockUs();
  if (!dropped) await caller.hangUp();
  return { caller, said, dropped, toUs };
}

/** Waits as a caller would: to the desk's last word, or until it is plain that no more will come. */
async function deskIsDone(caller: Caller, sinceUs: number, blow: Blow): Promise<'answered' | 'impatient' | 'over'> {
  const look = () => {
    if (caller.over()) return 'over';
    const now = caller.earClockUs();
    const fromUs = Math.max(sinceUs, (blow.atUs ?? 0) + playedOnUs);
    const word = caller.heard.findLast(each => isLast(each) && each.startUs > sinceUs);
    const sound = caller.agentSounds.at(-1);
    const quietFor = now - (sound?.endUs ?? 0);
    if (word && word.endUs + 1000 >= (caller.heard.at(-1)?.endUs ?? 0) && quietFor >= quietUs) return 'answered';
    if (sound && sound.endUs > fromUs && quietFor >= cutOffUs) return 'answered';
    return now - fromUs >= patienceUs ? 'impatient' : undefined;
  };
  try {
    return await caller.until(look, { what: 'the desk to have answered', timeoutMs: 60_000 });
  } catch (error) {
    if (caller.over()) return 'over';
    throw error;
  }
}

const isLast = ({ text }: HeardWord): boolean => plainWords(text)[0] === lastWord;
