import { app, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { z } from 'zod';
import { answerCall } from './activities/answer.ts';
import { askHost, askHostInput } from './activities/ask-host.ts';
import { type BeginSummariesInput, beginSummaries } from './activities/begin-summaries.ts';
import { carryOut, carryOutInput } from './activities/carry-out.ts';
import { dial } from './activities/dial.ts';
import { hangUp, hangUpInput } from './activities/hang-up.ts';
import { lookUp, lookUpInput } from './activities/look-up.ts';
import { postSummary, type SummaryStart } from './activities/post-summary.ts';
import { type RememberCallerInput, rememberCaller } from './activities/remember-caller.ts';
import { type SaveRecordInput, saveRecord } from './activities/save-record.ts';
import { type TellMediaInput, tellMedia } from './activities/tell-media.ts';
import type { ApiRoute } from './api-route.ts';
import { call } from './call.orchestrator.ts';
import { type CallBackStart, callBack } from './call-backs/call-back.orchestrator.ts';
import type { CallBackNews } from './call-backs/call-backs.ts';
import { lookAtCallBack } from './call-backs/look.ts';
import { placeCallBack } from './call-backs/place.ts';
import { callBackRoutes } from './call-backs/routes.ts';
import { callbacksWebhook } from './call-events.ts';
import type { DialStart, RingStart } from './call-start.ts';
import { callerRoutes } from './callers/routes.ts';
import { callRoutes } from './calls/routes.ts';
import { controlPlane } from './control-plane.ts';
import { durableClient, durableClientInput } from './durable-client.ts';
import { effect } from './effects/effect.orchestrator.ts';
import type { EffectStart } from './effects/effect.ts';
import { effectRoutes } from './effects/routes.ts';
import { runEffect } from './effects/run-effect.ts';
import { changingRecords } from './effects/tool-data.ts';
import { sendSummary } from './email/send-summary.orchestrator.ts';
import { keepTrigger } from './episode.ts';
import { alive, healthy } from './health.ts';
import { hostRoutes } from './hosts/routes.ts';
import { watchHosts } from './hosts/watch.ts';
import { warmIdentity } from './identity.ts';
import { incomingWebhook } from './incoming-webhook.ts';
import { failure, type Log, logTo } from './log.ts';
import { officeOf } from './office.ts';
import { type Described, openApi } from './openapi.ts';
import { controlSettings } from './settings.ts';
import { statisticsRoutes } from './statistics-routes.ts';

/** Registers the control plane with the Functions host: every route, orchestration and activity is named here. */
const settings = controlSettings(process.env);
const plane = controlPlane(settings);
// It never fails: whoever needs a token that is not there yet asks for it again.
void warmIdentity(settings, logTo(console, settings.LOG_LEVEL));

const doors: Readonly<Record<string, ApiRoute>> = {
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
    about: {
      summary: 'Event Grid tells of incoming calls, and shakes hands',
      body: z.unknown(),
      replies: { 200: { description: 'Taken; what came of each event.' } },
    },
  },
  callbacks: {
    routes: ['api/v1/calls/{callId}/callbacks/{secret}', 'api/callbacks/{callId}/{secret}'],
    methods: ['POST'],
    authLevel: 'anonymous',
    door: callbacksWebhook,
    about: {
      summary: 'ACS tells what happens to the call',
      shows: 'acs-token',
      body: z.unknown(),
      replies: {
        200: { description: 'Taken; what came of each event.' },
        404: { description: 'No call has this address.' },
      },
    },
  },
  ...callRoutes,
  ...callBackRoutes,
  ...callerRoutes,
  ...hostRoutes,
  ...effectRoutes,
  ...statisticsRoutes,
};

for (const [name, { routes, methods, authLevel, door }] of Object.entries(doors)) {
  for (const [i, route] of routes.entries()) {
    app.http(i === 0 ? name : `${name}-${i + 1}`, {
      route,
      methods,
      authLevel,
      extraInputs: [durableClientInput],
      handler: (request, context) =>
        door(plane, request, durableClient(context, Date.now()), logTo(context, settings.LOG_LEVEL)),
    });
  }
}

