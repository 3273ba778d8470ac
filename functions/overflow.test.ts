import { expect, test } from 'vitest';
import { CallError } from '../contracts/error.ts';
import { logTo } from './log.ts';
import { overflow } from './overflow.ts';
import { testSettings } from './testing/settings.ts';

const ring = { callId: 'a'.repeat(32), incomingCallContext: 'context' };

async function meets(settings: Parameters<typeof overflow>[1], refusal?: CallError) {
  const asked: string[][] = [];
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const carrier = {
    redirect: async (...args: string[]) => {
      asked.push(['redirect', ...args]);
      if (refusal) throw refusal;
    },
    reject: async (...args: string[]) => {
      asked.push(['reject', ...args]);
    },
  };
  const log = logTo({ debug: write, info: write, warn: write, error: write }, 'info');
  const outcome = await overflow(carrier, settings, ring, log).catch((error: unknown) => error);
  return { outcome, asked, lines };
}

const redirecting = { OVERFLOW: 'redirect', OVERFLOW_NUMBER: '+15550188' } as const;

test('a caller hears "busy" where nothing else is wished', async () => {
  expect(await meets({ OVERFLOW: 'busy', OVERFLOW_NUMBER: '+15550188' })).toMatchObject({
    outcome: 'busy',
    asked: [['reject', 'context', 'busy']],
  });
});

test('a caller is sent to the overflow number', async () => {
  expect(await meets(redirecting)).toMatchObject({
    outcome: 'redirected',
    asked: [['redirect', 'context', '+15550188']],
  });
});

test('a number ACS refuses means "busy", and the log names no number', async () => {
  const refusal = new CallError('ACS_REFUSED', { operation: 'redirect', status: 400, code: '8523', remedy: '' });
  const { outcome, asked, lines } = await meets(redirecting, refusal);
  expect(outcome).toBe('busy');
  expect(asked.map(([what]) => what)).toEqual(['redirect', 'reject']);
  expect(lines.join()).toMatch(/call.not-redirected.*ACS_REFUSED/);
  expect(lines.join()).not.toContain('15550188');
});

test('while ACS is away the ring is delivered again', async () => {
  const away = new CallError('ACS_UNAVAILABLE', { operation: 'redirect', status: 503 });
  expect(await meets(redirecting, away)).toMatchObject({
    outcome: away,
    asked: [['redirect', 'context', '+15550188']],
  });
});

test('a redirection to nowhere is a mistake of the settings', () => {
  expect(() => testSettings({}, { OVERFLOW: 'redirect' })).toThrow(/OVERFLOW_NUMBER is missing/);
  expect(() => testSettings({}, { OVERFLOW: 'redirect', OVERFLOW_NUMBER: '0800 1' })).toThrow(
    /OVERFLOW_NUMBER: must be/,
  );
});
