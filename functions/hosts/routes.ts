import { z } from 'zod';
import { heartbeat } from '../../contracts/control.ts';
import type { ApiRoute } from '../api-route.ts';
import { forMediaHost } from '../doors.ts';
import { listHosts, shownHost, takeHeartbeat } from './doors.ts';

export const hostRoutes: Readonly<Record<string, ApiRoute>> = {
  heartbeat: {
    routes: ['api/v1/hosts/heartbeat'],
    methods: ['POST'],
    authLevel: 'anonymous',
    door: forMediaHost(takeHeartbeat),
    about: {
      summary: 'A media host says what it carries',
      shows: 'control-key',
      body: heartbeat,
      replies: {
        200: {
          description: 'Heard; `older` when a later beat was here already.',
          body: z.object({ status: z.enum(['taken', 'older']) }),
        },
      },
    },
  },
  hosts: {
    routes: ['api/v1/hosts'],
    methods: ['GET'],
    authLevel: 'function',
    door: listHosts,
    about: {
      summary: 'Lists the media hosts heard of in the last minute',
      replies: { 200: { description: 'The hosts.', body: z.object({ hosts: z.array(shownHost) }) } },
    },
  },
};
