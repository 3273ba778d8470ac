/** Event Grid's part: tells a webhook what became of each message, again after a pause while it is not taken. */
import { randomUUID } from 'node:crypto';
import { createCourier } from '../acs/courier.ts';
import { gridEvent, wireBody } from '../acs/grid-event.ts';
import type { DeliveryReport } from './post-office.ts';

const pausesMs = [500, 1_000, 2_000, 4_000, 8_000];
const neverAgain = [400, 401, 403, 413];

export interface DeliveryReports {
  /** Shakes hands with the webhook. @throws Error that says what it answered */
  subscribe(url: string): Promise<void>;
  tell(report: DeliveryReport): void;
  readonly delivered: number;
  close(): void;
}

export function createDeliveryReports(log: (line: string) => void): DeliveryReports {
  const courier = createCourier();
  const timers = new Set<NodeJS.Timeout>();
  let url: string | undefined;
  let delivered = 0;

  const post = (to: string, kind: string, events: ReturnType<typeof gridEvent>[]) => {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'aeg-event-type': kind };
    return courier.send('POST', to, headers, wireBody(events, 'EventGridSchema'), 30_000);
  };

  async function attempt(to: string, event: ReturnType<typeof gridEvent>, count: number): Promise<void> {
    const { status, error } = await post(to, 'Notification', [event]);
    if (status >= 200 && status <= 204) {
      delivered += 1;
      return;
    }
    log(`a delivery report was answered ${status || error}`);
    const pause = pausesMs[count];
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
      const event = { ...gridEvent('', '', { validationCode }), eventType: validation };
      const answer = await post(to, 'SubscriptionValidation', [event]);
      if (answer.status !== 200 || !answer.body.includes(validationCode))
        throw new Error(`The webhook did not accept the subscription (${answer.status || answer.error}).`);
      url = to;
    },
    tell({ sender, recipient, messageId, status }) {
      if (url === undefined) return;
      const details = { statusMessage: status };
      const data = { sender, recipient, messageId, status, deliveryStatusDetails: details };
      const when = { deliveryAttemptTimeStamp: new Date().toISOString() };
      const subject = `sender/${sender}/message/${messageId}`;
      void attempt(url, gridEvent('EmailDeliveryReportReceived', subject, { ...data, ...when }), 0);
    },
    get delivered() {
      return delivered;
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      courier.close();
    },
  };
}

const validation = 'Microsoft.EventGrid.SubscriptionValidationEvent';
