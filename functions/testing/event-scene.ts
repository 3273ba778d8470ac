import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type CallLife, type LifeEvent, live, ringing } from '../../contracts/call-life.ts';
import type { ControlMessage } from '../../contracts/control.ts';
import { CallError } from '../../contracts/error.ts';
import type { AcsEventName } from '../acs/acs-event.ts';
import type { CallMessage, ControlEvent } from '../call-message.ts';
import { newCounters } from '../counters.ts';
import { type EventDesk, eventDesk } from '../events/event-desk.ts';
import { eventHandlers, type On } from '../events/event-handlers.ts';
import type { Delivery } from '../events/process-events.ts';
import { logTo } from '../log.ts';
import { type ScriptedDocuments, scriptedDocuments } from './scripted-documents.ts';

/**
 * What surrounds the handling of events, and can be looked at: orchestrations that fold what they are told and tell
 * repeated messages by their ids, media hosts that write down what they hear, a log.
 */
export interface EventScene {
  desk: EventDesk;
  documents: ScriptedDocuments;
  /** Every message, repeated ones too. */
  told: { callId: string; message: CallMessage }[];
  heard: { callId: string; message: ControlMessage }[];
  /** Everything that was logged, as one text. */
  logged(): string;
  /** The state of a call after all it was told. */
  life(callId: string): CallLife;
  delivery(more?: Partial<Delivery>): Delivery;
  /** Another process of the same app: the same neighbours, none of the first one's memory. */
  anotherDesk(): EventDesk;
  /** What is out of reach. */
  away: { orchestration: boolean; control: boolean };
  /** Calls that have no orchestration. */
  unknown: Set<string>;
}

const controlTypes: ReadonlySet<string> = new Set<ControlEvent['type']>([
  'answer-unclear',
  'ordered',
  'order-ended',
  'handoff-asked',
  'handoff-cancelled',
  'streaming-stopped',
  'host-lost',
  'recording',
]);
const isOfControl = (event: LifeEvent | ControlEvent): event is ControlEvent => controlTypes.has(event.type);

export function eventScene(customs: (on: On) => void = () => undefined, patienceMs = 60_000): EventScene {
  const documents = scriptedDocuments();
  const lines: string[] = [];
  const sink = (line: string) => void lines.push(line);
  const log = logTo({ debug: sink, info: sink, warn: sink, error: sink }, 'trace');
  const away = { orchestration: false, control: false };
  const scene: EventScene = {
    ...{ documents, told: [], heard: [], away, unknown: new Set() },
    desk: undefined as never,
    logged: () => lines.join('\n'),
    life: callId => {
      const seen = new Set<string>();
      return scene.told
        .filter(({ callId: about, message: { id } }) => about === callId && !seen.has(id) && seen.add(id))
        .reduce((life, { message }) => (isOfControl(message) ? life : live(life, message)), ringing);
    },
    delivery: more => ({ provenBy: 'correlation', tell, now: Date.parse('2026-11-21T12:00:00Z'), log, ...more }),
    anotherDesk: () =>
      eventDesk({ documents, control, counters: newCounters(), handlers: eventHandlers(customs), patienceMs }),
  };
  const control = {
    async tell(callId: string, message: ControlMessage) {
      await new Promise(resolve => setImmediate(resolve));
      if (away.control) throw new CallError('CONTROL_CHANNEL_UNAVAILABLE', { operation: message.do, status: 503 });
      scene.heard.push({ callId, message });
    },
  };
  async function tell(callId: string, message: CallMessage): Promise<'told' | 'gone'> {
    await new Promise(resolve => setImmediate(resolve));
    if (away.orchestration) throw new CallError('ORCHESTRATION_UNAVAILABLE', { operation: 'tell' });
    if (scene.unknown.has(callId)) return 'gone';
    scene.told.push({ callId, message });
    return 'told';
  }
  scene.desk = scene.anotherDesk();
  return scene;
}

export interface CloudEvent {
  id: string;
  type: string;
  time?: string;
  data: Record<string, unknown>;
}

/** What an event of each kind carries besides what all do: enough for those nobody has recorded. */
const own: Partial<Record<AcsEventName, Record<string, unknown>>> = {
  ParticipantsUpdated: { participants: [{}, {}], sequenceNumber: 2 },
  ContinuousDtmfRecognitionToneReceived: { sequenceId: 1, tone: 'eight' },
  RecognizeCompleted: { recognitionType: 'dtmf', dtmfResult: { tones: ['five', 'six', 'pound'] } },
  RecordingStateChanged: { recordingId: 'r', state: 'active' },
};

let number = 0;

/** An event with an id of its own; @param recorded the payload to take it from */
export function cloudEvent(
  name: AcsEventName,
  correlationId: string,
  data: Record<string, unknown> = {},
  recorded?: CloudEvent,
): CloudEvent {
  number += 1;
  const resultInformation = { code: 200, subCode: 0, message: '' };
  return {
    ...{ specversion: '1.0', time: '2026-11-21T11:59:00.1234567+00:00', ...recorded },
    id: `event-${number}`,
    type: `Microsoft.Communication.${name}`,
    data: { callConnectionId: 'cc', resultInformation, ...own[name], ...recorded?.data, correlationId, ...data },
  };
}

const folder = '../shared/data/acs-payloads';

/** The first recorded event of each kind; none where the recordings do not lie beside the checkout. */
export function recordedEvents(): ReadonlyMap<string, CloudEvent> {
  const recorded = new Map<string, CloudEvent>();
  for (const file of existsSync(folder) ? readdirSync(folder).sort() : []) {
    if (!file.endsWith('.json')) continue;
    const body = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as unknown;
    for (const event of Array.isArray(body) ? (body as CloudEvent[]) : []) {
      const name = /^Microsoft\.Communication\.(\w+)$/.exec(event.type)?.[1];
      if (name !== undefined && !recorded.has(name)) recorded.set(name, event);
    }
  }
  return recorded;
}
