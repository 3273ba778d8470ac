import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * A PIN as an agent's page may hold it: hashed, `scrypt:<N>:<salt>:<hash>` in base64. A PIN has few digits, so the hash is
 * made slow to try all of them, and the comparison takes the same time whatever is wrong.
 */

/** Who knows a caller's digits. Throws, or answers false, where it cannot tell. */
export interface PinVerifier {
  verify(callId: string, digits: string): Promise<boolean>;
}

const hashBytes = 32;

export async function hashPin(digits: string, cost = 1 << 15): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(digits, salt, cost);
  return ['scrypt', cost, salt.toString('base64'), hash.toString('base64')].join(':');
}

/** @param hashed as `hashPin` writes it; anything else refuses every PIN. */
export function hashedPin(hashed: string): PinVerifier {
  return {
    verify: async (_, digits) => {
      const [kind, cost = '', salt = '', hash = ''] = hashed.split(':');
      const expected = Buffer.from(hash, 'base64');
      if (kind !== 'scrypt' || expected.length !== hashBytes) return false;
      return timingSafeEqual(await derive(digits, Buffer.from(salt, 'base64'), Number(cost)), expected);
    },
  };
}

function derive(digits: string, salt: Buffer, cost: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(digits, salt, hashBytes, { N: cost, r: 8, p: 1, maxmem: 256 * cost * 8 }, (error, hash) =>
      error ? reject(error) : resolve(hash),
    );
  });
}
