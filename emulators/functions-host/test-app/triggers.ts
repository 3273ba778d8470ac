import { app } from '@azure/functions';
import * as df from 'durable-functions';
import { note } from './journal.ts';

/** Everything that is neither HTTP nor durable, and HTTP functions with a durable client. */

app.eventGrid('onEvent', {
  handler: (event, context) => {
    note(`event ${event.id} ${JSON.stringify(event.data)}`);
    context.log(`event ${event.id}`);
    if (event.eventType === 'Sample.Fails') throw new Error('refused');
  },
});

app.timer('everySecond', {
  schedule: '%SAMPLE_SCHEDULE%',
  handler: timer => note(`tick ${JSON.stringify({ isPastDue: timer.isPastDue, keys: Object.keys(timer).sort() })}`),
});

app.timer('yearly', {
  schedule: '0 0 0 1 1 *',
  runOnStartup: process.env['SAMPLE_RUN_ON_STARTUP'] === 'true',
  handler: () => note('yearly'),
});

app.storageQueue('onMessage', {
  queueName: 'jobs',
  connection: 'AzureWebJobsStorage',
  handler: (message, context) => {
    note(`message ${JSON.stringify(message)} ${context.triggerMetadata?.['dequeueCount']}`);
    if ((message as { fail?: boolean }).fail) throw new Error('refused');
  },
});
app.storageQueue('onPoison', {
  queueName: 'jobs-poison',
  connection: 'AzureWebJobsStorage',
  handler: message => note(`poison ${JSON.stringify(message)}`),
});

app.http('start', {
  methods: ['POST'],
  route: 'start/{orchestrator}/{id?}',
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context);
    const text = await request.text();
    const id = await client.startNew(request.params['orchestrator']!, {
      ...(text ? { input: JSON.parse(text) as unknown } : {}),
      ...(request.params['id'] ? { instanceId: request.params['id'] } : {}),
    });
    return client.createCheckStatusResponse(request, id);
  },
});

/** Calls one method of the real DurableClient: `{ method, args }`. */
app.http('client', {
  methods: ['POST'],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context);
    const { method, args } = (await request.json()) as { method: keyof df.DurableClient; args: unknown[] };
    const revived = args.map(revive);
    try {
      const call = client[method] as unknown as (...given: unknown[]) => Promise<unknown>;
      const result = await call.apply(client, method.startsWith('waitFor') ? [request, ...revived] : revived);
      return method.startsWith('waitFor') ? (result as object) : { jsonBody: { result: result ?? null } };
    } catch (error) {
      return { status: 400, jsonBody: { error: (error as Error).message } };
    }
  },
});

function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entity = value as { entityName?: string; key?: string };
  if (entity.entityName) return new df.EntityId(entity.entityName, entity.key!);
  const entries = Object.entries(value).map(([name, member]): [string, unknown] => [
    name,
    name.startsWith('createdTime') ? new Date(member as string) : member,
  ]);
  return Object.fromEntries(entries);
}
