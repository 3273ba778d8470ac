import { callerMemory } from '../../contracts/caller-memory.ts';
import type { ApiRoute } from '../api-route.ts';
import type { Door } from '../doors.ts';
import { failure } from '../log.ts';
import { problem } from '../problem.ts';

/** What is remembered of a caller, for people to see, and to have forgotten. */
const isCallerHash = (text: string): boolean => /^[0-9a-f]{24}$/.test(text);

const shownMemory = callerMemory.omit({ forgottenAt: true });

const showMemory: Door = async ({ memories }, request, _client, log) => {
  const { callerHash = '' } = request.params;
  if (!isCallerHash(callerHash)) return noCallerHash();
  try {
    const memory = await memories.of(callerHash);
    if (!memory) return problem(404, 'Nothing is remembered of this caller.');
    return { status: 200, headers: { 'cache-control': 'no-store' }, jsonBody: shownMemory.parse(memory) };
  } catch (error) {
    log.error('caller-memory.failed', { operation: 'show', ...failure(error) });
    return problem(503, 'What is remembered could not be read just now.');
  }
};

const forgetCaller: Door = async ({ memories }, request, _client, log) => {
  const { callerHash = '' } = request.params;
  if (!isCallerHash(callerHash)) return noCallerHash();
  try {
    await memories.forget(callerHash, Date.now());
    log.info('caller-memory.forgotten', {});
    return { status: 204 };
  } catch (error) {
    log.error('caller-memory.failed', { operation: 'forget', ...failure(error) });
    return problem(503, 'The caller could not be forgotten just now; ask again.');
  }
};

const noCallerHash = () => problem(400, 'A callerHash is 24 hex digits; it stands in the record of each call.');

const place: Pick<ApiRoute, 'routes' | 'authLevel'> = {
  routes: ['api/v1/callers/{callerHash}/memory'],
  authLevel: 'function',
};
const malformed = { 400: { description: 'It is no callerHash.' } };

export const callerRoutes: Readonly<Record<string, ApiRoute>> = {
  'show-caller-memory': {
    ...place,
    methods: ['GET'],
    door: showMemory,
    about: {
      summary: 'Shows what is remembered of a caller from call to call',
      replies: {
        200: { description: 'What they said of themselves, and their calls, the oldest first.', body: shownMemory },
        ...malformed,
        404: { description: 'Nothing is remembered.' },
      },
    },
  },
  'forget-caller': {
    ...place,
    methods: ['DELETE'],
    door: forgetCaller,
    about: {
      summary: 'Forgets a caller: what is remembered of them, and what a call under way has noted by now',
      replies: {
        204: { description: 'Nothing of it is remembered any more, and no call that ends brings it back.' },
        ...malformed,
      },
    },
  },
};
