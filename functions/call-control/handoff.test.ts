import { expect, test } from 'vitest';
import type { ControlMessage } from '../../contracts/control.ts';
import type { HandoffAsk } from '../../contracts/handoff.ts';
import type { OrderName } from '../acs/orders.ts';
import type { Intent } from './state.ts';
import { type Steered, talking, testRules } from './testing/steered.ts';

const first = '+15550111';
const second = '+15550112';
const wish: HandoffAsk = { reason: 'billing dispute', summary: 'Charged twice in May' };

/** What the media host is told and the carrier is asked, in order, in a few words. */
function wanted(call: Steered): string[] {
  return call.wanted().map(intent => said(intent));
}

function said(intent: Intent): string {
  if (intent.do === 'tell-media') return told(intent.message);
  if (intent.do !== 'carry-out') return intent.do;
  const { order } = intent;
  const whom = 'who' in order ? order.who : 'to' in order ? order.to : 'from' in order ? order.from : undefined;
  return whom === undefined ? order.do : `${order.do} ${whom}`;
}

function told(message: ControlMessage): string {
  if (message.do === 'seek-person') return `${message.stage} ${message.asking}/${message.of}`;
  return message.do === 'back-to-agent' ? `back: ${message.reason}` : message.do;
}

/** The context of the newest order of this name. */
function contextOf(call: Steered, name: OrderName): string {
  const stage = call.state.handoff;
  if (!stage) throw new Error(`Nobody is being asked, so there is no ${name}.`);
  return name === 'add' ? (stage.inviting ?? '') : stage.context;
}

const asked = (call: Steered, name: OrderName, invitationId?: string): Steered =>
  call.came({
    type: 'carried-out',
    context: contextOf(call, name),
    reply: { outcome: 'asked', ...(invitationId !== undefined && { invitationId }) },
  });
const ends = (call: Steered, name: OrderName, end: 'succeeded' | 'failed', code = 200, subCode = 0, tones?: string) =>
  call.told({
    type: 'order-ended',
    ...{ context: contextOf(call, name), end, code, subCode },
    ...(tones !== undefined && { tones }),
  });

const sought = (ask: Partial<HandoffAsk> = {}): Steered =>
  asked(talking().told({ type: 'handoff-asked', ask: { ...wish, ...ask } }), 'add', 'invitation');
/** Somebody has picked up and hears the brief. */
const briefed = (): Steered => ends(sought(), 'add', 'succeeded').told({ type: 'participants', sequence: 2, count: 3 });
/** They have heard it and are asked for a key. */
const keyed = (): Steered => ends(briefed(), 'play', 'succeeded');
const accepted = (): Steered => ends(keyed(), 'recognise', 'succeeded', 200, 8531, '1');

test('a person is rung, told why, and has the caller when they press 1', () => {
  const call = sought();
  expect(wanted(call)).toEqual(['ringing 1/2', `add ${first}`]);
  ends(call, 'add', 'succeeded');
  expect(wanted(call)).toEqual(['briefing 1/2', `play ${first}`]);
  ends(call, 'play', 'succeeded');
  expect(wanted(call)).toEqual([`recognise ${first}`]);
  ends(call, 'recognise', 'succeeded', 200, 8531, '1');
  expect(wanted(call)).toEqual(['leave', 'stop-streaming']);
  expect(call.state.handoff?.stage).toBe('with-person');
  expect(call.state.life.handoffs).toMatchObject([
    { reason: 'billing dispute', mode: 'consult', asked: [{ target: 1, answer: 'accepted' }], outcome: 'accepted' },
  ]);
});

test('the person alone hears the reason and the summary', () => {
  const call = ends(sought(), 'add', 'succeeded');
  expect(call.orders().at(-1)?.order).toMatchObject({
    ...{ do: 'play', to: first },
    source: { text: 'A caller is waiting for you: billing dispute. Charged twice in May.' },
  });
});

