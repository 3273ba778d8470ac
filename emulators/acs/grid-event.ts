/** Event Grid events of the resource, in either schema. */
import { randomUUID } from 'node:crypto';

export type GridSchema = 'EventGridSchema' | 'CloudEventSchemaV1_0';

export interface GridEvent {
  id: string;
  topic: string;
  subject: string;
  data: Record<string, unknown> & { correlationId?: string };
  eventType: string;
  dataVersion: string;
  metadataVersion: string;
  eventTime: string;
}

/** ARM path of the pretended resource. */
export const topic =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/local/providers/microsoft.communication/communicationservices/local';

export function gridEvent(name: string, subject: string, data: GridEvent['data']): GridEvent {
  return {
    id: randomUUID(),
    topic,
    subject,
    data,
    eventType: `Microsoft.Communication.${name}`,
    dataVersion: '1.0',
    metadataVersion: '1',
    eventTime: new Date().toISOString().replace('Z', '0000Z'),
  };
}

/** The body as delivered: Event Grid schema is always an array, a single CloudEvent is not. */
export function wireBody(batch: GridEvent[], schema: GridSchema): string {
  if (schema === 'EventGridSchema') return JSON.stringify(batch);
  const cloud = batch.map(({ id, topic: source, eventType: type, subject, eventTime: time, data }) => ({
    id,
    source,
    specversion: '1.0',
    type,
    subject,
    time,
    data,
  }));
  return JSON.stringify(cloud.length === 1 ? cloud[0] : cloud);
}
