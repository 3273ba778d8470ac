/**
 * What is said while the caller waits: the running tool's own words first, then the agent's; never the same twice in a row
 * where there are two to choose from.
 */
export interface HoldWords {
  /** A new wait began: what an earlier one had left to say is out of place. */
  newWait(): void;
  /** A tool began to run; what it has to say comes next. */
  forTool(words: readonly string[]): void;
  next(): string;
}

export function createHoldWords(ours: readonly string[]): HoldWords {
  let waiting: string[] = [];
  let turn = 0;
  let last = '';
  return {
    newWait: () => {
      waiting = [];
    },
    forTool: words => {
      waiting = [...words];
    },
    next: () => {
      let text = waiting.shift() ?? ours[turn++ % ours.length] ?? '';
      if (text === last) text = ours[turn++ % ours.length] ?? text;
      last = text;
      return text;
    },
  };
}
