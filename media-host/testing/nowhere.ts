import type { WriteAhead } from '../journal/write-ahead.ts';

/** A disk on which nothing is written. */
export const nowhere: Pick<WriteAhead, 'file'> = {
  file: () => ({ append: () => undefined, mark: () => undefined, settled: () => undefined, close: () => undefined }),
};
