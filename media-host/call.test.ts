import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { defaultPhrases } from '../contracts/agent-phrases.ts';
import type { CallEvent, CallFact } from '../contracts/call-event.ts';
import { audioMessage } from './acs/frames.ts';
import type { RuntimeEvent } from './agent/runtime-event.ts';
import { type CallOptions, createCall, type MediaSocket } from './call.ts';
import { type Clock, virtualClock } from './clock.ts';
import { createJournal, type Journal } from './journal/journal.ts';
import { createEpochs, epochOf, type Lane } from './lanes/lane.ts';
import type { FromSpeech, ToSpeech } from './lanes/speech-lane.ts';
import type { AgentCard, ToTurn } from './lanes/turn-messages.ts';
import { createMetrics } from './observe/metrics.ts';

type Heard = FromSpeech extends infer M ? (M extends FromSpeech ? Omit<M, 'call'> : never) : never;

const stamped = (journal: Journal, clock: Clock) => ({
  note: (fact: CallFact) => journal.note(fact, clock.now()),
  mark: () => undefined,
  close: journal.close,
});

const reception: AgentCard = {
  name: 'reception',
  version: 'v',
  voice: 'en-US-JennyNeural',
  language: 'en-US',
  phrases: [],
  turns: {
    policy: 'graded',
    expects: 'anything',
    stopWords: [],
    backchannels: [],
    maxSilences: 3,
    digits: { afterMs: 2000, endKey: '#' },
  },
  silence: { afterMs: 3500, reprompts: ['Are you there?'], unheard: 'Pardon?', goodbye: 'Goodbye.' },
  hold: { afterMs: 2500, words: ['One moment.', 'Still looking.'] },
  speculation: { tries: 0, maxSpeechMs: 10_000 },
  apology: 'Sorry.',
  refusal: 'No.',
  tools: [],
  seeking: defaultPhrases('en-US').seeking,
  keypad: defaultPhrases('en-US').keypad,
  farewell: 'Goodbye, then.',
  resumed: 'Cut off.',
  greeting: ['Hello.'],
};

/** One call whose lanes are scripted and whose clock is ours. `wire` is all that left for ACS, in order. */
function ring(more: Pick<CallOptions, 'recalled'> = {}) {
  const clock = virtualClock();
  const wire: { at: number; what: 'sound' | 'stop' | `close ${number}` }[] = [];
  const order: string[] = [];
  const events: CallEvent[] = [];
  const metrics = createMetrics();
  const epochs = createEpochs(1);
  const start = clock.now();
  const toSpeech: ToSpeech[] = [];
  const toTurns: ToTurn[] = [];
  const lane = <In extends { type: string }>(name: string, into: In[]): Lane<In> => ({
    post: message => {
      into.push(message);
      if (message.type !== 'sound') order.push(`${name} ${message.type}`);
    },
    close: async () => undefined,
  });
  const ticks = new Set<() => void>();
  const call = createCall({
    number: 7,
    cell: 0,
    admission: { callId: 'c'.repeat(32), mode: 'media', agent: 'reception', direction: 'in', callerHash: 'h' },
    agent: reception,
    hangUp: () => order.push('hang-up'),
    person: { ask: () => order.push('ask for a person'), cancel: () => order.push('cancel the person') },
    hostId: 'mh-test',
    leadMs: 100,
    segmentationMs: 500,
    journal: stamped(
      createJournal({
        callId: 'c'.repeat(32),
        agent: 'reception',
        store: {
          write: async (_, documents) =>
            void events.push(
              ...documents.flatMap(document => (document.type === 'eventPage' ? document.ev.slice(events.length) : [])),
            ),
        },
        spool: { keep: async () => undefined },
        clock,
        ttlSeconds: 1,
        troubled: () => undefined,
      }),
      clock,
    ),
    speech: lane('speech', toSpeech),
    turns: lane('turns', toTurns),
    epochs,
    clock,
    ticker: {
      join: tick => {
        ticks.add(tick);
        return () => void ticks.delete(tick);
      },
      close: () => undefined,
    },
    metrics,
    log: pino({ level: 'silent' }),
    ...more,
  });
  let open = true;
  let soundBytes = 0;
  const socket: MediaSocket = {
    send: data => {
      const what = data.includes('"stopAudio","stopAudio"') ? 'stop' : 'sound';
      if (what === 'sound') soundBytes += Buffer.from(JSON.parse(data.toString()).audioData.data, 'base64').length;
      wire.push({ at: clock.now() - start, what });
      order.push(what);
    },
    close: code => {
      open = false;
      wire.push({ at: clock.now() - start, what: `close ${code}` });
    },
    get open() {
      return open;
    },
  };
  const run = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 20) {
      clock.advance(20);
      for (const tick of ticks) tick();
    }
  };
  const hear = (message: Heard) => call.hear({ ...message, call: 7 } as FromSpeech);
  const think = (message: RuntimeEvent) => call.think({ ...message, call: 7 });
  const us = () => clock.monotonicUs();
  return {
    call,
    clock,
    socket,
    wire,
    order,
    events,
    metrics,
    ticks,
    toSpeech,
    toTurns,
    run,
    hear,
    think,
    epoch: () => epochOf(epochs, 0),
    say: (text: string) => hear({ type: 'final', text, offsetMs: 0, durationMs: 100, atUs: us() }),
    partial: (text: string) => hear({ type: 'partial', text, offsetMs: 0, durationMs: 100, atUs: us() }),
    sentence: (epoch: number, index: number, text: string) =>
      think({
        type: 'sentence',
        turn: 1,
        epoch,
        index,
        text,
        mustBeHeard: false,
        askedUs: us(),
        firstTokenUs: us(),
        cutUs: us(),
      }),
    sound: (epoch: number, utterance: number, ms: number) =>
      hear({ type: 'sound-out', epoch, utterance, pcm: new ArrayBuffer(ms * 32) }),
    said: (epoch: number, utterance: number) => hear({ type: 'said', epoch, utterance, ms: 0 }),
    soundBytes: () => soundBytes,
    frames: () => wire.filter(entry => entry.what === 'sound').length,
  };
}

