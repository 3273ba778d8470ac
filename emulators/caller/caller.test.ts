import { afterEach, describe, expect, test } from 'vitest';
import { BANDS } from '../tone/alphabet.ts';
import { type CallerEvent, type CallerOptions, dial, waitForRing } from './caller.ts';
import { type ScriptedCall, type ScriptedLine, startScriptedLine } from './scripted-line.ts';

let line: ScriptedLine;
afterEach(() => line.close());

async function ring(
  script: (call: ScriptedCall) => void = call => call.answer(),
  onEvent?: (event: CallerEvent) => void,
) {
  line = await startScriptedLine(call => {
    call.tell({ event: 'ringing', correlationId: 'corr-1' });
    script(call);
  });
  const caller = await dial({ line: line.url, from: '+4420', to: '+4930', kind: 'voip', ...(onEvent && { onEvent }) });
  return { caller, call: line.calls[0]! };
}

test('a call rings, is answered and hung up', async () => {
  const { caller, call } = await ring();
  expect(Object.fromEntries(call.query)).toEqual({ from: '+4420', to: '+4930', kind: 'voip' });
  expect(caller.correlationId).toBe('corr-1');
  expect(await caller.answered()).toMatchObject({ callConnectionId: 'connection-1' });
  expect(await caller.hangUp()).toEqual({ by: 'caller', code: 0, subCode: 0 });
  await expect(caller.say('Hello?')).rejects.toThrow('nobody hears "Hello?"');
});

test('what the caller says arrives as words, and when it was said is known', async () => {
  const { caller, call } = await ring();
  const words: string[] = [];
  call.onWord = word => words.push(word);
  await caller.mediaOpen();
  const [first, second] = await Promise.all([caller.say('Where is it?'), caller.say('My parcel.')]);
  expect(words.join(' ')).toBe('Where is it? My parcel.');
  expect(first.cut).toBe(false);
  // 9+5+6 symbols and framing: 3 words of letters + 3 bytes each, 40 ms a byte.
  expect((first.endedUs - first.startedUs) / 1000).toBeCloseTo((5 + 2 + 3 + 9) * 40, -1.5);
  expect(second.startedUs).toBeGreaterThanOrEqual(first.endedUs);
});

test('what the agent says is heard word by word, in utterances', async () => {
  const { caller, call } = await ring();
  call.say('Good morning. One');
  call.pause(200);
  call.say('moment.');
  call.pause(900);
  call.say('Here it is.');
  await caller.hears('good morning');
  const { words } = await caller.hears('here it');
  expect(words.map(word => word.text)).toEqual(['Here', 'it']);
  await caller.hears('is');
  expect(caller.agentUtterances).toEqual(['Good morning. One moment.', 'Here it is.']);
  expect(caller.heard[0]!.endUs - caller.heard[0]!.startUs).toBeCloseTo(270_000, -4);
});

test('words are waited for behind those of the last time', async () => {
  const { caller, call } = await ring();
  call.say('yes yes no');
  await caller.hears('yes');
  await caller.hears('yes');
  await expect(caller.hears('yes', { timeoutMs: 300 })).rejects.toThrow(
    'Waited 300 ms for the agent to say "yes". Heard so far: "yes yes no".',
  );
  await caller.hears('no');
});

test('the agent starting and falling silent is told from the audio', async () => {
  const { caller, call } = await ring();
  await caller.mediaOpen();
  call.say('Hello there.');
  const started = await caller.agentStartsSpeaking();
  const silent = await caller.agentFallsSilent({ quietMs: 300 });
  expect((silent.atUs - started.atUs) / 1000).toBeCloseTo((5 + 6 + 6) * 40, -1.5);
});

test('StopAudio is recorded with its distance from the onset and what came after', async () => {
  const { caller, call } = await ring();
  call.say('This is a very long sentence which nobody wants to hear to its end.');
  call.onMicStarted = () => setTimeout(() => call.stopAudio(), 20);
  await caller.hears('This is');
  const { startedUs } = await caller.say('No, stop.');
  await caller.until(() => caller.stops[0]?.framesAfterStop, { what: 'the mic to be idle', timeoutMs: 3000 });
  const [stop] = caller.stops;
  expect(stop).toMatchObject({ framesAfterStop: 3, onsetToStopMs: (stop!.atUs - startedUs) / 1000 });
  expect(stop!.discardedMs).toBeGreaterThan(1000);
  expect(stop!.onsetToStopMs).toBeGreaterThan(0);
  call.say('Sorry.');
  await caller.hears('Sorry.');
  expect(caller.agentUtterances).toHaveLength(2);
});

