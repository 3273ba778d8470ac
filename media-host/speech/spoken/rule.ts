/** A piece of the original, and how it is said. Separating space or commas stand at its beginning. */
export interface Part {
  spoken: string;
  /** Characters of the original it stands for; parts begin where the match does and may end before it. */
  length: number;
}

/** A way of writing that is said otherwise. What it says must not be matched by any rule again, or be said the same. */
export interface Rule {
  /** Global and with the unicode flag. */
  pattern: RegExp;
  /** Undefined: it is not what it looked like. */
  say(match: RegExpExecArray): string | readonly Part[] | undefined;
}

export const rule = (pattern: RegExp, say: Rule['say']): Rule => ({ pattern, say });
