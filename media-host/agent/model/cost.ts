import type { ModelUsage } from './model.ts';

/** What models cost, as the deployment says it: nothing is known of a model that it does not name. */
export type Prices = ReadonlyMap<string, Price>;

/** US dollars for a million tokens, which are millionths of a dollar for one. */
export interface Price {
  input: number;
  cached: number;
  output: number;
}

/** @param list `deployment=input/cached/output`, as the setting LLM_PRICES has it */
export function pricesOf(list: readonly string[]): Prices {
  return new Map(
    list.map(entry => {
      const at = entry.lastIndexOf('=');
      const [input = 0, cached = 0, output = 0] = entry
        .slice(at + 1)
        .split('/')
        .map(Number);
      return [entry.slice(0, at).trim(), { input, cached, output }];
    }),
  );
}

/** In millionths of a US dollar; undefined where the price is not known. */
export function costMicros(prices: Prices, model: string, { input, cached, output }: ModelUsage): number | undefined {
  const price = prices.get(model);
  if (!price) return undefined;
  const read = Math.min(cached, input);
  return Math.round((input - read) * price.input + read * price.cached + output * price.output);
}
