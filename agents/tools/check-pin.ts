import { z } from 'zod';
import { hashedPin } from '../hashed-pin.ts';
import { defineTool } from '../tool.ts';

/**
 * Whether the caller knows the PIN of the agent's page: `toolSettings: {pin-hash: …, pin-length: "4"}`. The digits go from
 * the keys to the comparison and nowhere else, and whatever cannot be checked is refused. To ask a service of yours
 * instead, put another verifier in the place of `hashedPin`.
 */
export const checkPin = defineTool({
  name: 'check-pin',
  description:
    'Asks the caller for the PIN by the keys of the telephone and tells whether it is right. Use it before you tell ' +
    'or do anything personal. Never ask for a PIN aloud.',
  parameters: z.object({}),
  timeoutMs: 120_000,
  run: async (_, { callId, settings = {}, takeDigits }) => {
    const length = Number(settings['pin-length'] ?? 4);
    const verifier = hashedPin(settings['pin-hash'] ?? '');
    if (!takeDigits || !Number.isInteger(length) || length < 1) return { ok: false };
    return await takeDigits({ secret: true, length, check: digits => verifier.verify(callId, digits) });
  },
});
