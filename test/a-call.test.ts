import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plainWords } from '../commands/call-report.ts';
import { numberOf } from '../commands/demo-numbers.ts';
import { callIdOf } from '../contracts/call-id.ts';
import { expectHeard, runningSystem } from './running-system.ts';

const it = runningSystem();

test.concurrent('a caller asks, interrupts, says goodbye; the record holds what each of them said and heard', async () => {
  const report = await it.call([
    { say: 'What are your opening hours?' },
    { say: 'Wait, where are you?', bargeInMs: 900 },
    { say: 'Thank you, goodbye.' },
  ]);
  expectHeard(report);
  expect(report.greeting.heard).toBe(report.greeting.agent);
  expect(report.endedBy).toBe('caller');
  expect(report.record).toMatchObject({
    state: 'final',
    outcome: 'contained',
    answered: true,
    turnCount: 3,
    bargeIns: 1,
    journal: { closed: true },
  });

  const rows = (await it.store.query(
    'transcripts',
    "SELECT c.text, c.spokenText, c.role, c.seq FROM c WHERE c.pk = @id AND c.type = 'turn'",
    { id: report.callId },
  )) as {
    text: string;
    spokenText?: string;
    role: string;
    seq: number;
  }[];
  const written = rows.sort((a, b) => a.seq - b.seq);
  expect(written.filter(turn => turn.role === 'caller').map(turn => turn.text)).toEqual(
    report.turns.map(turn => turn.said),
  );
  const spoken = written.filter(turn => turn.role === 'agent').slice(1);
  for (const [i, turn] of report.turns.entries()) {
    const words = (text: string) => plainWords(text).split(' ').length;
    expect(
      Math.abs(words(spoken[i]?.spokenText ?? '') - words(turn.heard)),
      `heard of turn ${i + 1}`,
    ).toBeLessThanOrEqual(1);
  }
  expect(report.bargeIns[0]).toMatchObject({ framesAfterStop: 0 });
});

test.concurrent('a caller asks the bank for the balance, is verified, and hears it from the agent that may tell', async () => {
  const to = numberOf('banking', { scenario: '', numbers: it.system.settings['NUMBER_SCENARIOS'] ?? '' });
  const report = await it.call([{ say: 'What is my balance?' }, { say: 'My account is 4480.' }], '+15550101', to);
  expectHeard(report);
  expect(report.turns.map(turn => turn.agents)).toEqual([['authentication'], ['banking-desk']]);
  expect(report.turns[1]?.heard).toContain('eight hundred twelve dollars and five cents');
  expect(report.handoffs.map(({ turn, from, to }) => [turn, from, to])).toEqual([
    [1, 'banking-desk', 'authentication'],
    [2, 'authentication', 'banking-desk'],
  ]);
  expect(report.record).toMatchObject({
    scenario: 'banking',
    agentPath: ['banking-desk', 'authentication', 'banking-desk'],
    tools: [
      { name: 'verify-caller', ok: true },
      { name: 'account-balance', ok: true },
    ],
  });
});

test('twenty callers interrupt at once: each is stopped for, and no frame follows StopAudio', async () => {
  const callers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => it.ring({ from: `+1555020${String(i).padStart(2, '0')}` })),
  );
  await Promise.all(
    callers.map(async (caller, i) => {
      const { atUs } = await caller.agentStartsSpeaking(20_000);
      await caller.until(() => (caller.earClockUs() > atUs + (500 + i * 40) * 1000 ? true : undefined), {
        what: 'the moment',
        timeoutMs: 10_000,
      });
      await caller.say('Stop, I have a question about that.');
      await caller.until(() => (caller.stops[0]?.framesAfterStop !== undefined ? true : undefined), {
        what: 'StopAudio',
        timeoutMs: 10_000,
      });
    }),
  );
  await Promise.all(callers.map(caller => caller.hangUp()));
  expect(callers.map(caller => caller.stops.length)).toEqual(callers.map(() => 1));
  expect(callers.map(caller => caller.stops[0]?.framesAfterStop)).toEqual(callers.map(() => 0));
});

test('a pressed key interrupts, and the digit is written down nowhere', async () => {
  const caller = await it.ring();
  await caller.agentStartsSpeaking();
  caller.dtmf('7');
  await caller.until(() => (caller.stops.length > 0 ? true : undefined), { what: 'StopAudio', timeoutMs: 5000 });
  await caller.hangUp();
  const { record, events } = await it.written(caller);
  expect(record).toMatchObject({ dtmfCount: 1, bargeIns: 1 });
  expect(events.find(event => event.type === 'dtmf-pressed')).toEqual({
    type: 'dtmf-pressed',
    turn: 0,
    seq: expect.any(Number),
    at: expect.any(Number),
  });
});

const recording = '../shared/audio/quick-question-turn-2-of-2_fed934e6f3.pcm';
test.skipIf(!existsSync(recording))(
  'recorded human speech is understood by its sound (needs the recordings beside the checkout)',
  async () => {
    const bytes = readFileSync(recording);
    const words = 'Can you help me check my account balance?';
    await it.admin(`${it.system.speechUrl}/emulator/phrasebook`, 'POST', {
      name: 'balance',
      words,
      pcmBase64: bytes.toString('base64'),
    });
    const pcm = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const report = await it.call([{ wav: { pcm, words } }]);
    expect(report.turns[0]?.said).toBe(words);
    expectHeard(report);
  },
);

test('a call that the operator ends is recorded as ours', async () => {
  const caller = await it.ring();
  await caller.agentStartsSpeaking();
  const url = `${it.system.functionsUrl}/api/v1/calls/${callIdOf(caller.correlationId)}/hang-up`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'x-functions-key': it.system.hostKey, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(answer.status).toBe(202);
  expect((await caller.ended(10_000)).by).toBe('app');
  const { record } = await it.written(caller);
  expect(record).toMatchObject({ state: 'final', journal: { closed: true } });
  expect(record?.endedBy).not.toBe('caller');
});
