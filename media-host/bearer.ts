import { CallError } from '../contracts/error.ts';
import type { Token, TokenCache } from '../contracts/token-cache.ts';

/**
 * The token that one service is shown. Where the service refuses it, the next who asks gets another; who shows the same
 * token to a service that takes it does not wait for that.
 */
export interface Bearer {
  /** @throws CallError IDENTITY_UNAVAILABLE */
  give(): Promise<string>;
  /** The service did not take this token. */
  refuse(token: string): void;
  isRefused(token: string): boolean;
}

export function bearer(tokens: Pick<TokenCache, 'getToken' | 'instead'>, scope: string): Bearer {
  let refused: string | undefined;

  const usable = async (): Promise<Token | null> => {
    const kept = await tokens.getToken(scope);
    return kept !== null && kept.token === refused ? tokens.instead(scope, refused) : kept;
  };

  return {
    give: async () => {
      const given = await usable().catch((cause: unknown) => {
        const reason = cause instanceof Error ? cause.name : 'error';
        throw new CallError('IDENTITY_UNAVAILABLE', { scope, reason }, { cause });
      });
      if (!given) throw new CallError('IDENTITY_UNAVAILABLE', { scope, reason: 'nobody is signed in' });
      return given.token;
    },
    refuse: token => {
      refused = token;
    },
    isRefused: token => token === refused,
  };
}
