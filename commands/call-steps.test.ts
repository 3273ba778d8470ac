import { expect, test } from 'vitest';
import { planCall } from './call-steps.ts';

test('utterances are said one after another', async () => {
  const { steps } = await planCall([{ say: 'One' }, { say: 'Two' }]);
  expect(steps).toEqual([{ say: 'One' }, { say: 'Two' }]);
});

test('with --barge-in every next utterance cuts into the answer', async () => {
  const { steps } = await planCall([{ say: 'One' }, { say: 'Two' }], { bargeInMs: 700 });
  expect(steps).toEqual([{ say: 'One' }, { say: 'Two', bargeInMs: 700 }]);
});

test('a single utterance is followed by an interruption', async () => {
  const { steps } = await planCall([{ say: 'One' }], { bargeInMs: 0 });
  expect(steps).toEqual([{ say: 'One' }, { say: 'Wait, stop.', bargeInMs: 0 }]);
});

test('a cough comes while the agent speaks and asks for no answer; keys neither', async () => {
  const { steps } = await planCall([{ say: 'One' }, { coughMs: 180 }, { dtmf: '12#' }]);
  expect(steps).toEqual([{ say: 'One' }, { coughMs: 180, bargeInMs: 400 }, { dtmf: '12#', reply: false }]);
});