/** The greeting is over and the agent is answering the first turn with `sentences` sentences, none synthesised yet. */
function answering(sentences: number) {
  const it = ring();
  it.call.attach(it.socket);
  it.think({ type: 'reply-ended', turn: 0, epoch: 1, text: '' });
  it.say('What are your opening hours?');
  it.run(600);
  for (let i = 0; i < sentences; i++) it.sentence(2, i, `Sentence ${i}.`);
  it.think({ type: 'reply-ended', turn: 1, epoch: 2, text: '' });
  return it;
}

describe('a greeting', () => {
  const greetings = ({ toTurns }: ReturnType<typeof ring>) => toTurns.filter(({ type }) => type === 'greet').length;
  const settled = () => new Promise<void>(resolve => setImmediate(resolve));

  test('comes once it is known who calls', async () => {
    const recalled = Promise.withResolvers<void>();
    const it = ring({ recalled: recalled.promise });
    it.call.attach(it.socket);
    it.run(80);
    expect(greetings(it)).toBe(0);
    recalled.resolve();
    await settled();
    expect(greetings(it)).toBe(1);
    it.run(200);
    expect(greetings(it)).toBe(1);
  });

  test('waits a tenth of a second for it, and no longer', async () => {
    const recalled = Promise.withResolvers<void>();
    const it = ring({ recalled: recalled.promise });
    it.call.attach(it.socket);
    it.run(100);
    expect(greetings(it)).toBe(1);
    recalled.resolve();
    await settled();
    expect(greetings(it)).toBe(1);
  });

  test('is not spoken to who has left meanwhile', async () => {
    const it = ring({ recalled: new Promise<void>(() => undefined) });
    it.call.attach(it.socket);
    it.call.closed(it.socket, 1000);
    it.run(200);
    expect(greetings(it)).toBe(0);
  });
});