test.each([
  ['declines', 603, 8538, 'declined'],
  ['is busy', 486, 8539, 'busy'],
  ['cannot be had', 480, 8541, 'unreachable'],
  ['does not answer', 408, 8541, 'no-answer'],
  ['is no number', 404, 8544, 'unreachable'],
  ['fails somehow', 500, 9999, 'failed'],
])(
  'who %s is followed by the next, and after the last the caller is back with the agent at once',
  (_, code, subCode, answer) => {
    const call = sought();
    call.wanted();
    ends(call, 'add', 'failed', code, subCode);
    expect(wanted(call)).toEqual(['next 2/2', `add ${second}`]);
    ends(asked(call, 'add', 'other'), 'add', 'failed', code, subCode);
    expect(wanted(call)).toEqual(['back: nobody']);
    expect(call.state.handoff).toBeUndefined();
    expect(call.state.life.handoffs?.[0]).toMatchObject({
      asked: [
        { target: 1, answer },
        { target: 2, answer },
      ],
      outcome: 'back-to-agent',
    });
  },
);

test('nobody to ask: the caller is back with the agent at once', () => {
  const call = talking({ ...testRules, people: { ...testRules.people, targets: [] } });
  call.told({ type: 'handoff-asked', ask: wish });
  expect(wanted(call)).toEqual(['back: nobody']);
});

test('who the carrier will not ring is followed by the next', () => {
  const call = talking().told({ type: 'handoff-asked', ask: wish });
  call.wanted();
  call.came({
    type: 'carried-out',
    context: contextOf(call, 'add'),
    reply: { outcome: 'refused', status: 400, code: '8523' },
  });
  expect(wanted(call)).toEqual(['next 2/2', `add ${second}`]);
  call.came({ type: 'carried-out', context: contextOf(call, 'add') });
  expect(wanted(call)).toEqual(['back: nobody']);
});

test.each([
  ['presses 2', 200, 8531, '2', 'declined'],
  ['presses nothing, as a machine does', 400, 8510, undefined, 'voicemail'],
])('who %s is shown out before the next is rung', (_, code, subCode, tones, answer) => {
  const call = keyed();
  call.wanted();
  ends(call, 'recognise', tones ? 'succeeded' : 'failed', code, subCode, tones);
  expect(wanted(call)).toEqual([`remove ${first}`]);
  ends(call, 'remove', 'succeeded');
  expect(wanted(call)).toEqual(['next 2/2', `add ${second}`]);
  expect(call.state.handoff?.asked).toMatchObject([{ target: 1, answer }]);
});

test('a wrong key is asked for once more', () => {
  const call = keyed();
  call.wanted();
  ends(call, 'recognise', 'succeeded', 200, 8531, '5');
  expect(wanted(call)).toEqual([`recognise ${first}`]);
  ends(call, 'recognise', 'succeeded', 200, 8531, '5');
  expect(wanted(call)).toEqual([`remove ${first}`]);
});

test('the last one who declines is shown out while the agent is back already', () => {
  const call = sought({ targets: [first] });
  ends(ends(call, 'add', 'succeeded'), 'play', 'succeeded');
  call.wanted();
  ends(call, 'recognise', 'succeeded', 200, 8531, '2');
  expect(wanted(call)).toEqual([`remove ${first}`, 'back: nobody']);
});

test('a ring nobody reports on is taken back, and who picks up at that very moment has picked up', () => {
  const call = sought();
  call.wanted();
  call.passes(30_000);
  expect(wanted(call)).toEqual(['cancel-add']);
  expect(call.state.handoff?.stage).toBe('withdrawing');
  ends(call, 'add', 'succeeded');
  expect(wanted(call)).toEqual(['briefing 1/2', `play ${first}`]);
});

test('when taking back a ring is not reported either, the carrier is asked who is there', () => {
  const call = sought().passes(31_500);
  expect(wanted(call).at(-1)).toBe('look-up');
  call.came({ type: 'looked', why: 'person', look: { up: true, people: 2, present: false } });
  expect(wanted(call)).toEqual(['next 2/2', `add ${second}`]);
});

test('who comes in after they were given up is shown out again', () => {
  const call = sought();
  const late = contextOf(call, 'add');
  call.passes(31_500).came({ type: 'looked', why: 'person', look: { up: true, people: 2, present: false } });
  call.wanted();
  call.told({ type: 'order-ended', context: late, end: 'succeeded', code: 200, subCode: 0 });
  expect(wanted(call)).toEqual([`remove ${first}`]);
});

