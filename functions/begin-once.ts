import type { DurableClient } from 'durable-functions';
import { CallError } from '../contracts/error.ts';
import { orchestrationOf } from './call-message.ts';

/**
 * Begins an orchestration that is to run once. Durable functions would start one of a known id again once it has ended, so
 * it is looked for before; and after a refusal, because the reply to a taken id differs between backends.
 * @throws CallError ORCHESTRATION_UNAVAILABLE
 */
export async function beginOnce(
  client: DurableClient,
  name: string,
  instanceId: string,
  input: unknown,
): Promise<'begun' | 'exists'> {
  if (await orchestrationOf(client, instanceId)) return 'exists';
  try {
    await client.startNew(name, { instanceId, input });
    return 'begun';
  } catch (error) {
    if (await orchestrationOf(client, instanceId)) return 'exists';
    throw new CallError('ORCHESTRATION_UNAVAILABLE', { operation: 'start' }, { cause: error });
  }
}
