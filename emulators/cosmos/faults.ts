import { ServiceError } from './service-error.ts';

/** Answers the next `times` matching requests on documents with an error status instead of doing them. */
export type FaultRule = {
  /** 429 throttled, 410 gone, 449 retry with, 503 unavailable; any other status works too. */
  status: number;
  /** @default 1 */
  times?: number;
  /** Sent as `x-ms-retry-after-ms`. */
  retryAfterMs?: number;
  /** @default 1002 for 410, 3200 for 429 */
  substatus?: number;
  /** Which requests; left out, all of them. Query plans are never hit: the client asks for one beside each query. */
  on?: 'reads' | 'writes' | 'queries';
};

/** All switches. `down` cuts connections without an answer; `latencyMs` holds every answer back. */
export type FaultSwitches = { down?: boolean; latencyMs?: number; fail?: FaultRule[] };

const MEANINGS: Record<number, { substatus: number; message: string }> = {
  410: { substatus: 1002, message: 'The requested resource is no longer available at the server.' },
  429: { substatus: 3200, message: 'The request rate is large. Please retry after sometime.' },
  449: { substatus: 5351, message: 'The operation encountered a transient error. Retry it.' },
  503: { substatus: 20002, message: 'Service is currently unavailable.' },
};

/** The faults in force, counted down as they strike. */
export class Faults {
  down = false;
  latencyMs = 0;
  #rules: Required<Pick<FaultRule, 'status' | 'times'>>[] = [];

  constructor(switches: FaultSwitches = {}) {
    this.set(switches);
  }

  /** Replaces all switches. @throws ServiceError 400 for a rule that makes no sense. */
  set({ down = false, latencyMs = 0, fail = [] }: FaultSwitches): void {
    if (!Array.isArray(fail) || !fail.every(rule => Number.isInteger(rule?.status) && rule.status >= 400)) {
      throw new ServiceError(400, 'Faults look like {"down":true,"latencyMs":50,"fail":[{"status":429,"times":2}]}.');
    }
    this.down = down;
    this.latencyMs = latencyMs;
    this.#rules = fail.map(rule => ({ ...rule, times: rule.times ?? 1 }));
  }

  /** What is still to come. */
  get pending(): FaultSwitches {
    return { down: this.down, latencyMs: this.latencyMs, fail: this.#rules.filter(rule => rule.times > 0) };
  }

  /** @throws ServiceError when a rule strikes this kind of request. */
  strike(kind: 'reads' | 'writes' | 'queries'): void {
    const rule: FaultRule | undefined = this.#rules.find(
      ({ times, on }: FaultRule) => times! > 0 && (on ?? kind) === kind,
    );
    if (!rule) return;
    rule.times!--;
    const { status, retryAfterMs } = rule;
    const meaning = MEANINGS[status];
    const headers = retryAfterMs === undefined ? {} : { 'x-ms-retry-after-ms': String(retryAfterMs) };
    const substatus = rule.substatus ?? meaning?.substatus ?? 0;
    throw new ServiceError(status, meaning?.message ?? `Injected fault ${status}.`, { substatus, headers });
  }
}
