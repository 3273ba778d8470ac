import { expect } from 'vitest';
import { rehearsals } from '../testing/rehearsals.ts';
import { answering, greeted, parcel } from './openings.ts';

const { call, encore } = rehearsals('resuming');
const apology = 'Sorry, we were cut off for a moment.';
const answer = (said: string) => (/parcel/.test(said) ? parcel : 'Of course, Wednesday it is.');

const numbers = (events: readonly { seq: number }[]) => events.map(({ seq }) => seq);
const inOrder = (events: readonly unknown[]) => events.map((_, n) => n);

for (const disk of ['kept', 'lost'] as const) {
  call(`a host lost in mid-sentence, its disk ${disk}: an apology, then the rest of the sentence`, async begin => {
    const it = await answering(begin);
    await it.passes(2600);
    const past = await it.hostDies(disk);
    const on = await begin({ model: answer, past });
    await on.agentSays('Sorry,', { withinMs: 600 });
    await on.agentSays('we were cut off for a moment.');
    await on.agentSays('half an hour before he comes.', { withinMs: 12_000 });
    expect(on.heard()).not.toContain('how can I help');
    // A host with another disk knows no more than that the sentence had begun.
    if (disk === 'kept') expect(on.heard()).not.toContain('Your parcel');
    await on.agentIsSilent();
    on.says('Can I have it on Wednesday?');
    await on.agentSays('Wednesday it is.', { withinMs: 12_000 });
    expect(on.model.asked).toHaveLength(1);
    await on.hangsUp();
    const all = [...past.events, ...on.events];
    expect(numbers(all)).toEqual(inOrder(all));
    expect(new Set(on.journal('caller-spoke').map(({ turn }) => turn))).toEqual(new Set([2]));
  });
}

call('what the caller had said and nobody had answered is answered at once, without an apology', async begin => {
  const it = await greeted(begin, { model: answer, pace: { firstMs: [2000, 2000] } });
  it.says('Where is my parcel?');
  await it.until('question', () => it.model.asked.length === 1, 5000);
  await it.passes(400);
  const past = await it.hostDies();
  const on = await begin({ model: answer, past });
  await on.agentSays('Your parcel arrives on Tuesday', { withinMs: 3000 });
  expect(on.heard()).not.toContain('Sorry');
  expect(on.asked()).toEqual([expect.stringMatching(/^where is my parcel/i)]);
  await on.hangsUp();
  expect(on.journal('caller-spoke')).toEqual([]);
  expect(on.journal('agent-spoke')[0]).toMatchObject({ turn: 1 });
});

call('an answer that was not thought to its end is asked for again, behind the apology', async begin => {
  const slow = ['Your parcel is on its way. ', { waitMs: 3000 }, 'It arrives on Tuesday.'] as const;
  const it = await greeted(begin, { model: [slow] });
  it.says('Where is my parcel?');
  await it.agentSays('Your parcel is');
  const past = await it.hostDies();
  const on = await begin({ model: [parcel], past });
  await on.agentSays(apology, { withinMs: 4000 });
  await on.agentSays('Your parcel arrives on Tuesday', { withinMs: 8000 });
  expect(on.asked()).toEqual([expect.stringMatching(/^where is my parcel/i)]);
  await on.hangsUp();
  expect(on.journal('agent-spoke')[0]).toMatchObject({ turn: 1, interrupted: true });
});

call('a caller whose turn it was hears an apology, and is listened to', async begin => {
  const it = await greeted(begin, { model: answer });
  it.says('Where is');
  await it.passes(600);
  const past = await it.hostDies();
  const on = await begin({ model: answer, past });
  await on.agentSays(apology, { withinMs: 4000 });
  await on.agentIsSilent();
  on.says('Where is my parcel?');
  await on.agentSays('Your parcel arrives on Tuesday', { withinMs: 8000 });
  expect(on.asked()).toEqual([expect.stringMatching(/^where is my parcel/i)]);
});

call('a greeting that was cut is finished and not begun again', async begin => {
  const it = await begin({ model: answer });
  await it.agentSays('Hello,');
  await it.passes(600);
  const on = await begin({ model: answer, past: await it.hostDies() });
  await on.agentSays(apology, { withinMs: 4000 });
  await on.agentSays('I help?');
  expect(on.heard()).not.toContain('Hello');
});

call('a host lost before anybody spoke: the next one greets', async begin => {
  const it = await begin({ model: answer });
  const { events } = await it.hostDies();
  const on = await begin({ model: answer, past: { events: events.slice(0, 1) } });
  await on.agentSays('Hello, how can I help?', { withinMs: 4000 });
  expect(on.heard()).not.toContain('Sorry');
});

