import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from '../../emulators/acs/test/app.ts';
import { testSettings } from '../testing/settings.ts';
import { acsCarrier } from './call-automation.ts';

const [customer, colleague] = ['+15550142', '+15550143'];

let app: App;

beforeAll(async () => {
  app = await startApp({ subscribe: false });
});

afterAll(() => app?.close());

test('the carrier says whether a call is up, is heard, and who is in it', async () => {
  const carrier = acsCarrier(testSettings({ acs: app.acs }, { ACS_CALLBACK_URL: `${app.url}/cb` }));
  const callId = 'c'.repeat(32);
  const mediaUrl = `${app.url.replace('http', 'ws')}/media/${callId}`;
  const { callConnectionId: cc } = await carrier.create({
    ...{ callId, target: customer, callerId: '+15550100', mode: 'media', mediaUrl, operationContext: 'dial' },
  });
  await app.named('CallConnected', cc);
  await app.named('MediaStreamingStarted', cc);
  expect(await carrier.look(cc)).toEqual({ up: true, streaming: true });
  expect(await carrier.look(cc, customer)).toEqual({ up: true, streaming: true, people: 2, present: true });
  expect(await carrier.look(cc, colleague)).toMatchObject({ people: 2, present: false });
  await carrier.carryOut(cc, { do: 'add', who: '8:acs:1234-5678_abcd', ringSeconds: 25 }, 'add', callId);
  await app.named('AddParticipantSucceeded', cc);
  expect(await carrier.look(cc, '8:acs:1234-5678_abcd')).toMatchObject({ people: 3, present: true });
  await carrier.carryOut(cc, { do: 'stop-streaming' }, 'stop', callId);
  await app.named('MediaStreamingStopped', cc);
  expect(await carrier.look(cc)).toEqual({ up: true, streaming: false });
  await carrier.hangUp(cc);
  expect(await carrier.look(cc, customer)).toEqual({ up: false });
});
