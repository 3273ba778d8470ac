import { z } from 'zod';
import { handoffAsk } from '../../contracts/handoff.ts';
import { isTelephone } from '../acs/identifier.ts';
import { participant, source } from '../acs/orders.ts';
import type { ControlSettings } from '../settings.ts';
import type { Action, Impossible } from './action.ts';
import { listenForTones, moveAgent, sayText, startSound, stopSound } from './agent-actions.ts';
import { nothing, ordered, simple } from './order-action.ts';

/** Everything that can be asked of a live call, by the last part of its address. */

const noSpeech: Impossible = {
  impossible: 'The carrier can speak and understand words only where ACS_COGNITIVE_SERVICES_ENDPOINT is set.',
};

function needsSpeech(sound: z.output<typeof source> | undefined, settings: ControlSettings): Impossible | undefined {
  const spoken = sound !== undefined && 'text' in sound;
  return spoken && settings.ACS_COGNITIVE_SERVICES_ENDPOINT === undefined ? noSpeech : undefined;
}

function needsCallerId(who: string, callerId: string | undefined, settings: ControlSettings): Impossible | undefined {
  if (!isTelephone(who) || callerId !== undefined || settings.ACS_SOURCE_NUMBER !== undefined) return undefined;
  return { impossible: 'A telephone is rung only from a number of ours: name a callerId, or set ACS_SOURCE_NUMBER.' };
}

export const hangUpAction: Action<z.ZodType<{ reason: string; by: 'agent' | 'system' }>> = {
  name: 'hang-up',
  body: z.strictObject({
    reason: z
      .string()
      .regex(/^[\w .:-]{1,80}$/)
      .default('asked'),
    by: z.enum(['agent', 'system']).default('agent'),
  }) as unknown as z.ZodType<{ reason: string; by: 'agent' | 'system' }>,
  while: 'running',
  wanted: ({ reason, by }) => ({ type: 'hang-up-asked', reason, by }),
};

const recordingBody = z.strictObject({
  channels: z.enum(['mixed', 'unmixed']).default('unmixed'),
  /** Played to everybody first; the recording starts when it has been heard to its end. */
  consentPrompt: z.union([z.string().min(1).max(2000), source]).optional(),
});

const startRecording: Action<typeof recordingBody> = {
  name: 'recording',
  body: recordingBody,
  while: 'connected',
  wanted({ channels, consentPrompt }, { standing, settings }) {
    if (standing.recording) return { impossible: 'The call is being recorded.', status: 409 };
    const sound = typeof consentPrompt === 'string' ? { text: consentPrompt } : consentPrompt;
    const asked = { do: 'start-recording', channels } as const;
    if (sound === undefined) return ordered(asked);
    return needsSpeech(sound, settings) ?? ordered(asked, { do: 'play', source: sound, loop: false });
  },
};

function ofRecording(
  name: string,
  does: 'pause-recording' | 'resume-recording' | 'stop-recording',
): Action<typeof nothing> {
  return {
    name,
    body: nothing,
    while: 'connected',
    wanted(_, { standing: { recordingId } }) {
      if (recordingId === undefined) return { impossible: 'The call is not being recorded.' };
      return ordered({ do: does, recordingId });
    },
  };
}

export const removeByAddress: Action<typeof nothing> = {
  name: 'remove-participant',
  body: nothing,
  while: 'connected',
  wanted(_, { params }) {
    const who = participant.safeParse(params['who']);
    return who.success
      ? ordered({ do: 'remove', who: who.data })
      : { impossible: 'Name the participant by number (+15550100) or raw id (8:acs:…).', status: 400 };
  },
};

export const askForPerson: Action<typeof handoffAsk> = {
  name: 'handoff',
  body: handoffAsk,
  while: 'running',
  wanted(ask, { standing, settings }) {
    if (standing.seekingPerson) return { impossible: 'A person is being sought already.', status: 409 };
    const targets = ask.targets ?? settings.HANDOFF_TARGETS;
    if (targets.length === 0) return { impossible: 'There is nobody to ask: name targets, or set HANDOFF_TARGETS.' };
    return { type: 'handoff-asked', ask };
  },
};

export const cancelPerson: Action<typeof nothing> = {
  name: 'handoff-cancel',
  body: nothing,
  while: 'running',
  wanted: () => ({ type: 'handoff-cancelled' }),
};

export const actions = {
  transfer: simple('transfer', 'transfer', ({ to, callerId }, settings) => needsCallerId(to, callerId, settings)),
  play: simple('play', 'play', ({ source }, settings) => needsSpeech(source, settings)),
  recognise: simple('recognise', 'recognise', (asked, settings) => {
    if (asked.what === 'choices' && (asked.choices ?? []).length === 0) return { impossible: 'Name the choices.' };
    if (asked.what !== 'dtmf' && settings.ACS_COGNITIVE_SERVICES_ENDPOINT === undefined) return noSpeech;
    return needsSpeech(asked.prompt, settings);
  }),
  tones: simple('tones', 'send-tones', ({ to }) =>
    isTelephone(to) ? undefined : { impossible: 'Tones can be sent to telephones only.' },
  ),
  'tones/listen': listenForTones,
  mute: simple('mute', 'mute'),
  hold: simple('hold', 'hold', ({ source }, settings) => needsSpeech(source, settings)),
  unhold: simple('unhold', 'unhold'),
  participants: simple('participants', 'add', ({ who, callerId }, settings) => needsCallerId(who, callerId, settings)),
  'participants/remove': simple('participants/remove', 'remove'),
  recording: startRecording,
  'recording/pause': ofRecording('recording/pause', 'pause-recording'),
  'recording/resume': ofRecording('recording/resume', 'resume-recording'),
  'recording/stop': ofRecording('recording/stop', 'stop-recording'),
  'media/cancel': simple('media/cancel', 'cancel-media'),
  'media/start': startSound,
  'media/stop': stopSound,
  'media/move': moveAgent,
  say: sayText,
  'hang-up': hangUpAction,
} as const;
