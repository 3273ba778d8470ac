/** The envelope of mid-call callbacks: CloudEvents 1.0 in an array of one, as recorded from the service. */
import { randomUUID } from 'node:crypto';

export interface ResultInformation {
  code: number;
  subCode: number;
  message: string;
}

export interface CloudEvent {
  id: string;
  source: string;
  type: string;
  data: Record<string, unknown>;
  time: string;
  specversion: '1.0';
  datacontenttype: 'application/json';
  subject: string;
}

/** @param name short event name, such as `CallConnected`. @param source path without a leading slash, as the service writes it. */
export function cloudEvent(name: string, source: string, subject: string, data: Record<string, unknown>): CloudEvent {
  const type = `Microsoft.Communication.${name}`;
  return {
    id: randomUUID(),
    source,
    type,
    data: { ...data, publicEventType: type },
    time: serviceTime(),
    specversion: '1.0',
    datacontenttype: 'application/json',
    subject,
  };
}

/** Now with seven fractional digits and `+00:00`, the service's way of writing time. */
export function serviceTime(): string {
  const now = performance.timeOrigin + performance.now();
  const tenths = String(Math.floor((now % 1) * 10_000)).padStart(4, '0');
  return `${new Date(now).toISOString().slice(0, -1)}${tenths}+00:00`;
}
