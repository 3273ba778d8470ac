import { z } from 'zod';
import type { ApiRoute } from '../api-route.ts';
import { forMediaHost } from '../doors.ts';
import { type Action, actionDoor } from './action.ts';
import { actions, askForPerson, cancelPerson, hangUpAction, removeByAddress } from './actions.ts';
import { conversationOver } from './conversation-over.ts';
import { initiateBody, initiateCall } from './initiate.ts';
import { callList, listCalls, listQuery } from './list.ts';
import { showCall, shownCall, shownOperation, showOperation } from './show.ts';

/** The API of calls: place one, see them, and ask something of one that is up. */
const askedReply = z.object({ callId: z.string(), operationId: z.string(), status: z.literal('asked') });

const acceptedReply = {
  description: 'Asked of the call; how it goes is told at the Location.',
  body: askedReply,
};
const refusals = {
  404: { description: 'There is no such call.' },
  409: { description: 'The call has ended, or is in another state than this needs.' },
  422: { description: 'Understood, but this call cannot do it; or the Idempotency-Key was used for something else.' },
  429: { description: 'The carrier asks for a pause, or too much is under way in this call. See Retry-After.' },
};

const summaries: Readonly<Record<keyof typeof actions, string>> = {
  transfer: 'Moves the caller to somebody else; our part in the call ends when they accept',
  play: 'Plays a file (WAV, mono, 16 bit, 16 kHz) or speaks a text, to one participant or to all',
  recognise: 'Listens to a participant for keys, one of several choices, or speech',
  tones: 'Presses keys on the line of a participant',
  'tones/listen': 'Listens to the keys of a participant all the time, or no longer; the agent is told each',
  mute: 'Mutes a participant',
  hold: 'Puts a participant on hold, with sound if any is given',
  unhold: 'Takes a participant off hold',
  participants: 'Rings somebody into the call',
  'participants/remove': 'Takes a participant out of the call',
  recording: 'Records the call, after everybody has heard the consent prompt if there is one',
  'recording/pause': 'Pauses the recording',
  'recording/resume': 'Goes on recording',
  'recording/stop': 'Ends the recording',
  'media/cancel': 'Stops all that the carrier plays and listens for',
  'media/start': 'Lets the agent hear the call and speak in it again',
  'media/stop': 'Takes the agent out of the call: it hears and says nothing until started again',
  'media/move': 'Moves the conversation away from its media host, in the next moment in which nobody speaks',
  say: 'Has the agent say a text as soon as its turn allows; done when the media host has been told',
  'hang-up': 'Ends the call for everybody',
};

function post<Body extends z.ZodType>(path: string, summary: string, action: Action<Body>): ApiRoute {
  return {
    routes: [`api/v1/calls/{callId}/${path}`],
    methods: ['POST'],
    authLevel: 'function',
    door: actionDoor(action),
    about: { summary, body: action.body, idempotent: true, replies: { 202: acceptedReply, ...refusals } },
  };
}

const nameOf = (path: string): string => `${path.replaceAll('/', '-')}-call`;

export const callRoutes: Readonly<Record<string, ApiRoute>> = {
  'initiate-call': {
    routes: ['api/v1/calls'],
    methods: ['POST'],
    authLevel: 'function',
    door: initiateCall,
    about: {
      summary: 'Calls a telephone or a user, for an agent to speak with them',
      body: initiateBody,
      idempotent: true,
      replies: {
        202: {
          description: 'The call is being placed; how it goes is told at the Location.',
          body: z.object({ callId: z.string(), status: z.literal('asked') }),
        },
        422: { description: 'Nobody can be called there, or the Idempotency-Key was used for something else.' },
        429: { description: 'Every place for a call is taken, or the carrier asks for a pause. See Retry-After.' },
      },
    },
  },
  'list-calls': {
    routes: ['api/v1/calls'],
    methods: ['GET'],
    authLevel: 'function',
    door: listCalls,
    about: {
      summary: 'Lists calls, the newest first',
      query: listQuery,
      replies: { 200: { description: 'A page of calls.', body: callList } },
    },
  },
  'show-call': {
    routes: ['api/v1/calls/{callId}'],
    methods: ['GET'],
    authLevel: 'function',
    door: showCall,
    about: {
      summary: 'Tells how a call stands, and its record',
      replies: { 200: { description: 'The call.', body: shownCall }, 404: refusals[404] },
    },
  },
  'show-operation': {
    routes: ['api/v1/calls/{callId}/operations/{operationId}'],
    methods: ['GET'],
    authLevel: 'function',
    door: showOperation,
    about: {
      summary: 'Tells how something asked of a call has gone',
      replies: {
        200: { description: 'The operation.', body: shownOperation },
        404: { description: 'Nothing was asked of this call under such an id.' },
      },
    },
  },
  ...Object.fromEntries(
    (Object.keys(actions) as (keyof typeof actions)[]).map(path => [
      nameOf(path),
      post(path, summaries[path], actions[path] as Action<z.ZodType>),
    ]),
  ),
  'remove-participant': {
    routes: ['api/v1/calls/{callId}/participants/{who}'],
    methods: ['DELETE'],
    authLevel: 'function',
    door: actionDoor(removeByAddress),
    about: {
      summary: 'Takes a participant out of the call. Addresses are logged by proxies: participants/remove is discreet',
      idempotent: true,
      replies: { 202: acceptedReply, ...refusals },
    },
  },
  'ask-for-person': post(
    'person',
    'Finds a person for the caller, and gives the caller back to the agent if nobody comes',
    askForPerson,
  ),
  'cancel-person': {
    routes: ['api/v1/calls/{callId}/person'],
    methods: ['DELETE'],
    authLevel: 'function',
    door: actionDoor(cancelPerson),
    about: {
      summary: 'Stops the search for a person; the agent goes on',
      idempotent: true,
      replies: { 202: acceptedReply, ...refusals },
    },
  },
  handoff: {
    routes: ['api/v1/calls/{callId}/handoff'],
    methods: ['POST'],
    authLevel: 'anonymous',
    door: forMediaHost(actionDoor(askForPerson)),
    about: {
      summary: 'The media host asks for a person on behalf of the agent',
      shows: 'control-key',
      body: askForPerson.body,
      idempotent: true,
      replies: { 202: acceptedReply, ...refusals },
    },
  },
  'cancel-handoff': {
    routes: ['api/v1/calls/{callId}/handoff'],
    methods: ['DELETE'],
    authLevel: 'anonymous',
    door: forMediaHost(actionDoor(cancelPerson)),
    about: {
      summary: 'The caller wants no person any more',
      shows: 'control-key',
      idempotent: true,
      replies: { 202: acceptedReply, ...refusals },
    },
  },
  'conversation-over': {
    routes: ['api/v1/calls/{callId}/conversation-over'],
    methods: ['POST'],
    authLevel: 'anonymous',
    door: forMediaHost(conversationOver),
    about: {
      summary: 'The media host says that the conversation is over and the caller may be hung up',
      shows: 'control-key',
      body: hangUpAction.body,
      replies: {
        202: { description: 'The call is being ended.', body: askedReply.omit({ operationId: true }) },
        404: refusals[404],
        409: { description: 'The call has ended.' },
      },
    },
  },
};
