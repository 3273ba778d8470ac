import { expect, test } from 'vitest';
import { endCall } from './end-call.ts';

const surroundings = { callId: '0'.repeat(32), signal: new AbortController().signal, now: () => 0 };

test('it ends the call for one of a few reasons, so that nothing that was said reaches the record', async () => {
  const reasons: string[] = [];
  const args = endCall.parse({ reason: 'settled' });
  const context = { ...surroundings, endCall: async (reason: string) => void reasons.push(reason) };
  expect(endCall.parseResult(await endCall.run(args, context))).toEqual({ status: 'the call ends' });
  expect(reasons).toEqual(['settled']);
  expect(endCall.summarise({}, args)).toBe('settled');
  expect(() => endCall.parse({ reason: 'Ann Miller of 12 Station Road is happy now' })).toThrow();
});

test('it fails where there is no caller on the line, and where the caller has something to say', async () => {
  const args = endCall.parse({ reason: 'misuse' });
  await expect(endCall.run(args, surroundings)).rejects.toThrow('no caller');
  const spoken = () => Promise.reject(new Error('the caller speaks'));
  await expect(endCall.run(args, { ...surroundings, endCall: spoken })).rejects.toThrow('the caller speaks');
});
