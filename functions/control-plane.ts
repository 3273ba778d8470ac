import { acsCarrier, type Carrier } from './acs/call-automation.ts';
import { callbackTokens, type TokenVerifier } from './acs/callback-token.ts';
import { type CallBacks, callBacksIn } from './call-backs/call-backs.ts';
import { type CallerMemories, callerMemories } from './callers/memories.ts';
import { type ControlChannel, controlChannel } from './control-channel.ts';
import { type Counters, newCounters } from './counters.ts';
import { type EmailService, emailService } from './email/email-service.ts';
import { type SummaryWishes, summaryWishes } from './email/summary-wishes.ts';
import { type EventDesk, eventDesk } from './events/event-desk.ts';
import { type HostTable, hostTable } from './hosts/host-table.ts';
import { type MediaHost, mediaHost } from './media-host-client.ts';
import { type Circuits, guarded, newCircuits } from './resilience/circuit.ts';
import { type Scenarios, scenariosOf } from './scenarios.ts';
import type { ControlSettings } from './settings.ts';
import { type Statistics, statistics } from './statistics.ts';
import { openStore, type Store } from './store.ts';

/** Everything the functions reach outside themselves, made once per process and handed to each of them. */
export interface ControlPlane {
  settings: ControlSettings;
  scenarios: Scenarios;
  carrier: Carrier;
  store: Store;
  memories: CallerMemories;
  email: EmailService;
  wishes: SummaryWishes;
  callBacks: CallBacks;
  mediaHost: MediaHost;
  control: ControlChannel;
  events: EventDesk;
  hosts: HostTable;
  statistics: Statistics;
  tokens: TokenVerifier;
  circuits: Circuits;
  counters: Counters;
}

export function controlPlane(settings: ControlSettings): ControlPlane {
  const circuits = newCircuits();
  const store = openStore(settings, circuits.cosmos);
  const hosts = hostTable(store.documents('calls'));
  const counters = newCounters();
  const control = guarded(controlChannel(settings), circuits['web-pubsub'], ['tell']);
  return {
    settings,
    scenarios: scenariosOf(settings),
    carrier: guarded(acsCarrier(settings), circuits.acs, [
      'answer',
      'reject',
      'redirect',
      'hangUp',
      'look',
      'create',
      'carryOut',
    ]),
    store,
    memories: callerMemories(store.documents('sessions'), settings.CALLER_MEMORY_HOURS),
    email: emailService(settings),
    wishes: summaryWishes(store.documents('sessions'), settings.CALL_SECRET),
    callBacks: callBacksIn(store.documents('sessions')),
    mediaHost: mediaHost({ settings, hosts, circuit: circuits['media-host'] }),
    control,
    events: eventDesk({ documents: store.documents('calls'), control, counters }),
    hosts,
    statistics: statistics(store.documents('calls'), hosts, counters),
    tokens: callbackTokens(settings),
    circuits,
    counters,
  };
}