test('coughs, noise, recordings and keys travel; hushing cuts them', async () => {
  const { caller, call } = await ring();
  const words: string[] = [];
  call.onWord = word => words.push(word);
  await caller.mediaOpen();
  const cough = await caller.cough(180);
  expect((cough.endedUs - cough.startedUs) / 1000).toBe(180);
  await caller.noise(100, 2000);
  expect(words).toEqual([]);
  caller.dtmf('12#');
  const long = caller.play(new Int16Array(160_000).fill(900), 'a long story');
  await caller.until(() => (caller.earClockUs() > cough.endedUs + 400_000 ? true : undefined), {
    what: 'a moment',
    timeoutMs: 2000,
  });
  caller.hush();
  expect(await long).toMatchObject({ text: 'a long story', cut: true });
  await expect
    .poll(() => call.commands.filter(({ do: what }) => what !== 'mark'))
    .toEqual([{ do: 'dtmf', tone: '1' }, { do: 'dtmf', tone: '2' }, { do: 'dtmf', tone: '#' }, { do: 'clear-mic' }]);
});

test('a live view sees both sides in order', async () => {
  const events: CallerEvent[] = [];
  const { caller, call } = await ring(
    call => call.answer(),
    event => events.push(event),
  );
  call.say('Hello.');
  await caller.hears('Hello.');
  await caller.agentFallsSilent();
  await caller.say('Hi you.');
  call.tell({ event: 'dtmf', tone: '5' });
  call.tell({ event: 'hold', on: true });
  call.stopAudio();
  call.end('app');
  expect(await caller.ended()).toMatchObject({ by: 'app' });
  expect(events.map(event => event.type)).toEqual([
    'ringing',
    'answered',
    'media-open',
    'agent-started',
    'agent-word',
    'agent-silent',
    'caller-speaks',
    'caller-word',
    'caller-word',
    'caller-silent',
    'agent-dtmf',
    'hold',
    'stop-audio',
    'ended',
  ]);
  expect(caller.agentTones).toBe('5');
  const spoken = events.filter(event => event.type === 'caller-word');
  expect(spoken[1]!.atMs - spoken[0]!.atMs).toBe(200);
});

describe('a call that does not come about', () => {
  test('tells why: busy, no line, line cut, caller gone', async () => {
    const { caller } = await ring(call => {
      call.tell({ event: 'failed', reason: 'busy' });
      call.cut();
    });
    await expect(caller.answered()).rejects.toThrow(/failed: busy.* while waiting for|failed: busy; no use/);
    await expect(dial({ line: 'ws://127.0.0.1:1' })).rejects.toThrow('Is the ACS stand-in running?');
    const hangs = new AbortController();
    const second = await dial({ line: line.url, signal: hangs.signal });
    const waiting = second.answered().catch((error: Error) => error.message);
    hangs.abort();
    expect(await waiting).toMatch(/failed: busy|was cut/);
    expect(await second.ended()).toMatchObject({ by: 'service' });
  });
});

describe('a phone that waits', () => {
  test('rings, and is answered or declined', async () => {
    line = await startScriptedLine(call =>
      call.tell({ event: 'incoming', from: '+4930', to: '+4420', correlationId: 'out-1' }),
    );
    const phone = await waitForRing({ line: line.url, number: '+4420' });
    expect(phone).toMatchObject({ from: '+4930', to: '+4420', correlationId: 'out-1' });
    expect(line.calls[0]!.query.get('number')).toBe('+4420');
    await phone.answer();
    line.calls[0]!.say('Hello, this is the agent.');
    await phone.hears('this is the agent');
    const other = await waitForRing({ line: line.url, number: '+4421' });
    other.decline();
    await expect.poll(() => line.calls[1]!.commands).toEqual([{ do: 'decline' }]);
  });
});

