import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallError } from '../../contracts/error.ts';
import { type Circuit, circuitRules, guarded, newCircuit } from './circuit.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => vi.useRealTimers());

const away = Object.assign(new Error('away'), { statusCode: 503 });
const gone = Object.assign(new Error('gone'), { statusCode: 404 });
const fails = (circuit: Circuit, error: unknown = away) =>
  circuit.run(() => Promise.reject(error)).catch((thrown: unknown) => thrown);

async function opened(): Promise<Circuit> {
  const circuit = newCircuit('acs');
  for (let i = 0; i < circuitRules.failures; i += 1) expect(await fails(circuit)).toBe(away);
  return circuit;
}

test('five failures within ten seconds open it, and then nobody asks', async () => {
  const circuit = await opened();
  expect(circuit).toMatchObject({ state: 'open', opened: 1 });
  const ask = vi.fn(async () => 'there');
  const refusal = await circuit.run(ask).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(CallError);
  expect(refusal).toMatchObject({ code: 'DEPENDENCY_RESTING', retryable: true, details: { dependency: 'acs' } });
  expect(ask).not.toHaveBeenCalled();
});

test('successes between them do not hide failures', async () => {
  const circuit = newCircuit('acs');
  for (let i = 0; i < circuitRules.failures; i += 1) {
    await circuit.run(async () => 'there');
    await fails(circuit);
  }
  expect(circuit.state).toBe('open');
});

test('five failures over a longer time do not', async () => {
  const circuit = newCircuit('cosmos');
  for (let i = 0; i < 20; i += 1) {
    await fails(circuit);
    vi.advanceTimersByTime(circuitRules.withinMs / 4);
  }
  expect(circuit).toMatchObject({ state: 'closed', opened: 0 });
});

test('what the asker did wrong never opens it', async () => {
  const circuit = newCircuit('acs');
  for (let i = 0; i < 20; i += 1) expect(await fails(circuit, gone)).toBe(gone);
  expect(circuit.state).toBe('closed');
});

test('after five seconds one question tries it: an answer closes it', async () => {
  const circuit = await opened();
  vi.advanceTimersByTime(circuitRules.restMs);
  let answer = (_: string): void => undefined;
  const asked = vi.fn(() => new Promise<string>(resolve => (answer = resolve)));
  const first = circuit.run(asked);
  const second = circuit.run(async () => 'second');
  expect(circuit.state).toBe('half-open');
  expect(asked).toHaveBeenCalledTimes(1);
  answer('first');
  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
  expect(circuit.state).toBe('closed');
});

test('after five seconds one question tries it: a failure lets it rest again', async () => {
  const circuit = await opened();
  vi.advanceTimersByTime(circuitRules.restMs);
  expect(await fails(circuit)).toBe(away);
  expect(circuit).toMatchObject({ state: 'open', opened: 2 });
  vi.advanceTimersByTime(circuitRules.restMs - 1);
  expect(await fails(circuit)).toMatchObject({ code: 'DEPENDENCY_RESTING' });
});

test('once closed it takes five failures again', async () => {
  const circuit = await opened();
  vi.advanceTimersByTime(circuitRules.restMs);
  await circuit.run(async () => 'there');
  for (let i = 1; i < circuitRules.failures; i += 1) await fails(circuit);
  expect(circuit.state).toBe('closed');
});

test('of a port the named questions go through it, and nothing else changes', async () => {
  const circuit = await opened();
  const port = { ask: async (what: string) => what, at: () => 7 };
  const safe = guarded(port, circuit, ['ask']);
  await expect(safe.ask('x')).rejects.toMatchObject({ code: 'DEPENDENCY_RESTING' });
  expect(safe.at()).toBe(7);
  vi.advanceTimersByTime(circuitRules.restMs);
  expect(await safe.ask('x')).toBe('x');
});
