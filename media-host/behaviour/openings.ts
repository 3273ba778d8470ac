import type { Begin } from '../testing/rehearsals.ts';
import type { Script } from '../testing/stage.ts';

/** How most calls begin, and what most callers want to know. */
export const parcel =
  'Your parcel arrives on Tuesday between nine and noon, and the driver will ring you half an hour before he comes.';

/** The caller has heard the greeting and may speak. */
export async function greeted(begin: Begin, script?: Script) {
  const it = await begin(script);
  await it.agentSays('Hello, how can I help?', { withinMs: 4000 });
  await it.agentIsSilent();
  return it;
}

/** The agent is in the middle of its answer about the parcel; what is asked next gets `next`. */
export async function answering(
  begin: Begin,
  { next = 'Of course, Wednesday it is.', ...script }: Script & { next?: string } = {},
) {
  const it = await greeted(begin, { model: said => (/parcel/.test(said) ? parcel : next), ...script });
  it.says('Where is my parcel?');
  await it.agentSays('Your parcel arrives');
  return it;
}
