/**
 * Which handlers have had which events, in this process: of deliveries that come at one moment the first runs a handler
 * and the others share what comes of it; what failed, or found no call, is run again by the next. The newest events are
 * remembered, the oldest make room. Across processes the orchestration tells repeated messages by their ids, the media
 * host likewise, and `claims.ts` stands guard for custom handlers; so forgetting costs work and changes nothing.
 */
export class Handled {
  readonly #most: number;
  readonly #events = new Map<string, Map<string, Promise<unknown>>>();

  /** @param most events remembered. @default 5000 */
  constructor(most = 5_000) {
    this.#most = most;
  }

  /** Runs the handler unless it has had the event. @param lasting whether the result means that it need not come again */
  once<T>(event: string, handler: string, run: () => Promise<T>, lasting: (result: T) => boolean): Promise<T> {
    const handlers = this.#of(event);
    const earlier = handlers.get(handler);
    if (earlier) return earlier as Promise<T>;
    const forget = () => handlers.delete(handler);
    const running = run().then(
      result => {
        if (!lasting(result)) forget();
        return result;
      },
      error => {
        forget();
        throw error;
      },
    );
    handlers.set(handler, running);
    return running;
  }

  /** What is running, or has lastingly ended, if anything. */
  running<T>(event: string, handler: string): Promise<T> | undefined {
    return this.#events.get(event)?.get(handler) as Promise<T> | undefined;
  }

  #of(event: string): Map<string, Promise<unknown>> {
    const known = this.#events.get(event);
    if (known) return known;
    const handlers = new Map<string, Promise<unknown>>();
    this.#events.set(event, handlers);
    for (const oldest of this.#events.keys()) {
      if (this.#events.size <= this.#most) break;
      this.#events.delete(oldest);
    }
    return handlers;
  }
}
