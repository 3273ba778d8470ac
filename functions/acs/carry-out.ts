import type { AcsClient } from './call-automation.ts';
import { identifierOf, isTelephone, numberOf, reachable } from './identifier.ts';
import { endsAtOnce, type Order, type OrderReply } from './orders.ts';
import { playSource } from './play-source.ts';
import { recognition } from './recognition.ts';
import { repeatable } from './repeatable.ts';
import { asCallError, mayPass, statusOf, subCodeOf } from './service-error.ts';
import { toneWords } from './tones.ts';

/**
 * Every order on ACS's wire. An order may be sent twice: where ACS lets requests be named, the second has no effect and
 * gets the first one's answer; the others (sound, hold, tones listened for) begin again.
 */
export interface Errand {
  callConnectionId: string;
  /** Comes back with the event that ends the order. */
  context: string;
  /** Where the state of a recording is told. */
  stateUrl: string;
  /** Seen by those who are rung, unless the order says otherwise. */
  callerId: string | undefined;
  patienceMs: number;
}

interface Said {
  invitationId?: string;
  recordingId?: string;
}

/** @throws CallError when trying again can help */
export async function carryOut(client: AcsClient, order: Order, errand: Errand): Promise<OrderReply> {
  const { callConnectionId, patienceMs } = errand;
  try {
    const said = await inTime(send(client, order, errand), patienceMs);
    return { outcome: endsAtOnce.has(order.do) ? 'done' : 'asked', ...said };
  } catch (error) {
    const status = statusOf(error);
    if (mayPass(status)) throw asCallError(order.do, error);
    if (status === 404 && !(await isUp(client, callConnectionId, patienceMs))) return { outcome: 'gone' };
    return { outcome: 'refused', status: status ?? 0, code: subCodeOf(error) };
  }
}

async function send(client: AcsClient, order: Order, errand: Errand): Promise<Said> {
  const { callConnectionId, context, patienceMs } = errand;
  const connection = client.getCallConnection(callConnectionId);
  const media = connection.getCallMedia();
  const recordings = client.getCallRecording();
  const own = { abortSignal: AbortSignal.timeout(patienceMs), operationContext: context };
  const once = { ...own, requestOptions: repeatable(order.do, callConnectionId, context) };

  switch (order.do) {
    case 'play': {
      const sources = [playSource(order.source)];
      if (order.to !== undefined) await media.play(sources, [identifierOf(order.to)], { ...own, loop: order.loop });
      else await media.playToAll(sources, { ...own, loop: order.loop });
      return {};
    }
    case 'cancel-media':
      await media.cancelAllOperations();
      return {};
    case 'recognise':
      await media.startRecognizing(identifierOf(order.from), { ...own, ...recognition(order) });
      return {};
    case 'listen-for-tones':
      await media.startContinuousDtmfRecognition(identifierOf(order.from), own);
      return {};
    case 'stop-listening-for-tones':
      await media.stopContinuousDtmfRecognition(identifierOf(order.from), own);
      return {};
    case 'send-tones':
      await media.sendDtmfTones(toneWords(order.tones), identifierOf(order.to), once);
      return {};
    case 'mute':
      await connection.muteParticipant(identifierOf(order.who), once);
      return {};
    case 'hold':
      await media.hold(identifierOf(order.who), {
        ...own,
        ...(order.source !== undefined && { playSource: playSource(order.source) }),
      });
      return {};
    case 'unhold':
      await media.unhold(identifierOf(order.who), own);
      return {};
    case 'add': {
      const targetParticipant = reachable(order.who);
      if (!targetParticipant) throw notReachable;
      const { invitationId } = await connection.addParticipant(
        { targetParticipant, ...callerIdFor(order.who, order.callerId ?? errand.callerId) },
        { ...once, invitationTimeoutInSeconds: order.ringSeconds },
      );
      return invitationId === undefined ? {} : { invitationId };
    }
    case 'cancel-add':
      await connection.cancelAddParticipantOperation(order.invitationId, once);
      return {};
    case 'remove':
      await connection.removeParticipant(identifierOf(order.who), once);
      return {};
    case 'transfer': {
      const target = reachable(order.to);
      if (!target) throw notReachable;
      await connection.transferCallToParticipant(target, {
        ...once,
        ...callerIdFor(order.to, order.callerId ?? errand.callerId),
      });
      return {};
    }
    case 'start-streaming':
      await media.startMediaStreaming(own);
      return {};
    case 'stop-streaming':
      await media.stopMediaStreaming(own);
      return {};
    case 'start-recording': {
      const { abortSignal, requestOptions } = once;
      const { recordingId } = await recordings.start({
        abortSignal,
        requestOptions,
        callConnectionId,
        recordingStateCallbackEndpointUrl: errand.stateUrl,
        recordingContent: 'audio',
        recordingChannel: order.channels,
        // The only format ACS keeps speakers apart in.
        recordingFormat: 'wav',
      });
      return { recordingId };
    }
    case 'pause-recording':
      await recordings.pause(order.recordingId, own);
      return {};
    case 'resume-recording':
      await recordings.resume(order.recordingId, own);
      return {};
    case 'stop-recording':
      await recordings.stop(order.recordingId, own);
      return {};
  }
}

/** What ACS itself would say of an address nobody can be rung at. */
const notReachable = { statusCode: 400, code: '8523' };

function callerIdFor(who: string, callerId: string | undefined) {
  return callerId !== undefined && isTelephone(who) ? { sourceCallIdNumber: { phoneNumber: numberOf(callerId) } } : {};
}

/** ACS says 404 of a call and of anybody it does not find in it alike, so the call itself is asked for. */
async function isUp(client: AcsClient, callConnectionId: string, patienceMs: number): Promise<boolean> {
  try {
    const abortSignal = AbortSignal.timeout(patienceMs);
    await client.getCallConnection(callConnectionId).getCallConnectionProperties({ abortSignal });
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw asCallError('look-up', error);
  }
}

/** The SDK forgets the signal of some operations, so nobody waits for those longer than for the others. */
async function inTime<T>(work: Promise<T>, patienceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('ACS did not answer in time.')), patienceMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
