/** Event Grid's part: tells a webhook what became of each message, again after a pause while it is not taken. */
import { randomUUID } from 'node:crypto';
import type { DeliveryReport } from './post-office.ts';

const pausesMs = [500, 1_000, 2_000, 4_000, 8_000];
const neverAgain = [400, 401, 403, 413];
const patienceMs = 30_000;

export interface DeliveryReports {
  /** Shakes hands with the webhook. @throws Error that says what it answered */
  subscribe(url: string): Promise<void>;
  tell(report: DeliveryReport): void;
  readonly delivered: number;
  close(): void;
}

interface GridEvent {
  id: string;
  topic: string;
  subject: string;
  eventType: string;
  eventTime: string;
  dataVersion: string;
  metadataVersion: string;
  data: object;
}

export function createDeliveryReports(log: (line: string) => void): DeliveryReports {
  const closing = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  let url: string | undefined;
  let delivered = 0;

  /** Never rejects; status 0: nobody answered. */
  async function post(to: string, kind: string, event: GridEvent): Promise<{ status: number; body: string }> {
    try {
      const reply = await fetch(to, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', 'aeg-event-type': kind },
        body: JSON.stringify([event]),
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(patienceMs)]),
      });
      return { status: reply.status, body: await reply.text() };
    } catch (error) {
      return { status: 0, body: (error as Error).message };
    }
  }

  async function attempt(to: string, event: GridEvent, count: number): Promise<void> {
    const { status } = await post(to, 'Notification', event);
    if (status >= 200 && status <= 204) {
      delivered += 1;
      return;
    }
    const pause = pausesMs[count];
    if (closing.signal.aborted) return;
    log(`a delivery report was answered ${status}`);
    if (pause === undefined || neverAgain.includes(status)) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void attempt(to, event, count + 1);
    }, pause);
    timers.add(timer);
  }

  return {
    async subscribe(to) {
      const validationCode = randomUUID();
      const event = eventOf('Microsoft.EventGrid.SubscriptionValidationEvent', '', { validationCode });
      const { status, body } = await post(to, 'SubscriptionValidation', event);
      if (status !== 200 || !body.includes(validationCode))
        throw new Error(`The webhook did not accept the subscription (${status || body}).`);
      url = to;
    },
    tell({ sender, recipient, messageId, status }) {
      if (url === undefined) return;
      const details = { deliveryStatusDetails: { statusMessage: status } };
      const when = { deliveryAttemptTimeStamp: new Date().toISOString() };
      const data = { sender, recipient, messageId, status, ...details, ...when };
      const subject = `sender/${sender}/message/${messageId}`;
      void attempt(url, eventOf('Microsoft.Communication.EmailDeliveryReportReceived', subject, data), 0);
    },
    get delivered() {
      return delivered;
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      closing.abort();
    },
  };
}

/** ARM path of the pretended resource. */
const topic =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/local/providers/microsoft.communication/communicationservices/local';

function eventOf(eventType: string, subject: string, data: object): GridEvent {
  const versions = { dataVersion: '1.0', metadataVersion: '1' };
  return { id: randomUUID(), topic, subject, eventType, eventTime: new Date().toISOString(), ...versions, data };
}
