import type { AcsEvent, AcsEventName, AcsEventOf } from '../acs/acs-event.ts';
import type { CallMessage } from '../call-message.ts';
import type { ControlChannel } from '../control-channel.ts';
import type { Counters } from '../counters.ts';
import { customHandlers } from './custom.ts';
import { defaultHandlers } from './default-handlers.ts';

/**
 * Who is called when ACS reports something: first what the house does itself, then what an operator has added, in the
 * order in which it was added. The list is made once, as the process starts, so no request can add to it.
 */
export interface EventContext<N extends AcsEventName = AcsEventName> {
  event: AcsEventOf<N>;
  callId: string;
  memory: Memory;
}

/** Facts of one call, by name. What is set is kept, and the agent knows it, once the handler has ended well. */
export interface Memory {
  get(name: string): Promise<string | undefined>;
  /**
   * @param name a letter, then up to 63 letters, digits, dots, dashes and underscores
   * @param value at most 1,000 characters
   * @throws CallError FACT_REFUSED
   */
  set(name: string, value: string): void;
}

/** The house's own handlers reach the call itself. */
export interface DefaultContext<N extends AcsEventName = AcsEventName> {
  event: AcsEventOf<N>;
  callId: string;
  tell(message: CallMessage): Promise<'told' | 'gone'>;
  control: ControlChannel;
  counters: Counters;
}

export type CustomHandler<N extends AcsEventName = AcsEventName> = (context: EventContext<N>) => unknown;
/** `gone`: the call is not known here, so nothing was done. */
export type DefaultHandler<N extends AcsEventName = AcsEventName> = (
  context: DefaultContext<N>,
) => Promise<'done' | 'gone'>;

export type On = <N extends AcsEventName>(name: N, handler: CustomHandler<N>) => void;
export type OnDefault = <N extends AcsEventName>(name: N, handler: DefaultHandler<N>) => void;

export interface Named<H> {
  /** Tells one handler from another in logs and in what is remembered of an event. */
  name: string;
  handle: H;
}

export interface EventHandlers {
  defaults(event: AcsEvent): readonly Named<DefaultHandler>[];
  customs(event: AcsEvent): readonly Named<CustomHandler>[];
}

export function eventHandlers(addCustoms: (on: On) => void = customHandlers): EventHandlers {
  const defaults = new Map<AcsEventName, Named<DefaultHandler>[]>();
  const customs = new Map<AcsEventName, Named<CustomHandler>[]>();
  defaultHandlers((name, handler) => add(defaults, 'default', name, handler as DefaultHandler));
  addCustoms((name, handler) => add(customs, 'custom', name, handler as CustomHandler));
  return {
    defaults: event => defaults.get(event.name) ?? [],
    customs: event => customs.get(event.name) ?? [],
  };
}

function add<H>(to: Map<AcsEventName, Named<H>[]>, kind: string, name: AcsEventName, handle: H): void {
  const already = to.get(name) ?? [];
  to.set(name, [...already, { name: `${kind}-${already.length + 1}`, handle }]);
}