call('the model is told what was heard on both hosts, and no word twice', async begin => {
  const it = await greeted(begin, { model: answer });
  it.says('Where is my parcel?');
  await it.agentSays('half an hour before he comes.', { withinMs: 15_000 });
  await it.agentIsSilent();
  const on = await begin({ model: answer, past: await it.hostDies() });
  await on.agentSays(apology, { withinMs: 4000 });
  await on.agentIsSilent();
  on.says('Can I have it on Wednesday?');
  await on.agentSays('Wednesday it is.', { withinMs: 8000 });
  expect(on.model.asked[0]?.history).toEqual([
    { type: 'agent', text: 'Hello, how can I help?' },
    { type: 'caller', text: 'Where is my parcel?' },
    { type: 'agent', text: parcel },
    { type: 'agent', text: apology },
    { type: 'caller', text: expect.stringMatching(/^can i have it on wednesday/i) },
  ]);
});

call('a call that moves leaves at its turn boundary, and the next host goes on in silence', async begin => {
  const it = await answering(begin);
  const past = await it.leavesHost();
  expect(it.heard()).toContain('half an hour before he comes.');
  expect(it.journal('media-closed')).toMatchObject([{ reason: 'drained', code: 1012 }]);
  const on = await begin({ model: answer, past, mostSilenceMs: 5000 });
  on.says('Can I have it on Wednesday?');
  await on.agentSays('Wednesday it is.', { withinMs: 8000 });
  expect(on.heard()).toBe('Of course, Wednesday it is.');
  await on.hangsUp();
  expect(new Set(on.journal('caller-spoke').map(({ turn }) => turn))).toEqual(new Set([2]));
});

call('a sentence that a drained host had no time for is finished without an apology', async begin => {
  const it = await answering(begin);
  await it.passes(2000);
  await it.endsBy('drained');
  const on = await begin({ model: answer, past: { ...it.left('lost'), heard: it.heard() } });
  await on.agentSays('half an hour before he comes.', { withinMs: 12_000 });
  expect(on.heard()).not.toContain('Sorry');
  expect(on.heard()).not.toContain('Your parcel');
});

call('a sentence that is held while the caller sounds is no turn boundary', async begin => {
  const it = await greeted(begin, { model: answer });
  it.says('Where is my parcel, please? I need it');
  await it.passes(500);
  it.move();
  await it.agentSays('half an hour before he comes.', { withinMs: 20_000 });
  await it.recorded();
});

call(
  'a host lost while a person is sought: the search goes on, and what was said meanwhile is answered after it',
  async begin => {
    const it = await greeted(begin, { model: answer });
    it.told({ id: '1', at: 1, do: 'seek-person', stage: 'ringing', asking: 1, of: 1 });
    await it.agentSays('I am ringing somebody for you now.');
    it.says('Where is my parcel?');
    await it.finishes();
    await it.passes(2500);
    const on = await begin({ model: answer, past: await it.hostDies() });
    await on.agentSays(apology, { withinMs: 4000 });
    await on.passes(6000);
    expect(on.asked()).toEqual([]);
    on.told({ id: '2', at: 2, do: 'back-to-agent', reason: 'nobody' });
    await on.agentSays('nobody could take your call just now.');
    await on.agentSays('Your parcel arrives on Tuesday', { withinMs: 8000 });
    expect(on.asked()).toEqual([expect.stringMatching(/^where is my parcel/i)]);
  },
);

call('what the control plane wants said is said when the agent has finished, once', async begin => {
  const it = await answering(begin);
  it.told({ id: '1', at: 0, do: 'say', text: 'This call ends in five minutes.' });
  await it.agentSays('half an hour before he comes.', { withinMs: 12_000 });
  await it.agentSays('This call ends in five minutes.', { withinMs: 4000 });
  await it.agentIsSilent();
  it.told({ id: '2', at: 0, do: 'say', text: 'Four minutes.' });
  await it.agentSays('Four minutes.', { withinMs: 2000 });
});

call(
  'a person has taken the call: the agent is silent and deaf from then on, and the socket is left to the carrier',
  async begin => {
    const it = await answering(begin);
    it.told({ id: '1', at: 0, do: 'leave' });
    const words = it.line.sent.length;
    await it.passes(1000);
    expect(it.line.sent.length).toBe(words);
    expect(it.over()).toBe(true);
    await it.hangsUp();
    expect(it.journal('media-closed')).toMatchObject([{ reason: 'handed-over' }]);
  },
);

encore();
