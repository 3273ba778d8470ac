import { describe, expect, test } from 'vitest';
import { conversation, settled } from '../scripted-conversation.ts';
import { circuitRules } from '../tools/circuit.ts';
import { type Choice, createDeployments } from './fallback.ts';

const both: Choice = { own: 'big', fallback: 'small' };
const { failures, restMs } = circuitRules;

function failing(model: string) {
  const deployments = createDeployments();
  for (let n = 0; n < failures; n++) deployments.ended(model, 'ill', 0);
  return deployments;
}

test('the other deployment is asked second, and the same one where there is no other', () => {
  const deployments = createDeployments();
  expect([deployments.first(both, 0), deployments.second(both, 'big')]).toEqual(['big', 'small']);
  expect([deployments.first({ own: 'big' }, 0), deployments.second({ own: 'big' }, 'big')]).toEqual(['big', 'big']);
});

test('after five failures in a row the other is asked at once, and asked again where it fails', () => {
  const deployments = failing('big');
  expect(deployments.first(both, restMs - 1)).toBe('small');
  expect(deployments.second(both, 'small')).toBe('small');
});

test('after its rest one caller tries whether it is well; if so, all ask it again', () => {
  const deployments = failing('big');
  expect([deployments.first(both, restMs), deployments.first(both, restMs)]).toEqual(['big', 'small']);
  deployments.ended('big', 'well', restMs + 500);
  expect([deployments.first(both, restMs + 500), deployments.first(both, restMs + 500)]).toEqual(['big', 'big']);
});

test('a try that is given up is no failure and no success: the next caller tries', () => {
  const deployments = failing('big');
  deployments.first(both, restMs);
  deployments.ended('big', 'unknown', restMs);
  expect([deployments.first(both, restMs), deployments.first(both, restMs)]).toEqual(['big', 'small']);
  deployments.ended('big', 'ill', restMs);
  expect(deployments.first(both, 2 * restMs - 1)).toBe('small');
});

test('a guess is no try', () => {
  const deployments = failing('big');
  expect(deployments.guess(both, 0)).toBe('small');
  expect([deployments.guess(both, restMs), deployments.first(both, restMs)]).toEqual(['big', 'big']);
  // Somebody tries: a guess does not spoil that.
  expect([deployments.guess(both, restMs), deployments.first(both, restMs)]).toEqual(['small', 'small']);
});

test('an agent whose only deployment rests asks it all the same', () => {
  const deployments = failing('big');
  deployments.ended('small', 'ill', 0);
  expect(deployments.first({ own: 'big' }, 1)).toBe('big');
  for (let n = 0; n < failures; n++) deployments.ended('small', 'ill', 0);
  expect(deployments.first(both, 1)).toBe('big');
});

describe('in a conversation', () => {
  const asked = ({ model }: ReturnType<typeof conversation>) => model.requests.map(request => request.model);

  test('a deployment that fails is followed by the fallback of the settings, unheard', async () => {
    const it = conversation([['fail'], ['Here I am.']], { fallbackModel: 'gpt-spare' });
    it.runtime.take({ turn: 1, epoch: 0, said: 'Hello?' });
    await it.told('reply-ended', 1);
    expect(it.spoken()).toEqual(['Here I am.']);
    expect(it.of('model-ran').map(({ model, code }) => [model, code])).toEqual([
      ['gpt-test', 'MODEL_UNAVAILABLE'],
      ['gpt-spare', undefined],
    ]);
  });

  test('the fallback is asked for no longer than a second attempt may take', async () => {
    const it = conversation([['hang'], ['hang']], { fallbackModel: 'gpt-spare' });
    it.runtime.take({ turn: 1, epoch: 0, said: 'Hello?' });
    await settled();
    it.clock.advance(8000);
    await settled();
    it.clock.advance(5000);
    await it.told('reply-failed', 1);
    expect(it.of('model-ran').map(({ model, ms }) => [model, ms])).toEqual([
      ['gpt-test', 8000],
      ['gpt-spare', 5000],
    ]);
  });

  test('words that were told stay the answer: the fallback is not asked behind them', async () => {
    const it = conversation([['We are open. Until', 'break-off'], ['Never asked.']], { fallbackModel: 'gpt-spare' });
    it.runtime.take({ turn: 1, epoch: 0, said: 'Open?' });
    await it.told('reply-failed', 1);
    expect(asked(it)).toEqual(['gpt-test']);
    expect(it.spoken()).toEqual(['We are open.']);
  });

  test('a deployment that failed five times in a row is not waited for, in any call', async () => {
    const deployments = createDeployments();
    const turns = 6;
    const scripts = Array.from({ length: turns - 1 }, () => [['fail' as const], ['Fine.']]).flat();
    const it = conversation([...scripts, ['Fine.']], { fallbackModel: 'gpt-spare', deployments });
    for (let turn = 1; turn <= turns; turn++) {
      it.runtime.take({ turn, epoch: 0, said: 'Hello?' });
      await it.told('reply-ended', turn);
      it.runtime.heard(turn, 'Fine.', false);
    }
    expect(asked(it).slice(-2)).toEqual(['gpt-spare', 'gpt-spare']);
    const other = conversation([['Fine.']], { fallbackModel: 'gpt-spare', deployments });
    other.runtime.take({ turn: 1, epoch: 0, said: 'Hello?' });
    await other.told('reply-ended', 1);
    expect(asked(other)).toEqual(['gpt-spare']);
    it.clock.advance(restMs);
    it.runtime.take({ turn: turns + 1, epoch: 0, said: 'Hello?' });
    await settled();
    expect(asked(it).slice(-2)).toEqual(['gpt-test', 'gpt-spare']);
  });

  test('a caller who interrupts says nothing about the deployment', async () => {
    const deployments = createDeployments();
    const it = conversation(
      Array.from({ length: 8 }, () => ['hang' as const]),
      { fallbackModel: 'gpt-spare', deployments },
    );
    for (let turn = 1; turn <= failures + 1; turn++) {
      it.runtime.take({ turn, epoch: turn - 1, said: 'Hello?' });
      await settled();
      it.bargeIn(turn, '');
    }
    expect(new Set(asked(it))).toEqual(new Set(['gpt-test']));
  });

  test('what a request cost is told with it where the price is known', async () => {
    const prices = new Map([['gpt-test', { input: 2, cached: 1, output: 10 }]]);
    const it = conversation([['fail'], ['Fine.']], { prices, fallbackModel: 'gpt-spare' });
    it.runtime.take({ turn: 1, epoch: 0, said: 'Hello?' });
    await it.told('reply-ended', 1);
    const known = conversation([['Fine.']], { prices });
    known.runtime.take({ turn: 1, epoch: 0, said: 'Hello?' });
    await known.told('reply-ended', 1);
    expect(it.of('model-ran').map(({ costMicros }) => costMicros)).toEqual([0, undefined]);
    expect(known.of('model-ran')).toMatchObject([{ costMicros: 15 * 2 + 5 + 10 * 10 }]);
  });
});
