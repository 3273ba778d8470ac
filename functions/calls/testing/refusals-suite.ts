import { describe, expect, test } from 'vitest';
import { eventually, testControlKey } from '../../testing/stage.ts';
import { callRoutes } from '../routes.ts';
import type { ApiUnderTest, Reply } from './api-under-test.ts';

/** Whatever is sent to the API's doors that is not theirs changes nothing; `secrets` were sent by the tests before. */
const customer = '+15550142';
const words = 'Your blood test is back';

export function refusalsSuite(api: ApiUnderTest, secrets: readonly string[]): void {
  describe('nonsense is turned away, nothing is changed and nothing is written down', () => {
    const bodies: Record<string, unknown> = {
      '': { target: customer },
      transfer: { to: customer },
      play: { source: { text: words } },
      recognise: { what: 'dtmf', from: customer },
      tones: { to: customer, tones: '1' },
      'tones/listen': { from: customer },
      mute: { who: customer },
      hold: { who: customer },
      unhold: { who: customer },
      participants: { who: customer },
      'participants/remove': { who: customer },
      recording: {},
      'recording/pause': {},
      'recording/resume': {},
      'recording/stop': {},
      'media/cancel': {},
      'media/start': {},
      'media/stop': {},
      'media/move': {},
      say: { text: words },
      'hang-up': {},
      person: { reason: 'asked' },
    };
    const numbers = ['15550142', '+0555', '+1555014a', '+1555 0142', 'tel:+15550142', "+15550142' OR 1=1"];
    const tricks = [
      ...["' OR '1'='1", '../../etc/passwd', '%2e%2e%2fcalls', 'x'.repeat(500), '00', 'A'.repeat(32)],
      ...['0'.repeat(31), `${'0'.repeat(32)}%00`, `${'0'.repeat(31)}g`],
    ];
    const unknown = '0'.repeat(32);

    test('each door in each way', async () => {
      const doors = Object.values(callRoutes).filter(
        each => each.methods.includes('POST') && each.authLevel === 'function',
      );
      const paths = doors.map(({ routes }) => String(routes[0]).replace(/^api\/v1\/calls(\/\{callId\}\/)?/, ''));
      expect(Object.keys(bodies).sort()).toEqual(paths.sort());

      const { callId } = await api.ring();
      const life = await api.statusOf(callId);
      const legs = api.carrier.calls().length;
      const sent = api.carrier.calls().map(({ callbacks }) => callbacks.sent);
      const history = await api.stage.durableActions(callId);
      const big = JSON.stringify({ text: words.repeat(45_000) });
      const to = (path: string, id = callId) => (path === '' ? '/calls' : `/calls/${id}/${path}`);

      for (const [path, body] of Object.entries(bodies)) {
        const tried = async (what: string, reply: Promise<Reply>, ...expected: number[]) => {
          const { status, type } = await reply;
          expect([path, what, status, expected.includes(status)]).toEqual([path, what, status, true]);
          if (status !== 401) expect(type).toBe('application/problem+json');
        };
        await tried('no key', api.ask('POST', to(path), body, { 'x-functions-key': '' }), 401);
        await tried('wrong key', api.ask('POST', to(path), body, { 'x-functions-key': testControlKey }), 401);
        await tried('garbage', api.ask('POST', to(path), `{"${words}`), 400);
        await tried('an array', api.ask('POST', to(path), [customer]), 400);
        await tried('unknown field', api.ask('POST', to(path), { ...(body as object), also: customer }), 400);
        await tried('plain text', api.ask('POST', to(path), body, { 'content-type': 'text/plain' }), 415);
        await tried('1 MB', api.ask('POST', to(path), big), 413);
        await tried('short idempotency key', api.ask('POST', to(path), body, { 'idempotency-key': 'short' }), 400);
        if (path !== '') await tried('unknown call', api.ask('POST', to(path, unknown), body), 404);
        for (const [field] of Object.entries(body as object).filter(([, value]) => value === customer)) {
          for (const number of numbers)
            await tried(number, api.ask('POST', to(path), { ...(body as object), [field]: number }), 400);
        }
      }
      for (const trick of tricks) {
        const id = encodeURIComponent(trick);
        expect([trick, (await api.ask('GET', `/calls/${id}`)).status]).toEqual([trick, 404]);
        expect([trick, (await api.ask('POST', `/calls/${id}/mute`, { who: customer })).status]).toEqual([trick, 404]);
        expect([trick, (await api.ask('GET', `/calls/${callId}/operations/${id}`)).status]).toEqual([trick, 404]);
        const removed = await api.ask('DELETE', `/calls/${callId}/participants/${id}`);
        expect([trick, removed.status]).toEqual([trick, 400]);
      }
      for (const query of ['limit=0', 'limit=x', 'state=odd', 'continuation=%27%3B--', 'else=1'])
        expect([query, (await api.ask('GET', `/calls?${query}`)).status]).toEqual([query, 400]);
      for (const path of ['handoff', 'conversation-over']) {
        const refused = await api.ask('POST', `/calls/${callId}/${path}`, { reason: 'x' });
        expect([path, refused.status]).toEqual([path, 401]);
      }

      expect(await api.statusOf(callId)).toEqual(life);
      expect(api.carrier.calls()).toHaveLength(legs);
      expect(api.carrier.calls().map(({ callbacks }) => callbacks.sent)).toEqual(sent);
      expect(await api.stage.durableActions(callId)).toBe(history);
    });

    test('too many orders of one call wait, and the next is told to come later', async () => {
      const { callId } = await api.ring();
      const wait = { what: 'dtmf', from: '+15550199', silenceSeconds: 300 };
      const refused = await eventually(async () => {
        const reply = await api.ask('POST', `/calls/${callId}/recognise`, wait);
        return reply.status === 202 ? undefined : reply;
      });
      expect(refused).toMatchObject({ status: 429, type: 'application/problem+json' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await api.ask('POST', `/calls/${callId}/hang-up`)).status).toBe(202);
    });

    test('a carrier that wants a pause is given it, and people are told for how long', async () => {
      const { callId } = await api.ring();
      const { callConnectionId = '' } = (await api.statusOf(callId)) ?? {};
      api.carrier.setFaults({ throttleNext: 1, throttleRetryAfterS: 60, faultPath: callConnectionId });
      expect((await api.ask('POST', `/calls/${callId}/mute`, { who: '+15550199' })).status).toBe(202);
      const refused = await eventually(async () => {
        const reply = await api.ask('POST', '/calls', { target: customer });
        return reply.status === 202 ? undefined : reply;
      });
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30);
      expect((await api.ask('POST', `/calls/${callId}/hang-up`)).status).toBe(202);
    });

    test('no number and no word is in the log', () => {
      const log = api.stage.host.log();
      for (const secret of ['15550142', words, 'blood', testControlKey, api.stage.host.key, ...secrets])
        expect(log).not.toContain(secret);
    });
  });
}
