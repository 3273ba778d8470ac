import { expect, test } from 'vitest';
import { testSettings } from '../testing/settings.ts';
import type { About } from './action.ts';
import { moveAgent, sayText, startSound, stopSound } from './agent-actions.ts';
import { standingOf } from './standing.ts';

const reachable = testSettings({}, { WEB_PUBSUB_ENDPOINT: 'https://pubsub.example.com' });

function about(shown: object, settings = reachable): About {
  const customStatus = { phase: 'connected', ...shown };
  return { standing: standingOf({ running: true, customStatus }), settings, params: {} };
}
const media = (state: string) => ({ media: { state } });
const person = { handoff: { stage: 'with-person' } };

test('where no way leads to the conversation, that is said before anything is asked', () => {
  const unreachable = about(media('on'), testSettings());
  for (const wanted of [sayText.wanted({ text: 'Hello' }, unreachable), moveAgent.wanted({}, unreachable)])
    expect(wanted).toEqual({ impossible: expect.stringContaining('WEB_PUBSUB_ENDPOINT') });
});

test.each([
  ['on', [409, 'asked', 'asked', 'asked']],
  ['none', [409, 'asked', 'asked', 'asked']],
  ['lost', [409, 'asked', 'asked', 'asked']],
  ['restarting', [409, 'asked', 'asked', 'asked']],
  ['off', ['asked', 409, 409, 409]],
  ['dead', ['asked', 409, 409, 409]],
  ['of a later version', [409, 'asked', 'asked', 'asked']],
])('with its sound %s a call can be asked to start, stop, move or say: %s', (state, expected) => {
  const now = about(media(state));
  const wanted = [
    startSound.wanted({}, now),
    stopSound.wanted({}, now),
    moveAgent.wanted({}, now),
    sayText.wanted({ text: 'Hello' }, now),
  ];
  expect(wanted.map(each => ('impossible' in each ? each.status : 'asked'))).toEqual(expected);
});

test('a call of an older version, which shows nothing of its sound, can be asked everything', () => {
  for (const wanted of [
    startSound.wanted({}, about({})),
    stopSound.wanted({}, about({})),
    moveAgent.wanted({}, about({})),
  ])
    expect(wanted).not.toHaveProperty('impossible');
});

test('no agent is brought back to a caller who has a person', () => {
  expect(startSound.wanted({}, about({ ...media('off'), ...person }))).toMatchObject({ status: 409 });
});
