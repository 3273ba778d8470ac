import { randomUUID } from 'node:crypto';
import type { Binding, CoreModule, FunctionCallback, RegisteredFunction, TypedData } from './core-module.ts';
import type { LogLevel } from './log.ts';

/*
 * Runs one function invocation through the app's own library: arguments, hooks, handler, hooks, response, in the
 * order of the real worker. A failing handler is a result here, never a throw.
 */

export type InvocationResult =
  | { ok: true; returnValue: TypedData | undefined }
  | { ok: false; error: Error; returnValue?: undefined };

export interface InvocationRequest {
  /** Value of the trigger binding. */
  trigger: TypedData | undefined;
  triggerMetadata?: Record<string, TypedData>;
  invocationId?: string;
}

export interface InvokerOptions {
  core: CoreModule;
  /** Gives the value of a non-trigger input binding, such as durableClient. */
  input: (binding: Binding) => TypedData;
  /** Takes what the handler set on an output binding other than the HTTP answer. */
  output: (binding: Binding, value: TypedData) => Promise<void>;
}

export class Invoker {
  #options: InvokerOptions;
  #inFlight = new Set<Promise<unknown>>();

  constructor(options: InvokerOptions) {
    this.#options = options;
  }

  /** Invocations that have begun and not ended. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Waits for running invocations, at most `withinMs`. */
  async drain(withinMs: number): Promise<void> {
    const deadline = AbortSignal.timeout(withinMs);
    const expired = new Promise<void>(resolve => deadline.addEventListener('abort', () => resolve(), { once: true }));
    while (this.#inFlight.size > 0 && !deadline.aborted) {
      await Promise.race([Promise.allSettled(this.#inFlight), expired]);
    }
  }

  async invoke(fn: RegisteredFunction, request: InvocationRequest): Promise<InvocationResult> {
    const running = this.#run(fn, request);
    this.#inFlight.add(running);
    try {
      return { ok: true, returnValue: await running };
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      return { ok: false, error: failure };
    } finally {
      this.#inFlight.delete(running);
    }
  }

  async #run(fn: RegisteredFunction, request: InvocationRequest): Promise<TypedData | undefined> {
    const { core } = this.#options;
    const { metadata } = fn;
    const invocationId = request.invocationId ?? randomUUID();
    const invocation: { functionName: string; invocationId: string; context?: unknown } = {
      functionName: metadata.name,
      invocationId,
    };
    const coreContext: Record<string, unknown> = {
      invocationId,
      metadata,
      request: {
        invocationId,
        functionId: metadata.functionId ?? metadata.name,
        inputData: this.#inputs(metadata.bindings, request.trigger),
        triggerMetadata: request.triggerMetadata ?? {},
      },
      state: undefined,
      log: (level: LogLevel, category: string, message: string) => core.log(level, category, message, invocation),
    };
    const model = core.programmingModel!.getInvocationModel(coreContext);
    const { context, inputs } = await model.getArguments();
    invocation.context = context;

    const hookData = {};
    const before = hookContext({ hookData, appHookData: core.appHookData, invocationContext: context });
    Object.assign(before, { inputs, functionCallback: fn.callback });
    coreContext['state'] = 'preInvocationHooks';
    await core.runHooks('preInvocation', before);

    const after = hookContext({ hookData, appHookData: core.appHookData, invocationContext: context });
    Object.assign(after, { inputs: before['inputs'], result: null, error: null });
    coreContext['state'] = 'invocation';
    try {
      after['result'] = await model.invokeFunction(
        context,
        before['inputs'] as unknown[],
        before['functionCallback'] as FunctionCallback,
      );
    } catch (error) {
      after['error'] = error;
    }
    coreContext['state'] = 'postInvocationHooks';
    await core.runHooks('postInvocation', after);
    coreContext['state'] = undefined;
    // The worker rethrows Errors only: `throw 'text'` counts as success with no result.
    if (after['error'] instanceof Error) throw after['error'];

    const response = await model.getResponse(context, after['result']);
    for (const { name, data } of response.outputData ?? []) {
      const binding = metadata.bindings[name];
      if (binding) await this.#options.output(binding, data);
    }
    const returned = metadata.bindings['$return'];
    if (returned && returned.type.toLowerCase() !== 'http' && response.returnValue) {
      await this.#options.output(returned, response.returnValue);
    }
    return response.returnValue ?? undefined;
  }

  #inputs(bindings: Record<string, Binding>, trigger: TypedData | undefined): { name: string; data?: TypedData }[] {
    const inputs: { name: string; data?: TypedData }[] = [];
    for (const [name, binding] of Object.entries(bindings)) {
      if (binding.direction !== 'in') continue;
      const data = isTrigger(binding) ? trigger : this.#options.input(binding);
      inputs.push(data ? { name, data } : { name });
    }
    return inputs;
  }
}

/** A function has exactly one trigger; its type ends with "Trigger". */
export function isTrigger(binding: Binding): boolean {
  return binding.type.toLowerCase().endsWith('trigger');
}

export function triggerOf(fn: RegisteredFunction): Binding {
  const trigger = Object.values(fn.metadata.bindings).find(isTrigger);
  if (!trigger) throw new Error(`Function "${fn.metadata.name}" has no trigger. Give it exactly one.`);
  return trigger;
}

/** The name under which the trigger's value travels. */
export function triggerName(fn: RegisteredFunction): string {
  return Object.entries(fn.metadata.bindings).find(([, binding]) => isTrigger(binding))![0];
}

function hookContext(fixed: Record<string, unknown>): Record<string, unknown> {
  const context: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fixed)) {
    Object.defineProperty(context, name, { value, enumerable: true, writable: false });
  }
  return context;
}
