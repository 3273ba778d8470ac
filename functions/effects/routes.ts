import { effectAsk, effectReply } from '../../contracts/control.ts';
import type { ApiRoute } from '../api-route.ts';
import { forMediaHost } from '../doors.ts';
import { askForEffect, showEffect } from './doors.ts';

const replies = {
  200: { description: 'The effect was carried out; the result of its tool.', body: effectReply.options[0] },
  202: { description: 'It is being carried out; ask again at the Location.', body: effectReply.options[1] },
  409: { description: 'Another effect was asked for under this key.' },
  424: { description: 'The tool failed, or ran out of time. It is not tried again under this key.' },
};

export const effectRoutes: Readonly<Record<string, ApiRoute>> = {
  'ask-for-effect': {
    routes: ['api/v1/calls/{callId}/effects'],
    methods: ['POST'],
    authLevel: 'anonymous',
    door: forMediaHost(askForEffect),
    about: {
      summary: 'The media host has a tool change the world: once, however often it asks under one key',
      shows: 'control-key',
      body: effectAsk,
      replies: {
        ...replies,
        403: { description: 'The tool needs facts that are not among those of the call.' },
        404: { description: 'No tool of that name changes the world.' },
        422: { description: 'The tool does not take these arguments.' },
      },
    },
  },
  'show-effect': {
    routes: ['api/v1/calls/{callId}/effects/{key}'],
    methods: ['GET'],
    authLevel: 'anonymous',
    door: forMediaHost(showEffect),
    about: {
      summary: 'Tells how an effect stands',
      shows: 'control-key',
      replies: { ...replies, 404: { description: 'There is no such effect.' } },
    },
  },
};
