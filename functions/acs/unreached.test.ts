import { expect, test } from 'vitest';
import { unreached } from './unreached.ts';

test.each([
  [603, 8538, 'declined'],
  [486, 8539, 'busy'],
  [600, 8540, 'busy'],
  [408, 8541, 'no-answer'],
  [487, 8542, 'no-answer'],
  [480, 8541, 'unreachable'],
  [410, 8543, 'unreachable'],
  [404, 8544, 'unreachable'],
  [403, 8544, 'unreachable'],
  [408, 8587, 'no-answer'],
  [500, 9001, 'failed'],
  [409, 8607, 'failed'],
] as const)('%i/%i of somebody who was rung means %s', (code, subCode, answer) => {
  expect(unreached(code, subCode)).toBe(answer);
});
