/** What a conversation's turn taker tells the call. Times named `…Us` are monotonic microseconds, `ms` milliseconds. */
export type RuntimeEvent = { turn: number; epoch: number } & (
  | {
      type: 'sentence';
      /** From 0 within the reply. */
      index: number;
      /** Ready to be spoken: no markup, never empty. */
      text: string;
      /** The model was asked, its first token came, the sentence was complete. */
      askedUs: number;
      firstTokenUs: number;
      cutUs: number;
    }
  | { type: 'tool-started'; name: string }
  | { type: 'tool-ran'; name: string; ok: boolean; ms: number; code?: string }
  | {
      type: 'model-ran';
      model: string;
      /** The whole wait where no token came. */
      ttftMs: number;
      ms: number;
      /** Estimated from the text where the request was cut and the service sent no count. */
      inputTokens: number;
      outputTokens: number;
      cachedTokens: number;
      cancelled: boolean;
      code?: string;
    }
  /** Every sentence of the reply has been told; `text` is all of them. */
  | { type: 'reply-ended'; text: string }
  /** The reply ends here. Where nothing of an answer was said before, an apology was. */
  | { type: 'reply-failed'; code: string }
);

/** Facts of the record; they are told also where the reply was cut. All other events belong to a reply that is current. */
export type Account = Extract<RuntimeEvent, { type: 'tool-ran' | 'model-ran' }>;