test('pauses, spelling and backchannels arrive as their words, when they were said', async () => {
  const { caller, call } = await ring();
  const words: string[] = [];
  call.onWord = word => words.push(word);
  await caller.mediaOpen();
  const paused = await caller.say(['I', 500, 'um']);
  // Four and five symbols of 40 ms; the last 10 of each part are silence, and the frame is filled up.
  expect((paused.endedUs - paused.startedUs) / 1000).toBe(150 + 500 + 200 + 10);
  expect(paused.text).toBe('I um');
  await caller.spell('A1', { gapMs: 200 });
  await caller.backchannel('Uh-huh.');
  await caller.say('so slow', { wordGapMs: 240 });
  for (const kind of ['cough', 'throat', 'sneeze'] as const) await caller.cough(160, kind);
  await Promise.all([caller.click(), caller.puff(100)]);
  expect(words).toEqual(['I', 'um', 'A', '1', 'Uh-huh.', 'so', 'slow']);
});

describe('an open microphone', () => {
  async function ringOpen(options: Partial<CallerOptions>) {
    line = await startScriptedLine(call => {
      call.tell({ event: 'ringing', correlationId: 'corr-1' });
      call.onMicFrame = (frame, atUs) => mic.push({ pcm: Int16Array.from(frame), atUs });
      call.answer();
    });
    const mic: { pcm: Int16Array; atUs: number }[] = [];
    const caller = await dial({ line: line.url, ...options });
    return { caller, call: line.calls[0]!, mic };
  }
  const loudest = (pcm: Int16Array): number => pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

  test('carries the noise of the line under words whose moment is known', async () => {
    const { caller, call, mic } = await ringOpen({ lineNoise: { kind: 'white', level: 100 } });
    const words: { word: string; frame: number }[] = [];
    call.onWord = word => words.push({ word, frame: mic.length });
    await caller.mediaOpen();
    const first = await caller.say('Hello there.');
    const second = await caller.say('Bye.');
    expect(words.map(({ word }) => word)).toEqual(['Hello', 'there.', 'Bye.']);
    expect((first.endedUs - first.startedUs) / 1000).toBe(680);
    expect(second.startedUs).toBeGreaterThanOrEqual(first.endedUs);
    // A word is understood within two frames of its end: 7 symbols behind the beginning of "Bye.".
    const apart = words[2]!.frame - words[1]!.frame;
    const saidApart = (second.startedUs + 270_000 - (first.startedUs + 670_000)) / 20_000;
    expect(Math.abs(apart - saidApart)).toBeLessThanOrEqual(1);
    expect(mic.filter(({ pcm }) => loudest(pcm) === 0)).toEqual([]);
    const long = caller.say('this is not said to its end');
    await caller.until(() => (caller.earClockUs() > second.endedUs + 500_000 ? true : undefined), {
      what: 'a moment',
      timeoutMs: 2000,
    });
    caller.hush();
    expect(await long).toMatchObject({ cut: true });
  });

  test("brings the agent's voice back, as late and as much weaker as asked", async () => {
    const { caller, call, mic } = await ringOpen({ echo: { delayMs: 140, attenuationDb: 20 } });
    await caller.mediaOpen();
    call.say('Good morning.');
    await caller.agentFallsSilent({ quietMs: 400 });
    const echoed = mic.filter(({ pcm }) => loudest(pcm) > 0);
    const most = Math.max(...echoed.map(({ pcm }) => loudest(pcm)));
    expect(most / (2 * BANDS.telephone.amplitude)).toBeCloseTo(0.1, 2);
    // Never sooner; a microphone that is served late on a busy machine is late by whole frames.
    const lateUs = echoed[0]!.atUs - caller.agentSounds[0]!.startUs - 140_000;
    expect([0, 20_000, 40_000, 60_000]).toContain(lateUs);
  });

  test('refuses an echo that would be sooner than the line', async () => {
    line = await startScriptedLine(call => call.tell({ event: 'ringing', correlationId: 'corr-1' }));
    await expect(dial({ line: line.url, echo: { delayMs: 20, attenuationDb: 10 } })).rejects.toThrow('at least 60 ms');
  });
});
