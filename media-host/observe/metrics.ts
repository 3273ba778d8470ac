/** Counters of this process, for health and the operator; names are fixed so that nothing of a call can slip in. */
export type CounterName =
  | 'calls-admitted'
  | 'calls-refused-full'
  | 'calls-abandoned'
  | 'upgrades-accepted'
  | 'upgrades-refused-no-token'
  | 'upgrades-refused-bad-token'
  | 'upgrades-refused-expired'
  | 'upgrades-refused-audience'
  | 'upgrades-refused-keys-unavailable'
  | 'upgrades-refused-secret'
  | 'upgrades-refused-unknown-call'
  | 'upgrades-refused-full'
  | 'upgrades-refused-path'
  | 'control-refused'
  | 'media-messages-malformed'
  | 'media-messages-unknown'
  | 'media-messages-oversize'
  | 'media-sockets-lost'
  | 'frames-without-socket'
  | 'barge-ins'
  | 'sentences-given-back'
  | 'echoes'
  | 'hang-ups-unheard'
  | 'handoffs-refused'
  | 'cancellations-unheard'
  | 'heartbeats-unheard'
  | 'control-messages'
  | 'control-messages-repeated'
  | 'control-messages-malformed'
  | 'control-messages-unknown-call'
  | 'control-channel-lost'
  | 'control-channel-refused'
  | 'calls-adopted'
  | 'calls-moved'
  | 'upgrades-refused-draining'
  | 'stt-failures'
  | 'tts-failures'
  | 'turns-guarded'
  | 'tools-failed'
  | 'tools-resting'
  | 'store-failures'
  | 'caller-memories-missed'
  | 'journals-spooled'
  | 'journals-unreadable';

export interface Metrics {
  count(name: CounterName, by?: number): void;
  counters(): Partial<Record<CounterName, number>>;
}

export function createMetrics(): Metrics {
  const values = new Map<CounterName, number>();
  return {
    count: (name, by = 1) => void values.set(name, (values.get(name) ?? 0) + by),
    counters: () => Object.fromEntries(values) as Partial<Record<CounterName, number>>,
  };
}