describe('barge-in', () => {
  test('our sound stops, then StopAudio, and only then the lanes are told', () => {
    const it = answering(1);
    it.sound(2, 1, 2000);
    it.run(400);
    it.order.length = 0;
    it.partial('no');
    expect(it.order).toEqual(['stop', 'speech hush', 'turns hush', 'turns heard', 'speech attend']);
    expect(it.epoch()).toBe(3);
  });

  test.each([50, 200, 500, 1000])(
    'no frame follows StopAudio when synthesis of three sentences ends %i ms late',
    lateMs => {
      const it = answering(3);
      it.sound(2, 1, 600);
      it.run(300);
      it.partial('stop');
      const before = it.frames();
      it.run(lateMs);
      for (const utterance of [1, 2, 3]) {
        it.sound(2, utterance, 1000);
        it.said(2, utterance);
      }
      it.sentence(2, 3, 'A late sentence.');
      it.run(2000);
      expect(it.frames()).toBe(before);
      expect(it.wire.filter(entry => entry.what === 'stop')).toHaveLength(1);
    },
  );

  test('a partial while the agent only thinks stops nothing', () => {
    const it = answering(1);
    it.partial('and');
    it.sound(2, 1, 200);
    it.run(100);
    expect(it.wire).toEqual([]);
    it.hear({ type: 'no-match' });
    it.said(2, 1);
    it.run(400);
    expect(it.frames()).toBe(10);
  });

  test('the record and the model get the words that were played, the full text stays', async () => {
    const it = answering(1);
    it.sound(2, 1, 1000);
    for (const [i, text] of ['Sentence', '0.'].entries())
      it.hear({
        type: 'word',
        epoch: 2,
        utterance: 1,
        text,
        offsetMs: i * 500,
        durationMs: 400,
        upTo: i === 0 ? 8 : 11,
      });
    it.run(600);
    it.partial('stop');
    expect(it.toTurns.at(-1)).toEqual({ type: 'heard', call: 7, turn: 1, text: 'Sentence', interrupted: true });
    await it.call.end('caller-left', 1000);
    expect(it.events.find(event => event.type === 'agent-spoke')).toMatchObject({
      text: 'Sentence 0.',
      heard: 'Sentence',
      interrupted: true,
    });
    expect(it.events.find(event => event.type === 'barge-in')).toMatchObject({ by: 'voice', unplayedMs: 100 });
  });
});

test('after a thousand interruptions nothing is left behind: one StopAudio each, no timer, no tick', async () => {
  const it = ring();
  it.call.attach(it.socket);
  it.think({ type: 'reply-ended', turn: 0, epoch: 1, text: '' });
  for (let n = 1; n <= 1000; n++) {
    it.say(`Question ${n % 100}.`);
    it.run(1500);
    const epoch = it.epoch();
    it.sentence(epoch, 0, 'An answer that goes on for a while.');
    it.sound(epoch, n, 2000);
    it.run(40);
    it.partial('wait');
  }
  expect(it.wire.filter(entry => entry.what === 'stop')).toHaveLength(1000);
  await it.call.end('caller-left', 1000);
  expect(it.clock.waiting()).toBe(0);
  expect(it.ticks.size).toBe(0);
});

describe('a turn', () => {
  test('is heard whole when nobody interrupts, and the floor is the caller’s again', async () => {
    const it = answering(2);
    it.sound(2, 1, 300);
    it.said(2, 1);
    it.sound(2, 2, 300);
    it.said(2, 2);
    it.run(1000);
    expect(it.frames()).toBe(30);
    expect(it.toTurns.at(-1)).toEqual({
      type: 'heard',
      call: 7,
      turn: 1,
      text: 'Sentence 0. Sentence 1.',
      interrupted: false,
    });
    it.say('Thank you.');
    expect(it.toTurns.at(-1)).toMatchObject({ type: 'take', turn: 2, said: 'Thank you.' });
  });

  test('whose speech cannot be made ends, and the next one works', () => {
    const it = answering(1);
    it.hear({ type: 'not-said', epoch: 2, utterance: 1, code: 'SPEECH_UNAVAILABLE' });
    it.run(100);
    it.say('Hello?');
    it.run(1000);
    expect(it.toTurns.at(-1)).toMatchObject({ type: 'take', turn: 1, said: 'What are your opening hours? Hello?' });
  });
});

