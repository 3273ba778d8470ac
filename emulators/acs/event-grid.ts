/**
 * The Event Grid subscription: validates its webhook by either handshake, then delivers at least once, unordered, on the
 * documented retry schedule. Webhooks that answer 400, 401, 403 or 413 never see the event again.
 */
import { randomUUID } from 'node:crypto';
import type { Alarms } from './alarms.ts';
import type { Courier, Delivery } from './courier.ts';
import type { AcsFaults } from './faults.ts';
import type { GridEvent, GridSchema } from './grid-event.ts';
import { topic, wireBody } from './grid-event.ts';

const subscriptionName = 'switchboard-calls';
/** Documented pauses before the next attempt, ms; the last one repeats. */
const schedule = [10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000];
const neverAgain = [400, 401, 403, 413];
const keptEvents = 2_000;

export interface GridDelivery {
  ids: string[];
  attempt: number;
  status: number;
  error?: string;
}

export interface EventGrid {
  /** Performs the handshake. @throws Error saying what the webhook answered. */
  subscribe(url: string, schema: GridSchema): Promise<void>;
  /** The webhook fetched its validation URL. @returns whether the code was known. */
  confirm(code: string): boolean;
  /** Delivers each event in a request of its own, or all in one. */
  deliver(events: GridEvent[], how?: { asBatch?: boolean }): void;
  /** Delivers the latest event of a call again. @returns false when there is none. */
  redeliver(correlationId: string, copies: number, atOnce: boolean): boolean;
  readonly subscription: { url: string; schema: GridSchema } | undefined;
  readonly deliveries: GridDelivery[];
  reset(): void;
}

export function createEventGrid(deps: {
  faults: AcsFaults;
  courier: Courier;
  alarms: Alarms;
  baseUrl: () => string;
  log: (line: string) => void;
}): EventGrid {
  const { faults, courier, alarms } = deps;
  const events = new Map<string, GridEvent>();
  const deliveries: GridDelivery[] = [];
  const awaiting = new Map<string, () => void>();
  let subscription: { url: string; schema: GridSchema } | undefined;

  async function validateEventGrid(url: string): Promise<void> {
    const validationCode = randomUUID().toUpperCase();
    const validationUrl = `${deps.baseUrl()}/emulator/validate?code=${validationCode}`;
    const event = {
      id: randomUUID(),
      topic,
      subject: '',
      data: { validationCode, validationUrl },
      eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
      eventTime: new Date().toISOString(),
      metadataVersion: '1',
      dataVersion: '2',
    };
    const fetched = new Promise<boolean>(resolve => {
      awaiting.set(validationCode, () => {
        subscription = { url, schema: 'EventGridSchema' };
        resolve(true);
      });
    });
    const answer = await courier.send(
      'POST',
      url,
      headers('SubscriptionValidation', 0),
      JSON.stringify([event]),
      30_000,
    );
    if (answer.status !== 200) throw refused(url, answer, 'The validation event must be answered 200.');
    if (echo(answer.body) === validationCode) return;
    const inTime = new Promise<boolean>(resolve => alarms.after(faults.gridManualMs, () => resolve(false)));
    if (await Promise.race([fetched, inTime])) return;
    throw refused(
      url,
      answer,
      'Echo data.validationCode as {"validationResponse": "..."}, or fetch data.validationUrl.',
    );
  }

  async function validateCloudEvents(url: string): Promise<void> {
    const origin = 'eventgrid.azure.net';
    const asked = { 'webhook-request-origin': origin, 'webhook-request-rate': '120' };
    const answer = await courier.send('OPTIONS', url, asked, undefined, 30_000);
    const allowed = answer.headers['webhook-allowed-origin'];
    if (answer.status === 200 && (allowed === origin || allowed === '*')) return;
    throw refused(url, answer, `OPTIONS must be answered 200 with WebHook-Allowed-Origin: ${origin}.`);
  }

  async function attempt(batch: GridEvent[], count: number, bornMs: number): Promise<void> {
    if (!subscription) return deps.log('an event was dropped: nobody has subscribed (PUT /emulator/subscription)');
    const { url, schema } = subscription;
    const sent = headers('Notification', count, schema, batch.length);
    const answer = await courier.send('POST', url, sent, wireBody(batch, schema), faults.gridTimeoutMs);
    record(batch, count, answer);
    if (answer.status >= 200 && answer.status <= 204) return;
    deps.log(`event delivery ${count + 1} answered ${answer.status || answer.error}`);
    if (neverAgain.includes(answer.status) || count + 1 >= faults.gridAttempts) return;
    const pause = schedule[Math.min(count, schedule.length - 1)]! * faults.gridScale * (0.95 + Math.random() * 0.1);
    if (Date.now() + pause - bornMs > faults.gridTtlMs * faults.gridScale) return;
    alarms.after(pause, () => void attempt(batch, count + 1, bornMs));
  }

  function record(batch: GridEvent[], count: number, answer: Delivery): void {
    const { status, error } = answer;
    deliveries.push({ ids: batch.map(event => event.id), attempt: count, status, ...(error ? { error } : {}) });
    if (deliveries.length > keptEvents) deliveries.shift();
  }

  return {
    async subscribe(url, schema) {
      await (schema === 'EventGridSchema' ? validateEventGrid(url) : validateCloudEvents(url));
      subscription = { url, schema };
    },
    confirm(code) {
      const confirm = awaiting.get(code);
      confirm?.();
      return confirm !== undefined;
    },
    deliver(list, how = {}) {
      for (const event of list) {
        if (event.data.correlationId) events.set(event.data.correlationId, event);
        if (events.size > keptEvents) events.delete(events.keys().next().value!);
      }
      const batches = how.asBatch ? [list] : list.map(event => [event]);
      for (const batch of batches) {
        for (let copy = 0; copy <= faults.gridDuplicates; copy++) void attempt(batch, 0, Date.now());
      }
    },
    redeliver(correlationId, copies, atOnce) {
      const event = events.get(correlationId);
      if (!event) return false;
      for (let copy = 0; copy < copies; copy++) {
        alarms.after(atOnce ? 0 : copy * 50, () => void attempt([event], 0, Date.now()));
      }
      return true;
    },
    get subscription() {
      return subscription;
    },
    deliveries,
    reset() {
      events.clear();
      deliveries.length = 0;
    },
  };
}

function headers(
  type: string,
  count: number,
  schema: GridSchema = 'EventGridSchema',
  size = 1,
): Record<string, string> {
  const cloud = size > 1 ? 'application/cloudevents-batch+json' : 'application/cloudevents+json';
  return {
    'content-type': `${schema === 'EventGridSchema' ? 'application/json' : cloud}; charset=utf-8`,
    'aeg-event-type': type,
    'aeg-subscription-name': subscriptionName.toUpperCase(),
    'aeg-delivery-count': String(count),
    'aeg-data-version': '1.0',
    'aeg-metadata-version': '1',
  };
}

function echo(body: string): unknown {
  try {
    return (JSON.parse(body) as { validationResponse?: unknown } | null)?.validationResponse;
  } catch (error) {
    return error;
  }
}

function refused(url: string, answer: Delivery, cure: string): Error {
  return new Error(`The webhook ${url} did not validate: it answered ${answer.status || answer.error}. ${cure}`);
}