test('who hangs up on the brief has declined; a caller who hangs up during it has left', () => {
  const person = briefed();
  person.wanted();
  person.told({ type: 'participants', sequence: 3, count: 2 });
  expect(wanted(person)).toEqual(['look-up']);
  person.came({ type: 'looked', why: 'person', look: { up: true, people: 2, present: false } });
  expect(wanted(person)).toEqual(['next 2/2', `add ${second}`]);

  const caller = briefed();
  caller.wanted();
  caller.told({ type: 'participants', sequence: 3, count: 2 });
  caller.came({ type: 'looked', why: 'person', look: { up: true, people: 2, present: true } });
  expect(wanted(caller)).toEqual(['look-up', 'hang-up']);
  caller.came({ type: 'hung-up', gone: true });
  expect(caller.state.life).toMatchObject({ phase: 'ended', endedBy: 'caller' });
  expect(caller.state.life.handoffs).toMatchObject([{ outcome: 'caller-left', asked: [{ answer: 'cancelled' }] }]);
});

test('a list of people that comes late changes nothing', () => {
  const call = briefed();
  call.wanted();
  expect(wanted(call.told({ type: 'participants', sequence: 1, count: 2 }))).toEqual([]);
});

test.each([
  ['the person', false, 'agent', 'person-left'],
  ['the caller', true, 'caller', 'caller-left'],
])('when %s leaves a call that was handed over, it ends for the other too', (_, present, by, reason) => {
  const call = accepted();
  call.wanted();
  call.told({ type: 'participants', sequence: 3, count: 2 });
  call.came({ type: 'looked', why: 'person', look: { up: true, people: 2, present } });
  expect(wanted(call)).toEqual(['look-up', 'hang-up']);
  call.came({ type: 'hung-up', gone: false }).told({ type: 'disconnected', code: 200, subCode: 7000 });
  expect(call.state.life).toMatchObject({ endedBy: by, endReason: reason });
});

test('the sound that ends with a handoff is not missed', () => {
  const call = accepted().told({ type: 'streaming-stopped', code: 200, subCode: 0 });
  call.wanted();
  expect(call.passes(250_000).wanted()).toEqual([]);
  expect(call.state.media.state).toBe('off');
});

test.each([
  ['ringing', sought, ['cancel-add', 'back: cancelled']],
  ['being told', briefed, [`remove ${first}`, 'back: cancelled']],
  ['asked for a key', keyed, [`remove ${first}`, 'back: cancelled']],
] as const)('somebody no longer wanted while they are %s is let go', (_, made, expected) => {
  const call = made();
  call.wanted();
  call.told({ type: 'handoff-cancelled' });
  expect(wanted(call)).toEqual(expected);
  expect(call.state.life.handoffs).toMatchObject([{ outcome: 'back-to-agent', asked: [{ answer: 'cancelled' }] }]);
});

test('a caller who leaves while it rings ends the ring with the call', () => {
  const call = sought();
  call.wanted();
  call.told({ type: 'participants', sequence: 2, count: 1 });
  expect(wanted(call)).toEqual(['cancel-add', 'hang-up']);
});

test('a handoff asked for before the call is connected waits for that', () => {
  const call = talking();
  const early = { ...call.state, life: { phase: 'answered', callConnectionId: 'cc' } } as const;
  call.state = { ...early, noted: false };
  expect(wanted(call.told({ type: 'handoff-asked', ask: wish }))).toEqual([]);
  expect(wanted(call.told({ type: 'connected', callConnectionId: 'cc' }))).toEqual([
    'note',
    'ringing 1/2',
    `add ${first}`,
  ]);
});

test('one person is sought at a time', () => {
  const call = sought();
  call.wanted();
  expect(wanted(call.told({ type: 'handoff-asked', ask: wish }))).toEqual([]);
});

test('an order a host that died has asked already is not a refusal', () => {
  const call = keyed();
  call.wanted();
  const context = contextOf(call, 'recognise');
  call.came({ type: 'carried-out', context, reply: { outcome: 'refused', status: 400, code: '8500' } });
  expect(wanted(call)).toEqual([]);
  expect(wanted(ends(call, 'recognise', 'succeeded', 200, 8531, '1'))).toEqual(['leave', 'stop-streaming']);
});