describe('the socket', () => {
  test('garbage costs itself and nothing else', () => {
    const it = answering(1);
    for (const garbage of [
      '',
      '{',
      '{"kind":"Nonsense"}',
      '\u0000\u0001',
      '{"kind":"AudioData","audioData":{"data":"%%%"}}',
    ])
      it.call.message(it.socket, Buffer.from(garbage));
    expect(it.metrics.counters()).toEqual({ 'media-messages-malformed': 4, 'media-messages-unknown': 1 });
    it.sound(2, 1, 100);
    it.said(2, 1);
    it.run(200);
    expect(it.frames()).toBe(5);
  });

  test('sound of a second speaker does not reach the caller’s ears', () => {
    const it = answering(0);
    const frame = (speaker: string) =>
      Buffer.from(
        `{"kind":"AudioData","audioData":{"data":"${Buffer.alloc(640).toString('base64')}","participantRawID":"${speaker}"}}`,
      );
    it.call.message(it.socket, frame('4:+15550100'));
    it.call.message(it.socket, frame('8:acs:other'));
    it.call.message(it.socket, frame('4:+15550100'));
    expect(it.toSpeech.filter(message => message.type === 'sound')).toHaveLength(2);
  });

  test('a format we do not speak is refused with the setting to change', () => {
    const it = answering(0);
    it.call.message(
      it.socket,
      Buffer.from('{"kind":"AudioMetadata","audioMetadata":{"sampleRate":11025,"channels":1}}'),
    );
    expect(it.wire.at(-1)?.what).toBe('close 1003');
  });

  test('a line that changes to 24 kHz in mid-call is heard and spoken to at 24 kHz', () => {
    const it = answering(1);
    const frame = Buffer.alloc(960).toString('base64');
    it.call.message(
      it.socket,
      Buffer.from('{"kind":"AudioMetadata","audioMetadata":{"sampleRate":24000,"channels":1}}'),
    );
    it.call.message(it.socket, Buffer.from(`{"kind":"AudioData","audioData":{"data":"${frame}"}}`));
    const heard = it.toSpeech.filter(message => message.type === 'sound');
    expect(heard.map(message => message.pcm.byteLength)).toEqual([640]);
    it.sound(2, 1, 20);
    it.said(2, 1);
    expect(it.soundBytes()).toBe(960);
  });

  test('our own messages are not mistaken for ACS’s', () => {
    const it = answering(0);
    it.call.message(it.socket, audioMessage(new Uint8Array(640)));
    expect(it.toSpeech.filter(message => message.type === 'sound')).toHaveLength(1);
  });

  test('a dropped socket is waited for; a second one goes on with the same call', async () => {
    const it = answering(1);
    it.call.closed(it.socket, 1006);
    it.run(1000);
    const second: MediaSocket = { ...it.socket, open: true };
    it.call.attach(second);
    it.run(3000);
    it.call.closed(second, 1000);
    await it.call.ended;
    expect(it.events.filter(event => event.type === 'media-opened')).toHaveLength(1);
    expect(it.events.at(-1)).toMatchObject({ type: 'media-closed', reason: 'caller-left' });
  });

  test('ending twice, from two sides, is one end; nothing is sent after it', async () => {
    const it = answering(1);
    it.sound(2, 1, 2000);
    it.run(100);
    await Promise.all([it.call.end('drained', 1001), it.call.end('caller-left', 1000)]);
    it.call.closed(it.socket, 1000);
    const before = it.wire.length;
    it.sound(2, 1, 200);
    it.partial('hello');
    it.run(500);
    expect(it.wire.length).toBe(before);
    expect(it.events.filter(event => event.type === 'media-closed')).toHaveLength(1);
    expect(it.toSpeech.filter(message => message.type === 'close')).toHaveLength(1);
  });

  test('sound for a socket that is gone waits for the next one', () => {
    const it = answering(1);
    it.sound(2, 1, 2000);
    it.run(200);
    it.socket.close(1006, '');
    const before = it.frames();
    it.run(1000);
    expect(it.frames()).toBe(before);
    it.call.attach({ ...it.socket, open: true });
    it.run(3000);
    expect(it.frames()).toBe(100);
  });

  test('a call that moves writes its journal before the carrier connects elsewhere', async () => {
    const it = ring();
    it.call.attach(it.socket);
    it.call.told({ id: 'm', at: 0, do: 'move' });
    it.run(200);
    expect(it.wire).toEqual([]);
    it.think({ type: 'reply-ended', turn: 0, epoch: 1, text: '' });
    it.run(20);
    await it.call.ended;
    expect(it.events.at(-1)).toMatchObject({ type: 'media-closed', reason: 'drained', code: 1012 });
    expect(it.wire.map(({ what }) => what)).toEqual(['close 1012']);
  });

  test('a call that is to move and has no socket now is left to where the carrier connects next', async () => {
    const it = ring();
    it.call.attach(it.socket);
    it.socket.close(1006, '');
    it.call.closed(it.socket, 1006);
    it.call.move();
    await it.call.ended;
    expect(it.events.at(-1)).toMatchObject({ reason: 'drained' });
  });

  test('a socket that stays away ends the call with the reason', async () => {
    const it = answering(1);
    it.call.closed(it.socket, 1006);
    it.run(4900);
    expect(it.ticks.size).toBe(1);
    it.run(200);
    await it.call.ended;
    expect(it.events.at(-1)).toMatchObject({ type: 'media-closed', reason: 'connection-lost', code: 1006 });
  });
});
