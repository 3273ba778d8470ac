import { expect, test } from 'vitest';
import { CallError } from '../contracts/error.ts';
import { failure, type LogFields, logTo } from './log.ts';

function lines(level: Parameters<typeof logTo>[1] = 'debug') {
  const written: string[] = [];
  const write = (line: string): void => {
    written.push(line);
  };
  return { written, log: logTo({ debug: write, info: write, warn: write, error: write }, level) };
}

test('a line is JSON with the event and its fields', () => {
  const { written, log } = lines();
  log.info('call.answered', { callId: 'abc', ms: 12 });
  expect(written).toEqual(['{"event":"call.answered","callId":"abc","ms":12}']);
});

test('what has no field is not logged', () => {
  const { written, log } = lines();
  log.warn('x', { callId: 'abc', from: '+15550199', incomingCallContext: 'eyJ' } as LogFields);
  expect(written).toEqual(['{"event":"x","callId":"abc"}']);
});

test.each([
  ['dialled +15550199 twice', 'dialled [number] twice'],
  ['4:+15550199 left', '[number] left'],
  ['8:acs:98e4cbef-70e7_00000014 left', '[identity] left'],
  ['https://host/path?code=secret', 'https://host/path?[query]'],
])('"%s" is written as "%s"', (text, expected) => {
  const { written, log } = lines();
  log.error('x', { reason: text });
  expect(JSON.parse(written[0]!)).toEqual({ event: 'x', reason: expected });
});

test('lines below the level are not written', () => {
  const { written, log } = lines('warn');
  log.info('quiet');
  log.warn('loud');
  expect(written).toHaveLength(1);
});

test('of an error its kind and code are told, and not its message', () => {
  const cause = new Error('http://127.0.0.1/?code=secret');
  expect(failure(new CallError('ACS_UNAVAILABLE', { operation: 'answer', status: 503 }, { cause }))).toEqual({
    ...{ error: 'CallError', code: 'ACS_UNAVAILABLE', operation: 'answer', status: 503 },
  });
  expect(failure(cause)).toEqual({ error: 'Error' });
  expect(failure('text')).toEqual({ error: 'string' });
});