const transferring = (): Steered => {
  const call = talking().told({ type: 'handoff-asked', ask: { ...wish, mode: 'transfer' } });
  return asked(call, 'transfer');
};

test('a transfer that is taken is a handoff, and our leg’s end no loss', () => {
  const call = transferring();
  expect(wanted(call)).toEqual(['ringing 1/2', `transfer ${first}`]);
  ends(call, 'transfer', 'succeeded', 200, 7015);
  expect(wanted(call)).toEqual(['leave']);
  call.told({ type: 'disconnected', code: 200, subCode: 7000 });
  expect(call.state.life).toMatchObject({ endedBy: 'agent', endReason: 'transferred', transferred: true });
  expect(call.state.life.handoffs).toMatchObject([{ mode: 'transfer', outcome: 'accepted' }]);
});

test('the end of our leg may be told before the transfer’s', () => {
  const call = transferring();
  call.told({ type: 'disconnected', code: 200, subCode: 7000 });
  expect(call.state.life.phase).toBe('connected');
  ends(call, 'transfer', 'succeeded', 200, 7015);
  expect(call.state.life).toMatchObject({ phase: 'ended', endReason: 'transferred' });
});

test('a caller who hangs up during a transfer has hung up', () => {
  expect(transferring().told({ type: 'disconnected', code: 200, subCode: 540000 }).state.life.endedBy).toBe('caller');
  const unsaid = transferring().told({ type: 'disconnected', code: 200, subCode: 5300 }).passes(1_000);
  expect(unsaid.state.life).toMatchObject({ phase: 'ended', endReason: 'disconnected 200/5300' });
  expect(unsaid.state.life.handoffs).toMatchObject([{ outcome: 'caller-left' }]);
});

test.each([
  ['declined', 603, 8538],
  ['busy', 486, 8539],
  ['unreachable', 480, 8541],
])('a transfer that is %s is followed by the next, then the agent', (answer, code, subCode) => {
  const call = transferring();
  call.wanted();
  ends(call, 'transfer', 'failed', code, subCode);
  expect(wanted(call)).toEqual(['next 2/2', `transfer ${second}`]);
  ends(asked(call, 'transfer'), 'transfer', 'failed', code, subCode);
  expect(wanted(call)).toEqual(['back: nobody']);
  expect(call.state.life.handoffs).toMatchObject([{ asked: [{ answer }, { answer }], outcome: 'back-to-agent' }]);
});

test('a transfer nobody reports on is given up, and counts all the same when it is taken late', () => {
  const call = transferring();
  const late = contextOf(call, 'transfer');
  call.passes(75_000);
  expect(wanted(call)).toContain('next 2/2');
  call.told({ type: 'order-ended', context: late, end: 'succeeded', code: 200, subCode: 7015 });
  expect(wanted(call)).toEqual(['leave']);
  call.told({ type: 'disconnected', code: 200, subCode: 7000 });
  expect(call.state.life.endReason).toBe('transferred');
  expect(call.state.life.handoffs).toContainEqual(
    expect.objectContaining({ outcome: 'accepted', asked: [{ target: 1, answer: 'accepted', ms: 75_000 }] }),
  );
});

test('a transfer that was cancelled while under way may still be taken: the agent leaves, and the record says who has the caller', () => {
  const call = transferring();
  const late = contextOf(call, 'transfer');
  call.passes(3_000).told({ type: 'handoff-cancelled', from: 'us' });
  expect(wanted(call)).toContain('back: cancelled');
  call.passes(2_000).told({ type: 'order-ended', context: late, end: 'succeeded', code: 200, subCode: 7015 });
  expect(wanted(call)).toEqual(['leave']);
  call.told({ type: 'disconnected', code: 200, subCode: 7000 });
  expect(call.state.life).toMatchObject({ phase: 'ended', endReason: 'transferred', transferred: true });
  expect(call.state.life.handoffs).toMatchObject([
    { outcome: 'back-to-agent', asked: [{ answer: 'cancelled' }] },
    {
      outcome: 'accepted',
      reason: wish.reason,
      mode: 'transfer',
      asked: [{ target: 1, answer: 'accepted', ms: 5_000 }],
    },
  ]);
});
