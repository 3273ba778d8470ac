import type { ControlMessage } from '../../contracts/control.ts';

/** The way to the media host that carries a call. */
export interface MediaChannel {
  tell(callId: string, message: ControlMessage): Promise<void>;
}

export interface TellMediaInput {
  callId: string;
  message: ControlMessage;
}

/** Told twice, it is heard once: the message keeps its id. @throws CallError when trying again can help */
export async function tellMedia(channel: MediaChannel, { callId, message }: TellMediaInput): Promise<object> {
  await channel.tell(callId, message);
  return {};
}
