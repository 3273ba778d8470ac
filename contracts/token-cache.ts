/**
 * Access tokens for all who need them in one thread of a program: of those who ask at the same moment only the first
 * fetches, and a token is renewed five minutes before its end while everybody goes on with the one there is. Both programs
 * show tokens to services; what differs, the library, the timers and the log, is given to it. Nothing here logs a token.
 */
export interface Token {
  token: string;
  /** Epoch ms. */
  expiresOnTimestamp: number;
}

/** What is asked of a credential beside the scope, in the words of the Azure SDKs. */
export interface TokenOptions {
  claims?: string;
  tenantId?: string;
  abortSignal?: unknown;
}

/** Whatever gives tokens: a credential of the library, or the cache before it. */
export interface TokenGiver {
  getToken(scopes: string | string[], options?: TokenOptions): Promise<Token | null>;
}

export interface TokenCache extends TokenGiver {
  /** Fetches what the first call would otherwise wait for. Never throws: whoever needs the token will see why it is not there. */
  warm(scopes: readonly string[]): Promise<void>;
  /**
   * Another token than the one a service has refused: fetched once for all who were refused it, and not again and again
   * where a service refuses every token. @returns the refused one where no other can be had just now: the library and the
   * endpoint of a managed identity keep tokens too, and may give the same one until it is about to end
   */
  instead(scope: string, refused: string): Promise<Token | null>;
  close(): void;
}

export interface TokenCacheParts {
  /** Brings the credential; asked once, with the first token. */
  open(): Promise<TokenGiver>;
  /** Epoch ms. */
  now(): number;
  /** Calls `run` once, `ms` from now, and keeps no process alive for it. @returns a function that forgets it. */
  after(ms: number, run: () => void): () => void;
  note: TokenNote;
}

/** @param ms how long it took */
export type TokenNote = (what: 'fetched' | 'renewed' | 'failed', scope: string, ms: number) => void;

export const bufferMs = 5 * 60_000;
/** After a renewal that failed; the token that is there goes on meanwhile. Also the least time between two forced ones. */
const againMs = 10_000;

interface Kept {
  token: Token;
  forgetRenewal: () => void;
}

export function tokenCache({ open, now, after, note }: TokenCacheParts): TokenCache {
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<Token | null>>();
  const forcedAt = new Map<string, number>();
  let credential: Promise<TokenGiver> | undefined;
  let closed = false;

  const opened = (): Promise<TokenGiver> => {
    credential ??= open();
    return credential;
  };

  const renewIn = (scope: string, waitMs: number): (() => void) =>
    after(waitMs, () => {
      ask(scope).catch(() => {
        // It is noted where it was asked, and the token that is there may last until the service is back.
        const still = kept.get(scope);
        if (still && !closed) still.forgetRenewal = renewIn(scope, againMs);
      });
    });

  const keep = (scope: string, token: Token): void => {
    kept.get(scope)?.forgetRenewal();
    if (closed) return;
    kept.set(scope, { token, forgetRenewal: renewIn(scope, untilRenewalMs(token, now())) });
  };

  const fetchToken = async (scope: string, options: TokenOptions): Promise<Token | null> => {
    const what = kept.has(scope) ? 'renewed' : 'fetched';
    const begun = now();
    try {
      const token = await (await opened()).getToken(scope, options);
      if (token) keep(scope, token);
      note(what, scope, now() - begun);
      return token;
    } catch (error) {
      note('failed', scope, now() - begun);
      throw error;
    }
  };

  /** Whoever comes while a question is open shares its answer; a signal would belong to one of them only. */
  function ask(scope: string, { abortSignal: _, ...options }: TokenOptions = {}): Promise<Token | null> {
    const question = questionOf(scope, options);
    const open = asking.get(question) ?? fetchToken(scope, options).finally(() => asking.delete(question));
    asking.set(question, open);
    return open;
  }

  return {
    async getToken(scopes, options) {
      const [scope, ...others] = [scopes].flat();
      if (scope === undefined || others.length > 0 || options?.tenantId !== undefined)
        return (await opened()).getToken(scopes, options);
      const token = kept.get(scope)?.token;
      // Claims mean that the service has refused the token it was shown: the one kept is of no use.
      if (options?.claims === undefined && token && token.expiresOnTimestamp > now()) return token;
      return ask(scope, options);
    },

    async warm(scopes) {
      await Promise.allSettled(scopes.map(scope => ask(scope)));
    },

    async instead(scope, refused) {
      const token = kept.get(scope)?.token;
      if (token && token.token !== refused) return token;
      const forced = forcedAt.get(scope);
      const justForced = forced !== undefined && now() - forced < againMs;
      if (token && justForced && !asking.has(questionOf(scope))) return token;
      forcedAt.set(scope, now());
      return ask(scope);
    },

    close() {
      closed = true;
      for (const { forgetRenewal } of kept.values()) forgetRenewal();
      kept.clear();
    },
  };
}

const questionOf = (scope: string, { claims = '' }: TokenOptions = {}): string => JSON.stringify([scope, claims]);

/** A token that lives hardly longer than the buffer is renewed at half of what is left of it. */
function untilRenewalMs({ expiresOnTimestamp }: Token, now: number): number {
  const left = expiresOnTimestamp - now;
  const wait = left > 2 * bufferMs ? left - bufferMs : Math.max(1_000, left / 2);
  return Math.min(wait, 2 ** 31 - 1);
}
