import type { Account } from '../runtime-event.ts';
import { costMicros, type Prices } from './cost.ts';
import type { Deployments } from './fallback.ts';

/** Learns of each request to a model how the deployment fared and what it cost, and gives the account its price. */
export interface ModelSpending {
  deployments: Pick<Deployments, 'ended'>;
  prices: Prices;
  /** Millionths of a US dollar, 0 where the price is not known. */
  spent(micros: number): void;
  /** Epoch milliseconds. */
  now(): number;
}

/** @returns the account; with its cost where it is a model's and the price is known */
export function priced(account: Account, { deployments, prices, spent, now }: ModelSpending): Account {
  if (account.type !== 'model-ran') return account;
  const { model, inputTokens: input, outputTokens: output, cachedTokens: cached, cancelled, code } = account;
  deployments.ended(model, cancelled ? 'unknown' : code === undefined ? 'well' : 'ill', now());
  const micros = costMicros(prices, model, { input, output, cached });
  spent(micros ?? 0);
  return { ...account, ...(micros !== undefined && { costMicros: micros }) };
}
