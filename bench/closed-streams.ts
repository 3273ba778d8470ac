import { plainWords } from './narration.ts';

/**
 * How soon after a barge-in the model's stream was closed, as the model's side saw it: a stream that goes on is paid for and
 * keeps a connection.
 */
export interface CutQuestion {
  /** What the caller had asked: the request that was cut ends with it. */
  said: string;
  /** When the media host decided, µs of the monotonic clock. */
  decidedUs: number;
}

export interface ChatRequest {
  at: string;
  outcome: string;
  lastUser?: string;
  abortedAfterMs?: number;
  endedAfterMs?: number;
}

export async function chatRequests(chatUrl: string | undefined): Promise<ChatRequest[]> {
  const answer = await fetch(`${chatUrl}/emulator/requests`);
  return ((await answer.json()) as { requests: ChatRequest[] }).requests;
}

/**
 * From each decision to the close of the stream that was open then, ms. Streams that had ended by themselves do not count.
 * @param offsetMs what the time of day, which the log has, is ahead of the monotonic clock of the decisions.
 */
export function closedAfterMs(
  requests: readonly ChatRequest[],
  cuts: readonly CutQuestion[],
  offsetMs: number,
): number[] {
  const streams = requests.map(request => ({
    words: plainWords(request.lastUser ?? '').join(' '),
    fromMs: Date.parse(request.at),
    untilMs: Date.parse(request.at) + (request.abortedAfterMs ?? request.endedAfterMs ?? Number.POSITIVE_INFINITY),
  }));
  return cuts.flatMap(({ said, decidedUs }) => {
    const decidedMs = decidedUs / 1000 + offsetMs;
    const words = plainWords(said).join(' ');
    // Two callers may have asked the same: of the streams open then, the cut one is the one that ended first.
    const open = streams
      .filter(
        stream => stream.words.endsWith(words) && stream.fromMs <= decidedMs && stream.untilMs >= decidedMs - clockMs,
      )
      .sort((a, b) => a.untilMs - b.untilMs);
    return open[0] ? [Math.max(0, open[0].untilMs - decidedMs)] : [];
  });
}

/** Both clocks are read a moment apart, and the log tells whole milliseconds. */
const clockMs = 2;
