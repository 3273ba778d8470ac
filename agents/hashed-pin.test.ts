import { expect, test } from 'vitest';
import { hashedPin, hashPin } from './hashed-pin.ts';

const cheap = 16;
const callId = '0'.repeat(32);

test('a hashed PIN knows its digits and no others, and does not show them', async () => {
  const hashed = await hashPin('4711', cheap);
  expect(hashed).not.toContain('4711');
  const { verify } = hashedPin(hashed);
  expect(await verify(callId, '4711')).toBe(true);
  for (const digits of ['4712', '', '47110', '471']) expect(await verify(callId, digits)).toBe(false);
});

test('two hashes of one PIN differ', async () => {
  expect(await hashPin('4711', cheap)).not.toBe(await hashPin('4711', cheap));
});

test.each(['', 'scrypt', 'scrypt:16::', 'md5:16:AAAA:AAAA', 'scrypt:16:AAAA:QUJD'])(
  '"%s" refuses every PIN',
  async hashed => {
    expect(await hashedPin(hashed).verify(callId, '')).toBe(false);
  },
);

test('a cost that makes no sense is an error, which whoever asks takes for a refusal', async () => {
  const hash = Buffer.alloc(32).toString('base64');
  await expect(hashedPin(`scrypt:17:AAAA:${hash}`).verify(callId, '4711')).rejects.toThrow();
});
