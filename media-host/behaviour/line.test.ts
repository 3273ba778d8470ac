import { expect } from 'vitest';
import { rehearsals } from '../testing/rehearsals.ts';
import { answering, greeted, parcel } from './openings.ts';

const { call, encore } = rehearsals('line');

const metadata = (sampleRate: number) =>
  JSON.stringify({
    kind: 'AudioMetadata',
    audioMetadata: { subscriptionId: 's', encoding: 'PCM', sampleRate, channels: 1, length: 640 },
  });

for (const ms of [200, 800, 1600]) {
  call(`a socket that is back after ${ms} ms goes on with the call`, async begin => {
    const it = await answering(begin);
    await it.dropsLine(ms);
    await it.agentIsSilent();
    it.says('Can I have it tomorrow?');
    await it.agentSays('Of course, Wednesday it is.', { withinMs: 12_000 });
    await it.hangsUp();
    expect(it.journal('media-opened')).toHaveLength(1);
  });
}

for (const ms of [300, 1500, 4600]) {
  call(
    `what was to be said while the socket was away for ${ms} ms is said behind it, and nothing twice`,
    async begin => {
      const it = await answering(begin);
      await it.dropsLine(ms);
      await it.agentSays('half an hour before he comes.', { withinMs: 15_000 });
      const heard = it.line.heard.map(({ word }) => word);
      expect(new Set(heard).size).toBe(heard.length);
      expect(it.heard()).toContain(parcel);
      expect(it.line.stops).toEqual([]);
    },
  );
}

call('a socket that is replaced while the old one still stands goes on with the call', async begin => {
  const it = await answering(begin);
  it.dialsAgain();
  await it.agentSays('half an hour before he comes.', { withinMs: 12_000 });
});

call('a socket that stays away ends the call, and the record says so', async begin => {
  const it = await answering(begin);
  it.losesLine();
  await it.recorded();
  expect(it.journal('media-closed')).toMatchObject([{ reason: 'connection-lost', code: 1006 }]);
});

call('a host that drains in mid-sentence notes what was heard of it', async begin => {
  const it = await answering(begin);
  await it.agentSays('on Tuesday between');
  await it.endsBy('drained');
  const last = it.journal('agent-spoke').at(-1);
  expect(last).toMatchObject({ interrupted: true });
  expect(last?.heard).toMatch(/^Your parcel arrives on Tuesday/);
  expect(last?.text).toBe(parcel);
});

for (const what of ['while the agent thinks', 'while it speaks', 'while the caller speaks'] as const) {
  call(`a caller who hangs up ${what} leaves nothing behind`, async begin => {
    const it = await greeted(begin, { model: [parcel], pace: { firstMs: [900, 900] } });
    it.says('Where is my parcel?');
    if (what === 'while the caller speaks') await it.passes(500);
    else if (what === 'while the agent thinks') await it.until('question', () => it.model.asked.length === 1, 5000);
    else await it.agentSays('Your parcel');
    await it.hangsUp();
    expect(it.timers()).toBe(0);
  });
}

call('a call that ends just after an answer leaves no timer behind', async begin => {
  const it = await greeted(begin, { model: ['At nine.'] });
  it.says('When do you open?', { finalLagMs: 900 });
  await it.agentSays('At nine.');
  await it.hangsUp();
  expect(it.timers()).toBe(0);
});

call('metadata that says again what is known changes nothing', async begin => {
  const it = await answering(begin);
  it.receives(metadata(16_000));
  await it.agentSays('half an hour before he comes.', { withinMs: 12_000 });
});

for (const sampleRate of [24_000, 8000, 48_000]) {
  call(`a line that goes to ${sampleRate} Hz and back in mid-call carries the call on`, async begin => {
    const it = await greeted(begin, { model: [parcel] });
    it.receives(metadata(sampleRate));
    await it.passes(1000);
    it.receives(metadata(16_000));
    it.says('Where is my parcel?');
    await it.agentSays('half an hour before he comes.', { withinMs: 15_000 });
  });
}

call('a rate nobody speaks is refused; dialled again at ours, the call goes on', async begin => {
  const it = await greeted(begin, { model: [parcel] });
  it.receives(metadata(11_025));
  await it.passes(400);
  it.dialsAgain();
  it.receives(metadata(16_000));
  it.says('Where is my parcel?');
  await it.agentSays('half an hour before he comes.', { withinMs: 15_000 });
});

for (const [what, bytes] of [
  ['no sound at all', 0],
  ['one byte', 1],
  ['an odd number of bytes', 641],
  ['half a frame', 320],
  ['ten frames at once', 6400],
] as const) {
  call(`messages with ${what} in between cost the caller nothing`, async begin => {
    const it = await greeted(begin, { model: [parcel] });
    const data = Buffer.alloc(bytes).toString('base64');
    const odd = `{"kind":"AudioData","audioData":{"timestamp":"2026-11-20T12:00:00.000Z","participantRawID":"4:+15550100","data":"${data}","silent":true}}`;
    for (let n = 0; n < 5; n++) it.receives(odd);
    it.says('Where is my parcel?');
    await it.passes(300);
    it.receives(odd);
    await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 12_000 });
  });
}

for (const garbage of [
  '',
  '{',
  '[]',
  'null',
  '{"kind":"AudioData"}',
  '{"kind":"DtmfData","dtmfData":{}}',
  '\u0000',
  '{"kind":"AudioData","audioData":{"data":"%%%"}}',
]) {
  call(`${JSON.stringify(garbage)} on the socket costs itself and nothing else`, async begin => {
    const it = await answering(begin);
    for (let n = 0; n < 20; n++) it.receives(garbage);
    await it.agentSays('half an hour before he comes.', { withinMs: 12_000 });
    expect(it.line.stops).toEqual([]);
  });
}

for (const leadMs of [40, 100, 200]) {
  call(`with ${leadMs} ms allowed ahead the sound has no gap`, async begin => {
    const it = await answering(begin, { leadMs });
    await it.agentSays('half an hour before he comes.', { withinMs: 12_000 });
    const reply = it.line.audible.at(-1);
    const pieces = it.book.utterances.filter(({ text }) => parcel.includes(text));
    expect(it.line.heard.at(-1)?.at).toBe((reply?.from ?? 0) + pieces.reduce((ms, piece) => ms + piece.ms, 0));
  });
}

encore();
