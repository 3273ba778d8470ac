import type { AccessToken, GetTokenOptions, TokenCredential } from './identity.ts';

/**
 * Access tokens for all calls of the process: of those who need one at the same moment only the first asks for it, and
 * it is renewed five minutes before its end while everybody goes on with the one there is. Tokens are never logged.
 */
export interface TokenCache extends TokenCredential {
  /** Fetches what the first call would otherwise wait for. Never throws: whoever needs the token will see why it is not there. */
  warm(scopes: readonly string[]): Promise<void>;
  close(): void;
}

/** @param ms how long it took */
export type TokenNote = (what: 'fetched' | 'renewed' | 'failed', scope: string, ms: number) => void;

export const bufferMs = 5 * 60_000;
/** After a renewal that failed; the token that is there goes on meanwhile. */
const againMs = 10_000;

interface Kept {
  token: AccessToken;
  timer: NodeJS.Timeout;
}

export function tokenCache(credential: TokenCredential, note: TokenNote): TokenCache {
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<AccessToken | null>>();
  let closed = false;

  const renewIn = (scope: string, waitMs: number): NodeJS.Timeout =>
    setTimeout(() => {
      ask(scope).catch(() => {
        // It is noted where it was asked, and the token that is there may last until the service is back.
        const still = kept.get(scope);
        if (still && !closed) still.timer = renewIn(scope, againMs);
      });
    }, waitMs).unref();

  const keep = (scope: string, token: AccessToken): void => {
    clearTimeout(kept.get(scope)?.timer);
    if (closed) return;
    kept.set(scope, { token, timer: renewIn(scope, untilRenewalMs(token, Date.now())) });
  };

  const fetchToken = async (scope: string, options: GetTokenOptions): Promise<AccessToken | null> => {
    const what = kept.has(scope) ? 'renewed' : 'fetched';
    const begun = performance.now();
    const took = (): number => Math.round(performance.now() - begun);
    try {
      const token = await credential.getToken(scope, options);
      if (token) keep(scope, token);
      note(what, scope, took());
      return token;
    } catch (error) {
      note('failed', scope, took());
      throw error;
    }
  };

  /** Whoever comes while a question is open shares its answer; a signal would belong to one of them only. */
  function ask(scope: string, { abortSignal: _, ...options }: GetTokenOptions = {}): Promise<AccessToken | null> {
    const question = JSON.stringify([scope, options.claims ?? '']);
    const open = asking.get(question) ?? fetchToken(scope, options).finally(() => asking.delete(question));
    asking.set(question, open);
    return open;
  }

  return {
    async getToken(scopes, options) {
      const [scope, ...others] = [scopes].flat();
      if (scope === undefined || others.length > 0 || options?.tenantId !== undefined)
        return credential.getToken(scopes, options);
      const token = kept.get(scope)?.token;
      // Claims mean that the service has refused the token it was shown: the one kept is of no use.
      if (options?.claims === undefined && token && token.expiresOnTimestamp > Date.now()) return token;
      return ask(scope, options);
    },

    async warm(scopes) {
      await Promise.allSettled(scopes.map(scope => ask(scope)));
    },

    close() {
      closed = true;
      for (const { timer } of kept.values()) clearTimeout(timer);
      kept.clear();
    },
  };
}

/** A token that lives hardly longer than the buffer is renewed at half of what is left of it. */
function untilRenewalMs({ expiresOnTimestamp }: AccessToken, now: number): number {
  const left = expiresOnTimestamp - now;
  const wait = left > 2 * bufferMs ? left - bufferMs : Math.max(1_000, left / 2);
  return Math.min(wait, 2 ** 31 - 1);
}
