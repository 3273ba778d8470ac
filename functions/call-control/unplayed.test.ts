import { expect, test } from 'vitest';
import { order } from '../acs/orders.ts';
import { statusOf } from './status.ts';
import { type Steered, talking, testRules } from './testing/steered.ts';

const play = order.parse({ do: 'play', source: { text: 'We close at six.' } });
const failed = { type: 'order-ended', context: 'op', end: 'failed', code: 400, subCode: 8565 } as const;

function ordered(what = play, call = talking()): Steered {
  call.told({ type: 'ordered', id: 'op', order: what });
  call.wanted();
  return call;
}
const taken = (call: Steered): Steered =>
  call.came({ type: 'carried-out', context: 'op', reply: { outcome: 'asked' } });
const said = (call: Steered) =>
  call
    .wanted()
    .flatMap(intent => (intent.do === 'tell-media' && intent.message.do === 'say' ? [intent.message.text] : []));

test('words the carrier could not play are said by the agent, once', () => {
  const call = taken(ordered()).told(failed);
  expect(said(call)).toEqual(['We close at six.']);
  expect(call.state.operations).toMatchObject([{ id: 'op', state: 'failed', code: '400/8565' }]);
  expect(said(call.told(failed).passes(60_000))).toEqual([]);
});

test.each([
  ['refused', { outcome: 'refused', status: 400, code: '8523' }],
  ['out of reach', undefined],
] as const)('so are words it was %s for', (_, reply) => {
  expect(said(ordered().came({ type: 'carried-out', context: 'op', ...(reply && { reply }) }))).toHaveLength(1);
});

test('words that were played, called off, or may have been heard are not said again', () => {
  expect(said(taken(ordered()).told({ ...failed, end: 'succeeded' }))).toEqual([]);
  expect(said(taken(ordered()).told({ ...failed, end: 'cancelled' }))).toEqual([]);
  const unreported = taken(ordered()).passes(200_000);
  expect(unreported.state.operations).toMatchObject([{ code: 'unreported' }]);
  expect(said(unreported)).toEqual([]);
});

test('nothing is said where no agent is, or to one participant alone', () => {
  const aside = order.parse({ do: 'play', source: { text: 'For you.' }, to: '+15550199' });
  expect(said(taken(ordered(aside)).told(failed))).toEqual([]);
  const alone = talking();
  alone.state = { ...alone.state, media: { state: 'off', since: 0 } };
  expect(said(taken(ordered(play, alone)).told(failed))).toEqual([]);
});

test('the words are never shown', () => {
  const call = taken(ordered());
  expect(JSON.stringify(statusOf(call.state, testRules))).not.toContain('close');
  expect(JSON.stringify(call.told(failed).state.operations)).not.toContain('close');
});
