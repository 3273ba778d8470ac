import { expect } from 'vitest';
import { rehearsals } from '../testing/rehearsals.ts';
import { answering, greeted, parcel } from './openings.ts';

const { call, encore } = rehearsals('turns');

const taken = (said: string) => `You said: ${said.toLowerCase().replace(/[^a-z ]/g, '')}.`;

call('a caller is greeted, asks and is answered', async begin => {
  const it = await greeted(begin, { model: ['We are open from nine to six.'] });
  it.says('What are your opening hours?');
  await it.agentSays('We are open from nine to six.');
  await it.agentIsSilent();
  expect(it.asked()).toEqual(['what are your opening hours']);
  await it.hangsUp();
  expect(it.journal('caller-spoke').at(-1)?.text).toBe('What are your opening hours?');
});

call('ten turns are ten answers', async begin => {
  const it = await greeted(begin, { model: (_, __, n) => `This is answer ${'abcdefghij'[n - 1]}.` });
  for (const letter of 'abcdefghij') {
    it.says(`And what about ${letter}?`);
    await it.agentSays(`This is answer ${letter}.`);
    await it.agentIsSilent();
  }
  expect(it.model.asked).toHaveLength(10);
});

for (const [what, text] of [
  ['before its object', 'I want to {900} change my address please.'],
  ['with sounds of thinking', 'I would like {700} uh {800} to {700} um {600} pay my bill please.'],
  ['after "and"', 'I need a refund and {1000} a new parcel please.'],
  ['after "let me see"', 'Let me see {1000} it was on Monday.'],
  ['twice', 'My order is {800} with the {900} driver of yesterday.'],
] as const) {
  call(`a caller who hesitates ${what} is not cut off`, async begin => {
    const it = await greeted(begin, { model: ['I see, thank you.'] });
    it.says(text);
    await it.finishes();
    expect(it.line.audible.filter(({ from }) => from > it.mouth.at(it.mouth.stretches[0]?.fromMs ?? 0))).toEqual([]);
    await it.agentSays('I see, thank you.');
  });
}

for (const [expects, text, whole] of [
  ['digits', 'four seven one one {900} two two three {900} nine nine zero.', 'nine nine zero'],
  ['digits', 'It is {1000} four seven {1100} eight eight {1100} one.', 'one'],
  ['email', 'john dot smith {900} at gmail {800} dot com.', 'com'],
  ['spelling', 's m i {900} t {1000} h.', 'h'],
  ['address', 'twelve Station Road {1000} Little Whinging {900} Surrey.', 'surrey'],
] as const) {
  call(`asked for ${expects}, "${text}" is taken whole`, async begin => {
    const it = await greeted(begin, { agent: { turns: { expects } }, model: ['Thank you, I have it.'] });
    it.says(text);
    await it.finishes();
    const said = it.mouth.at(0);
    expect(it.line.audible.filter(({ from }) => from > said + (it.mouth.stretches[0]?.fromMs ?? 0))).toEqual([]);
    await it.agentSays('Thank you, I have it.');
    expect(
      it
        .asked()
        .at(-1)
        ?.toLowerCase()
        .replace(/[^a-z ]/g, ''),
    ).toContain(whole);
  });
}

for (const afterMs of [100, 400, 800, 1200, 1600]) {
  call(`what is said ${afterMs} ms after a turn that is being thought about joins it`, async begin => {
    const it = await greeted(begin, { model: taken, pace: { firstMs: [2500, 2500] } });
    it.says('I want to pay my bill.');
    await it.finishes();
    await it.passes(afterMs);
    it.says('With my new card please.');
    await it.agentSays('You said: i want to pay my bill with my new card please.', { withinMs: 20_000 });
    await it.agentIsSilent();
    expect(it.heard().match(/You said/g)).toHaveLength(1);
  });
}

