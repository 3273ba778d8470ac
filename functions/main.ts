import { app, type HttpMethod, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { answerCall } from './activities/answer.ts';
import { hangUp, hangUpInput } from './activities/hang-up.ts';
import { lookUp, lookUpInput } from './activities/look-up.ts';
import { type SaveRecordInput, saveRecord } from './activities/save-record.ts';
import { call } from './call.orchestrator.ts';
import { callbacksWebhook } from './call-events.ts';
import type { CallStart } from './call-start.ts';
import { hangUpCall, showCall } from './calls-api.ts';
import { controlPlane } from './control-plane.ts';
import { type Door, withControlKey } from './doors.ts';
import { alive, healthy } from './health.ts';
import { incomingWebhook } from './incoming-webhook.ts';
import { failure, type Log, logTo } from './log.ts';
import { controlSettings } from './settings.ts';

/** Registers the control plane with the Functions host: every route, orchestration and activity is named here. */
const settings = controlSettings(process.env);
const plane = controlPlane(settings);

interface Route {
  /** The canonical path first, then those earlier designs gave out. */
  routes: readonly string[];
  methods: HttpMethod[];
  /** `anonymous` doors check their visitors themselves. */
  authLevel: 'function' | 'anonymous';
  door: Door;
}

const doors: Readonly<Record<string, Route>> = {
  incoming: {
    routes: [
      'api/v1/calls/incoming',
      'api/v1/calls/answer',
      'api/v1/call-events',
      'api/incomingCall',
      'api/events',
      'api/callbacks',
    ],
    methods: ['POST', 'OPTIONS'],
    authLevel: 'function',
    door: incomingWebhook,
  },
  callbacks: {
    routes: ['api/v1/calls/{callId}/callbacks/{secret}', 'api/callbacks/{callId}/{secret}'],
    methods: ['POST'],
    authLevel: 'anonymous',
    door: callbacksWebhook,
  },
  'show-call': { routes: ['api/v1/calls/{callId}'], methods: ['GET'], authLevel: 'function', door: showCall },
  'hang-up-call': {
    routes: ['api/v1/calls/{callId}/hang-up'],
    methods: ['POST'],
    authLevel: 'function',
    door: hangUpCall,
  },
  'conversation-over': {
    routes: ['api/v1/calls/{callId}/conversation-over'],
    methods: ['POST'],
    authLevel: 'anonymous',
    door: withControlKey(settings.CONTROL_KEY, hangUpCall),
  },
};

for (const [name, { routes, methods, authLevel, door }] of Object.entries(doors)) {
  for (const [i, route] of routes.entries()) {
    df.app.client.http(i === 0 ? name : `${name}-${i + 1}`, {
      route,
      methods,
      authLevel,
      handler: (request, client, context) => door(plane, request, client, logTo(context, settings.LOG_LEVEL)),
    });
  }
}

const pages: Readonly<Record<string, { route: string; page: () => HttpResponseInit | Promise<HttpResponseInit> }>> = {
  live: { route: 'api/v1/health/live', page: alive },
  ready: { route: 'api/v1/health/ready', page: () => healthy(plane) },
  health: { route: 'api/v1/health', page: () => healthy(plane) },
  'health-short': { route: 'health', page: () => healthy(plane) },
  home: { route: '/', page: alive },
};

for (const [name, { route, page }] of Object.entries(pages))
  app.http(name, { route, methods: ['GET'], authLevel: 'anonymous', handler: async () => page() });

df.app.orchestration('call', call);

// Inputs of 'answer' and 'save-record' come from the orchestration's own state, which only we write.
activity('answer', input => answerCall(plane.carrier, input as CallStart, Date.now));
activity('hang-up', input => hangUp(plane.carrier, hangUpInput.parse(input)));
activity('look-up', input => lookUp(plane.carrier, lookUpInput.parse(input)));
activity('save-record', (input, log) => saveRecord(plane.store, input as SaveRecordInput, log));

function activity(name: string, run: (input: unknown, log: Log) => Promise<unknown>): void {
  df.app.activity(name, {
    handler: async (input: unknown, context: InvocationContext) => {
      const log = logTo(context, settings.LOG_LEVEL);
      try {
        return await run(input, log);
      } catch (error) {
        log.warn('activity.failed', { operation: name, ...failure(error) });
        // The orchestration decides whether to try again; it keeps the message in its history, so that must be harmless.
        throw error instanceof Error ? error : new Error('The activity failed.', { cause: error });
      }
    },
  });
}
