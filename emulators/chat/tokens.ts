/**
 * Counts tokens as four characters each, and remembers prompts to tell how much of the next one is cached. The service
 * caches prefixes of 1,024 tokens and more in steps of 128; a changed word early in the prompt costs everything after it,
 * and that is what a test wants to see.
 */
import { createHash } from 'node:crypto';

const charactersPerToken = 4;
const blockTokens = 128;
const leastCachedTokens = 1024;
/** Remembered blocks; the oldest are forgotten first. */
const mostBlocks = 20_000;

export function tokensOf(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

export function createPromptCache() {
  const known = new Set<string>();
  return {
    /** Tokens of `prompt` that an earlier prompt with the same key began with; remembers this one. */
    cachedTokens(key: string, prompt: string): number {
      const block = blockTokens * charactersPerToken;
      const chain = createHash('sha256').update(`${key}\n`);
      let cached = 0;
      let unbroken = true;
      for (let at = 0; at + block <= prompt.length; at += block) {
        const name = chain
          .update(prompt.slice(at, at + block))
          .copy()
          .digest('base64');
        unbroken &&= known.delete(name);
        if (unbroken) cached += blockTokens;
        known.add(name);
      }
      for (const oldest of known) {
        if (known.size <= mostBlocks) break;
        known.delete(oldest);
      }
      return cached >= leastCachedTokens ? cached : 0;
    },
    clear: () => known.clear(),
  };
}

export type PromptCache = ReturnType<typeof createPromptCache>;
export type Usage = { inputTokens: number; cachedTokens: number; outputTokens: number };
