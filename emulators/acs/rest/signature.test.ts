import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signatureFault } from './signature.ts';

const key = Buffer.from('a key').toString('base64');
const now = Date.parse('2026-09-15T11:35:00Z');

function signed(target: string, signedTarget = target, body = '{"a":1}', dateMs = now) {
  const hash = createHash('sha256').update(body).digest('base64');
  const date = new Date(dateMs).toUTCString();
  const text = `POST\n${signedTarget}\n${date};127.0.0.1:1;${hash}`;
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64');
  return {
    method: 'POST',
    target,
    headers: {
      host: '127.0.0.1:1',
      'x-ms-date': date,
      'x-ms-content-sha256': hash,
      authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
    },
    body: Buffer.from(body),
  };
}

describe('a signed request', () => {
  test('passes over its raw target or over the query as URLSearchParams writes it', () => {
    expect(signatureFault(signed('/calling/x?a=1%20b'), key, now)).toBeUndefined();
    expect(signatureFault(signed('/calling/x?a=1%20b', '/calling/x?a=1+b'), key, now)).toBeUndefined();
    expect(signatureFault(signed('/calling/4%3A%2B1', '/calling/4%3A%2B1'), key, now)).toBeUndefined();
  });

  test('fails on another target, key, body, date, or without a signature', () => {
    const good = signed('/calling/x');
    expect(signatureFault(signed('/calling/x', '/calling/y'), key, now)).toContain('signature');
    expect(signatureFault(good, Buffer.from('other').toString('base64'), now)).toContain('signature');
    expect(signatureFault({ ...good, body: Buffer.from('{}') }, key, now)).toContain('body');
    expect(signatureFault(good, key, now + 14 * 60_000)).toBeUndefined();
    expect(signatureFault(good, key, now + 16 * 60_000)).toContain('15 minutes');
    expect(signatureFault({ ...good, headers: { ...good.headers, 'x-ms-date': 'soon' } }, key, now)).toContain(
      '15 minutes',
    );
    expect(signatureFault({ ...good, headers: {} }, key, now)).toBe('not signed');
  });
});
