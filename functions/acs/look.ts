import type { AcsConnection } from './call-automation.ts';
import { rawIdOf } from './identifier.ts';

/** How a call stands in the carrier's own books, for when its events are missing or cannot be told apart. */
export interface Look {
  up: boolean;
  /** Whether its sound is being brought to a media host. */
  streaming?: boolean;
  /** Everybody in the call, ourselves included; and whether the one asked about is among them. */
  people?: number;
  present?: boolean;
}

/**
 * Who is in the call is asked for only when somebody is looked for: it is a second request.
 * @throws what the SDK throws; 404 when the call is over
 */
export async function lookAt(
  connection: AcsConnection,
  who: string | undefined,
  options: { abortSignal: AbortSignal },
): Promise<Look> {
  const { mediaStreamingSubscription } = await connection.getCallConnectionProperties(options);
  const { state } = mediaStreamingSubscription ?? {};
  const look: Look = { up: true, ...(state !== undefined && { streaming: state === 'active' }) };
  if (who === undefined) return look;
  const { values = [] } = await connection.listParticipants(options);
  const id = rawIdOf(who);
  return {
    ...look,
    people: values.length,
    present: values.some(({ identifier }) => rawIdsOf(identifier).includes(id)),
  };
}

/** The SDK turns raw ids into the fields of each kind, and keeps some of them. */
function rawIdsOf(identifier: object | undefined): string[] {
  const texts = Object.values(identifier ?? {}).filter(value => typeof value === 'string');
  return texts.flatMap(text => [text, `4:${text}`]);
}
