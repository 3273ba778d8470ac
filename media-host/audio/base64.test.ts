import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64 } from './base64.ts';

test('any bytes come back from their base64, wherever it lies in the message', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(50), (bytes, before) => {
      const text = Buffer.from(bytes).toString('base64');
      const message = Buffer.from(`${'x'.repeat(before)}${text}"tail`, 'latin1');
      expect(decodeBase64(message, before, before + text.length)).toEqual(new Uint8Array(bytes));
    }),
  );
});

test.each(['a', 'ab=c', '####', 'aGk', 'a"b='])('%s is not base64', text => {
  expect(decodeBase64(Buffer.from(text), 0, text.length)).toBeUndefined();
});
