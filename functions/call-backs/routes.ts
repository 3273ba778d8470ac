import { z } from 'zod';
import type { ApiRoute } from '../api-route.ts';
import type { Door } from '../doors.ts';
import { failure } from '../log.ts';
import { problem } from '../problem.ts';
import { cancelEvent } from './call-back.orchestrator.ts';
import { callBack, isEnded } from './call-backs.ts';

/** The calls back that were promised, for people to see and to call off. */
const listed = z.object({ callBacks: z.array(callBack) });

const listCallBacks: Door = async ({ callBacks }, _request, _client, log) => {
  try {
    return { status: 200, jsonBody: { callBacks: await callBacks.list() } satisfies z.infer<typeof listed> };
  } catch (error) {
    log.error('call-backs.failed', { operation: 'list', ...failure(error) });
    return problem(503, 'The calls back could not be listed just now.');
  }
};

const isCallBackId = (text: string): boolean => /^call-back-[0-9a-f]{32}-[0-9a-f]{16}$/.test(text);

const cancelCallBack: Door = async ({ callBacks }, request, client, log) => {
  const { callBackId = '' } = request.params;
  if (!isCallBackId(callBackId)) return noSuchCallBack();
  try {
    const found = await callBacks.find(callBackId);
    if (!found) return noSuchCallBack();
    if (found.state === 'cancelled') return { status: 202, jsonBody: found };
    if (isEnded(found)) return problem(409, 'It has ended already.');
    await client.raiseEvent(callBackId, cancelEvent, {});
    log.info('call-back.cancelled', { callId: found.callId });
    return { status: 202, headers: { location: '/api/v1/call-backs' }, jsonBody: found };
  } catch (error) {
    log.error('call-backs.failed', { operation: 'cancel', ...failure(error) });
    return problem(503, 'It could not be cancelled just now; ask again.');
  }
};

const noSuchCallBack = () => problem(404, 'There is no call back of this id.');

export const callBackRoutes: Readonly<Record<string, ApiRoute>> = {
  'list-call-backs': {
    routes: ['api/v1/call-backs'],
    methods: ['GET'],
    authLevel: 'function',
    door: listCallBacks,
    about: {
      summary: 'Lists the calls back that agents have promised, the next first, and how those of the last week went',
      replies: { 200: { description: 'At most 200. No numbers, no words.', body: listed } },
    },
  },
  'cancel-call-back': {
    routes: ['api/v1/call-backs/{callBackId}'],
    methods: ['DELETE'],
    authLevel: 'function',
    door: cancelCallBack,
    about: {
      summary: 'Cancels a call back: nobody is rung any more. A telephone that rings already goes on ringing',
      replies: {
        202: { description: 'It is being cancelled; the list tells when.', body: callBack },
        404: { description: 'There is none of this id.' },
        409: { description: 'It has ended already.' },
      },
    },
  },
};