call('a final spelled another way corrects the record and is not answered again', async begin => {
  const it = await greeted(begin, { model: ['Twenty five dollars it is.'] });
  it.says('I want to pay twenty five dollars', { written: 'I want to pay $25.', finalLagMs: 900 });
  await it.agentSays('Twenty five dollars it is.');
  await it.agentIsSilent();
  await it.hangsUp();
  expect(it.model.asked).toHaveLength(1);
  expect(it.journal('caller-spoke').at(-1)?.text).toBe('I want to pay $25.');
});

for (const finalLagMs of [300, 700, 1000]) {
  call(`a final that says more, ${finalLagMs} ms late, is answered whole`, async begin => {
    const it = await greeted(begin, { model: taken, pace: { firstMs: [900, 900] } });
    it.says('I want to pay my bill', { written: 'I want to pay my bill and change my address.', finalLagMs });
    await it.agentSays('and change my address.', { withinMs: 15_000 });
  });
  call(`a final that contradicts, ${finalLagMs} ms late, is answered as it stands`, async begin => {
    const it = await greeted(begin, { model: taken, pace: { firstMs: [900, 900] } });
    it.says('I want to pay fifteen', { written: 'I want to pay fifty.', finalLagMs });
    await it.agentSays('I want to pay fifty.', { withinMs: 15_000 });
  });
}

for (const finalLagMs of [1200, 1800]) {
  call(
    `a final that contradicts ${finalLagMs} ms late is no echo of an answer that repeats the caller`,
    async begin => {
      const it = await greeted(begin, { model: taken, pace: { firstMs: [200, 200] }, voice: { firstMs: [50, 50] } });
      it.says('I want to pay fifteen', { written: 'I want to pay fifty.', finalLagMs });
      await it.agentSays('You said: i want to pay fifty.', { withinMs: 15_000 });
    },
  );
}

for (const tries of [1, 2, 3]) {
  call(`with ${tries} guesses allowed a guess that was right is the answer, and asked for once`, async begin => {
    const it = await greeted(begin, { agent: { speculation: { tries } }, model: [parcel] });
    it.says('Where is my parcel?');
    await it.agentSays('Your parcel arrives on Tuesday');
    await it.agentIsSilent();
    expect(it.heard().match(/Your parcel/g)).toHaveLength(1);
    expect(it.model.asked.filter(({ signal }) => !signal.aborted)).toHaveLength(1);
  });
}

call('a guess that was wrong is never heard', async begin => {
  const it = await greeted(begin, { agent: { speculation: { tries: 3 } }, model: taken });
  it.says('I would like to change {500} my address {400} and my name please.');
  await it.agentSays('You said: i would like to change my address and my name please.', { withinMs: 15_000 });
  await it.agentIsSilent();
  expect(it.heard().match(/You said/g)).toHaveLength(1);
});

call('the greeting may be interrupted by a caller in a hurry', async begin => {
  const it = await begin({ model: [parcel] });
  await it.agentSays('Hello, how');
  it.says('Where is my parcel?');
  await it.agentStops();
  await it.agentSays('Your parcel arrives on Tuesday');
});

call('a caller who speaks before the greeting is out is answered', async begin => {
  const it = await begin({ model: [parcel] });
  it.says('Hello? Where is my parcel?');
  await it.agentSays('Your parcel arrives on Tuesday', { withinMs: 12_000 });
});

call('the last words are in the record although the caller hangs up at once', async begin => {
  const it = await answering(begin);
  await it.agentIsSilent();
  it.says('Thank you very much, goodbye.', { finalLagMs: 60 });
  await it.until('final', () => it.ears.finals.length === 2, 5000);
  await it.hangsUp();
});

call('words over the end of a sentence are the next turn', async begin => {
  const it = await answering(begin, { agent: { turns: { policy: 'patient' } }, next: 'You are welcome.' });
  await it.agentSays('before he');
  it.says('Thank you for that.');
  await it.agentSays('You are welcome.', { withinMs: 12_000 });
});

encore();
