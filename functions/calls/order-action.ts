import { z } from 'zod';
import { type Order, type OrderName, order } from '../acs/orders.ts';
import type { ControlSettings } from '../settings.ts';
import type { Action, Impossible, Wanted } from './action.ts';
import type { Standing } from './standing.ts';

/** An action that is one order to the carrier: what may be said of it is what the order's own schema allows. */

type Variant<D extends OrderName> = Extract<Order, { do: D }>;

/** What a request says of an order: all of it but its name, which is the address. */
function bodyOf<D extends OrderName>(name: D): z.ZodType<Omit<Variant<D>, 'do'>> {
  const variant = order.options.find(option => option.shape.do.value === name) as unknown as z.ZodObject;
  return variant.omit({ do: true }) as unknown as z.ZodType<Omit<Variant<D>, 'do'>>;
}

export const ordered = (asked: Order, before?: Order): Wanted => ({
  type: 'ordered',
  order: asked,
  ...(before !== undefined && { before }),
});

export const nothing = z.strictObject({});

export function simple<D extends OrderName>(
  name: string,
  order: D,
  check: (order: Variant<D>, settings: ControlSettings, standing: Standing) => Impossible | undefined = () => undefined,
): Action<z.ZodType<Omit<Variant<D>, 'do'>>> {
  return {
    name,
    body: bodyOf(order),
    while: 'connected',
    wanted(body, { settings, standing }) {
      const asked = { ...body, do: order } as Variant<D>;
      return check(asked, settings, standing) ?? ordered(asked);
    },
  };
}