const pages: Readonly<Record<string, { route: string; page: () => HttpResponseInit | Promise<HttpResponseInit> }>> = {
  live: { route: 'api/v1/health/live', page: alive },
  ready: { route: 'api/v1/health/ready', page: () => healthy(plane) },
  health: { route: 'api/v1/health', page: () => healthy(plane) },
  'health-short': { route: 'health', page: () => healthy(plane) },
  home: { route: '/', page: alive },
  openapi: { route: 'api/v1/openapi.json', page: () => ({ status: 200, jsonBody: described() }) },
};

/** Every route there is, as other programs may read of it. */
function described(): unknown {
  const shown = Object.entries(pages).map(([name, { route }]): [string, Described] => [
    name,
    { routes: [route], methods: ['GET'], authLevel: 'anonymous' },
  ]);
  return openApi({ ...doors, ...Object.fromEntries(shown) }, settings.BASE_URL);
}

for (const [name, { route, page }] of Object.entries(pages))
  app.http(name, { route, methods: ['GET'], authLevel: 'anonymous', handler: async () => page() });

// Whom nobody could answer as the settings say is better told now than to the first caller.
app.hook.appStart(() => plane.scenarios.ready());
app.hook.preInvocation(keepTrigger);
df.app.orchestration('call', call);
df.app.orchestration('effect', effect);
df.app.orchestration('send-summary', sendSummary);
df.app.orchestration('call-back', callBack);

// Inputs of 'answer', 'dial', 'save-record', 'remember-caller' and 'tell-media' come from the orchestration's own state, which only we write.
activity('answer', input => answerCall(plane.carrier, input as RingStart, Date.now));
activity('dial', input => dial(plane.carrier, input as DialStart, Date.now));
activity('carry-out', (input, log) => carryOut(plane.carrier, carryOutInput.parse(input), log));
activity('hang-up', input => hangUp(plane.carrier, hangUpInput.parse(input)));
activity('ask-host', (input, log) => askHost(plane, askHostInput.parse(input), Date.now, log));
activity('look-up', input => lookUp(plane.carrier, lookUpInput.parse(input)));
activity(
  'run-effect',
  (input, log, client) =>
    runEffect(
      {
        documents: plane.store.documents('sessions'),
        agentsFolder: settings.AGENTS_DIR,
        counters: plane.counters,
        now: Date.now,
        data: changingRecords(plane.store.documents('business')),
        office: officeOf(plane, client()),
      },
      input as EffectStart,
      log,
    ),
  'client',
);
activity('tell-media', input => tellMedia(plane.control, input as TellMediaInput));
activity('save-record', (input, log) => saveRecord(plane.store, input as SaveRecordInput, log));
activity(
  'begin-summaries',
  (input, _log, client) => beginSummaries(plane, client(), input as BeginSummariesInput),
  'client',
);
activity('post-summary', (input, log) => postSummary({ ...plane, now: Date.now }, input as SummaryStart, log));
activity(
  'place-call-back',
  (input, log, client) => placeCallBack(plane, client(), input as CallBackStart & { number: number }, log),
  'client',
);
activity('look-at-call-back', input => lookAtCallBack(plane.store, input as { callId: string }));
activity('note-call-back', async input => {
  await plane.callBacks.note(input as CallBackNews);
  return {};
});
activity('remember-caller', input => rememberCaller(plane, input as RememberCallerInput));

// Beats and rings notice a silent host at once; this does where there is neither.
df.app.client.timer('watch-hosts', {
  schedule: '*/10 * * * * *',
  handler: (_timer, client, context) => watchHosts(plane, client, logTo(context, settings.LOG_LEVEL)),
});

type Run = (input: unknown, log: Log, client: () => df.DurableClient) => Promise<unknown>;

/** One that begins orchestrations is handed what they are begun with. */
function activity(name: string, run: Run, needs?: 'client'): void {
  df.app.activity(name, {
    ...(needs === 'client' && { extraInputs: [durableClientInput] }),
    handler: async (input: unknown, context: InvocationContext) => {
      const log = logTo(context, settings.LOG_LEVEL);
      try {
        return await run(input, log, () => durableClient(context, Date.now()));
      } catch (error) {
        log.warn('activity.failed', { operation: name, ...failure(error) });
        // The orchestration decides whether to try again; it keeps the message in its history, so that must be harmless.
        throw error instanceof Error ? error : new Error('The activity failed.', { cause: error });
      }
    },
  });
}
