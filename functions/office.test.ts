import type { DurableClient } from 'durable-functions';
import { expect, test } from 'vitest';
import { placeCallBack } from './call-backs/place.ts';
import { startRules } from './call-start.ts';
import { controlPlane } from './control-plane.ts';
import { logTo } from './log.ts';
import { officeOf } from './office.ts';
import { testSettings } from './testing/settings.ts';

const mail = { EMAIL_CONNECTION_STRING: 'endpoint=http://127.0.0.1:1;accesskey=a2V5' };
const sender = { EMAIL_SENDER: 'a@b.example' };
/** It reaches nothing: what is asked here needs nothing. */
const nobody = {} as DurableClient;

test('without an e-mail service nothing is promised, and no call begins what could not be sent', async () => {
  const plane = controlPlane(testSettings());
  expect(await officeOf(plane, nobody)('c').sendSummary('k', 'ann@example.com')).toBe('no-email');
  expect(startRules(testSettings())).not.toHaveProperty('summarises');
  expect(startRules(testSettings({}, { ...mail, ...sender }))).toMatchObject({ summarises: true });
});

test.each([
  ['a service without a sender', mail, /EMAIL_SENDER is missing/],
  ['operators without a service', { SUMMARY_EMAIL_TO: 'a@b.example' }, /EMAIL_CONNECTION_STRING or EMAIL_ENDPOINT/],
  ['what is no address', { ...mail, ...sender, SUMMARY_EMAIL_TO: 'a@b.example,me' }, /SUMMARY_EMAIL_TO/],
])('%s is told before the first call', (_, given, problem) => {
  expect(() => testSettings({}, given)).toThrow(problem);
});

test.each([
  ['4111 1111 1111 1111', 0],
  ['the missing parcel', 1],
])('what a call back is about is remembered, and no secret is: %s', async (note, times) => {
  const kept: object[] = [];
  const plane = controlPlane(testSettings());
  const memories = { ...plane.memories, add: async (_: string, left: object) => void kept.push(left) };
  const start = { id: 'i', callId: 'c', at: 5, target: '8:unknown', note, number: 1 };
  const log = logTo(console, 'silent');
  expect(await placeCallBack({ ...plane, memories }, nobody, start, log)).toEqual({ state: 'refused' });
  expect(kept).toHaveLength(times);
});
