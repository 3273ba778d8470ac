import { expect, test } from 'vitest';
import { eventually } from '../../testing/stage.ts';
import type { ApiUnderTest } from './api-under-test.ts';

/** What is asked of the agent's part in a call, up to where a media host hears it. */
export const spoken = 'Your call is number four in the queue';
export const presser = '+15550156';

export function agentSuite(api: ApiUnderTest): void {
  const toneName = 'ContinuousDtmfRecognitionToneReceived';

  async function eventsOf(callId: string, name: string): Promise<number> {
    const { callConnectionId = '' } = (await api.statusOf(callId)) ?? {};
    return api.carrier.call(callConnectionId)?.callbacks.events.filter(event => event.name === name).length ?? 0;
  }
  const soundIsOpen = async (callId: string): Promise<boolean> => {
    const { callConnectionId = '' } = (await api.statusOf(callId)) ?? {};
    return api.carrier.call(callConnectionId)?.media?.isOpen ?? false;
  };

  test('a text is told to the media host once, although it could not be told at first and was asked for twice', async () => {
    const { callId } = await api.ring();
    const told = await api.listen(callId);
    api.controlFaults({ publish: { status: 503, times: 3 } });
    const once = { 'idempotency-key': 'say-it-once' };
    const say = (text: string) => api.ask('POST', `/calls/${callId}/say`, { text }, once);
    const [asked, again] = await Promise.all([say(spoken), say(spoken)]);
    expect([asked.status, again.status]).toEqual([202, 202]);
    expect(again.body.operationId).toBe(asked.body.operationId);
    expect((await say('Something else')).status).toBe(422);
    expect(await api.ended(asked)).toMatchObject({ order: 'say', status: 'done' });
    expect((await say(spoken)).status).toBe(202);

    const move = await api.ask('POST', `/calls/${callId}/media/move`);
    expect(await api.ended(move)).toMatchObject({ order: 'media/move', status: 'done' });
    await eventually(async () => told.find(message => message.do === 'move'));
    expect(told).toEqual([
      { do: 'say', id: asked.body.operationId, text: spoken, at: expect.any(Number) },
      { do: 'move', id: move.body.operationId, at: expect.any(Number) },
    ]);
    expect(JSON.stringify(await api.statusOf(callId))).not.toContain(spoken);
    for (const text of ['', '  ', 'x'.repeat(2_001)])
      expect((await api.ask('POST', `/calls/${callId}/say`, { text })).status).toBe(400);
  });

  test('sound that was stopped stays away until it is started, and meanwhile nobody is there to be told anything', async () => {
    const { callId } = await api.ring();
    await eventually(async () => ((await api.statusOf(callId))?.media.state === 'on' ? true : undefined));
    const ask = (path: string, body: object = {}) => api.ask('POST', `/calls/${callId}/${path}`, body);
    expect((await ask('media/start')).status).toBe(409);
    expect(await api.ended(await ask('media/stop'))).toMatchObject({ order: 'media/stop', status: 'done' });
    expect(await soundIsOpen(callId)).toBe(false);
    expect((await api.statusOf(callId))?.media).toMatchObject({ state: 'off' });
    for (const [path, body] of [['media/stop'], ['media/move'], ['say', { text: spoken }]] as const)
      expect([path, (await ask(path, body)).status]).toEqual([path, 409]);
    expect(await api.ended(await ask('media/start'))).toMatchObject({ order: 'media/start', status: 'done' });
    expect(await soundIsOpen(callId)).toBe(true);
    expect(await eventsOf(callId, 'MediaStreamingStarted')).toBe(2);
    expect((await api.statusOf(callId))?.media).toMatchObject({ state: 'on' });
  });

  test('keys of a participant are listened to from when it is asked until it is stopped', async () => {
    const telephone = await api.phone(presser);
    const { callId } = (await api.ask('POST', '/calls', { target: presser })).body;
    await telephone.event('incoming');
    telephone.do('answer');
    await api.inPhase(callId, 'connected');
    const told = await api.listen(callId);
    const listen = async (on?: boolean) =>
      api.ended(
        await api.ask('POST', `/calls/${callId}/tones/listen`, { from: presser, ...(on !== undefined && { on }) }),
      );
    expect(await listen()).toMatchObject({ order: 'tones/listen', status: 'done' });
    telephone.do('dtmf', { tone: '5' });
    await eventually(async () => told.find(message => message.do === 'tone'));
    expect(await listen(false)).toMatchObject({ status: 'done' });
    telephone.do('dtmf', { tone: '6' });
    telephone.do('hang-up');
    await api.inPhase(callId, 'ended');
    expect(await eventsOf(callId, toneName)).toBe(1);
    expect(told).toMatchObject([{ do: 'tone', tone: '5' }]);
  });
}
