/** One server-sent event on its way: what is written, and when. */
export type Frame = {
  /** Written with this delta's due time; -1 is at once. */
  slot: number;
  wire: string;
  /** Carries a piece of the answer. */
  delta: boolean;
};
