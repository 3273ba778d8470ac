import { createRemoteJWKSet, errors, jwtVerify, type RemoteJWKSet } from 'jose';
import { z } from 'zod';
import type { ControlSettings } from '../settings.ts';

/**
 * Checks the token ACS sends with each callback. The keys are fetched once and kept; a key nobody has seen makes them
 * be fetched again, and when they cannot be fetched the answer is "later", never "refused": ACS may not come twice.
 */
export interface TokenVerifier {
  check(authorization: string | null): Promise<Verdict>;
  /** Resolves once the keys are there. */
  ready(): Promise<void>;
}

export type Refusal = 'missing' | 'malformed' | 'expired' | 'audience' | 'issuer' | 'claims' | 'forged';
export type Verdict =
  | { verdict: 'genuine' }
  | { verdict: 'refused'; reason: Refusal }
  | { verdict: 'keys-unavailable' };

interface Timing {
  /** @default 300 */
  clockToleranceSeconds?: number;
  /** Least time between two fetches that unknown keys cause. @default 5000 */
  cooldownMs?: number;
  /** Age at which the keys are fetched again, beside the checks and not before them. @default 3600000 */
  refreshMs?: number;
}

const openIdDocument = z.object({ jwks_uri: z.url() });
const fetchTimeoutMs = 3_000;

export function callbackTokens(
  settings: Pick<ControlSettings, 'ACS_OPENID_CONFIG_URL' | 'ACS_ISSUER' | 'ACS_RESOURCE_ID'>,
  { clockToleranceSeconds = 300, cooldownMs = 5_000, refreshMs = 3_600_000 }: Timing = {},
): TokenVerifier {
  let discovering: Promise<RemoteJWKSet> | undefined;
  let freshAt = 0;

  /** One discovery at a time; a failed one is forgotten, so that the next callback tries again. */
  const keys = (): Promise<RemoteJWKSet> => {
    discovering ??= discover(settings.ACS_OPENID_CONFIG_URL, cooldownMs).then(
      found => {
        freshAt = Date.now();
        return found;
      },
      error => {
        discovering = undefined;
        throw error;
      },
    );
    return discovering;
  };

  const refreshBeside = (set: RemoteJWKSet): void => {
    if (Date.now() - freshAt < refreshMs) return;
    freshAt = Date.now();
    // The old keys stay in use when this fails; the next refresh is an interval away.
    set.reload().catch(() => undefined);
  };

  return {
    async check(authorization) {
      const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) return { verdict: 'refused', reason: authorization ? 'malformed' : 'missing' };
      try {
        const set = await keys();
        refreshBeside(set);
        await jwtVerify(token, set, {
          issuer: settings.ACS_ISSUER,
          audience: settings.ACS_RESOURCE_ID,
          algorithms: ['RS256'],
          clockTolerance: clockToleranceSeconds,
          requiredClaims: ['exp'],
        });
        return { verdict: 'genuine' };
      } catch (error) {
        const reason = refusalOf(error);
        return reason ? { verdict: 'refused', reason } : { verdict: 'keys-unavailable' };
      }
    },

    async ready() {
      await keys();
    },
  };
}

async function discover(url: string, cooldownMs: number): Promise<RemoteJWKSet> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(fetchTimeoutMs) });
  if (!reply.ok) throw new Error(`The OpenID document of ACS answered ${reply.status}. Check ACS_OPENID_CONFIG_URL.`);
  const document = openIdDocument.parse(await reply.json());
  const keys = createRemoteJWKSet(new URL(document.jwks_uri), {
    timeoutDuration: fetchTimeoutMs,
    cooldownDuration: cooldownMs,
    cacheMaxAge: Number.POSITIVE_INFINITY,
  });
  await keys.reload();
  return keys;
}

/** What is wrong with the token; undefined when nothing can be said because the keys are out of reach. */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'audience';
    return error.claim === 'iss' ? 'issuer' : 'claims';
  }
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported
  )
    return 'forged';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'malformed';
  return undefined;
}
