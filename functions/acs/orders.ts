import { z } from 'zod';

/**
 * What the control plane can ask of the carrier for a call that is up. An order is asked with a context of ours, and the
 * event that ends it brings that context back. Participants are named by number (E.164) or raw id.
 */
export const participant = z.string().regex(/^(\+[1-9]\d{6,14}|\d{1,2}:[\w.:+-]{3,200})$/);

const voice = z.string().regex(/^[A-Za-z]{2,3}-[A-Za-z]{2,4}-\w{3,60}$/);
export const source = z.union([
  z.strictObject({ file: z.url({ protocol: /^https?$/ }) }),
  z.strictObject({ text: z.string().min(1).max(2000), voice: voice.optional(), language: z.string().optional() }),
]);
export type PlaySource = z.infer<typeof source>;

/** As a keypad has them. */
const tones = z.string().regex(/^[0-9A-D#*]{1,18}$/);

export const order = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('play'), source, to: participant.optional(), loop: z.boolean().default(false) }),
  z.strictObject({ do: z.literal('cancel-media') }),
  z.strictObject({
    do: z.literal('recognise'),
    what: z.enum(['dtmf', 'choices', 'speech', 'speech-or-dtmf']),
    from: participant,
    prompt: source.optional(),
    /** Seconds until the first sound or tone, and between tones; ms of silence that end speech. */
    silenceSeconds: z.number().int().min(1).max(300).default(5),
    toneSeconds: z.number().int().min(1).max(60).default(2),
    endSilenceMs: z.number().int().min(200).max(5000).default(1000),
    mostTones: z.number().int().min(1).max(32).default(16),
    stopTones: tones.optional(),
    choices: z
      .array(
        z.strictObject({
          label: z.string().min(1).max(40),
          phrases: z.array(z.string().min(1).max(80)).min(1).max(10),
          tone: z.string().length(1).optional(),
        }),
      )
      .max(12)
      .optional(),
    language: z.string().optional(),
    interruptible: z.boolean().default(true),
  }),
  z.strictObject({ do: z.literal('listen-for-tones'), from: participant }),
  z.strictObject({ do: z.literal('stop-listening-for-tones'), from: participant }),
  z.strictObject({ do: z.literal('send-tones'), to: participant, tones }),
  z.strictObject({ do: z.literal('mute'), who: participant }),
  z.strictObject({ do: z.literal('hold'), who: participant, source: source.optional() }),
  z.strictObject({ do: z.literal('unhold'), who: participant }),
  z.strictObject({
    do: z.literal('add'),
    who: participant,
    callerId: participant.optional(),
    ringSeconds: z.number().int().min(5).max(180).default(30),
  }),
  z.strictObject({ do: z.literal('cancel-add'), invitationId: z.string().min(1) }),
  z.strictObject({ do: z.literal('remove'), who: participant }),
  z.strictObject({ do: z.literal('transfer'), to: participant, callerId: participant.optional() }),
  z.strictObject({ do: z.literal('start-streaming') }),
  z.strictObject({ do: z.literal('stop-streaming') }),
  z.strictObject({ do: z.literal('start-recording'), channels: z.enum(['mixed', 'unmixed']).default('unmixed') }),
  z.strictObject({ do: z.literal('pause-recording'), recordingId: z.string().min(1) }),
  z.strictObject({ do: z.literal('resume-recording'), recordingId: z.string().min(1) }),
  z.strictObject({ do: z.literal('stop-recording'), recordingId: z.string().min(1) }),
]);
export type Order = z.infer<typeof order>;
export type OrderName = Order['do'];

/**
 * What the carrier said to an order. `asked`: its end comes as an event, under our context. `done`: there is no event to
 * wait for. `gone`: the call has ended. `refused`: the carrier will not, and trying again changes nothing.
 */
export type OrderReply =
  | { outcome: 'asked' | 'done'; invitationId?: string; recordingId?: string }
  | { outcome: 'gone' }
  | { outcome: 'refused'; status: number; code: string };

/** Orders whose end no event tells. */
export const endsAtOnce: ReadonlySet<OrderName> = new Set([
  'cancel-media',
  'listen-for-tones',
  'mute',
  'hold',
  'unhold',
  'pause-recording',
  'resume-recording',
  'stop-recording',
  'start-recording',
]);
