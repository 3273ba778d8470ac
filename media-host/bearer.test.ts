import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type TokenCache, tokenCache } from '../contracts/token-cache.ts';
import { startChat } from '../emulators/chat/chat.ts';
import { type Speech, startSpeech } from '../emulators/speech/speech.ts';
import { encodeText } from '../emulators/tone/tone.ts';
import { createAzureModel } from './agent/model/azure-model.ts';
import { type Bearer, bearer } from './bearer.ts';
import { type Clock, machineClock } from './clock.ts';
import { createAzureEars } from './speech/azure-ears.ts';
import { type AzureVoice, createAzureVoice } from './speech/azure-voice.ts';
import { give, listen } from './speech/speech.conformance.ts';
import { speechMarkup } from './speech/ssml.ts';

const scope = 'https://cognitiveservices.azure.com/.default';
/** Eight times as fast as the machine's. */
const began = Date.now();
const hurried: Clock = {
  now: () => began + (Date.now() - began) * 8,
  monotonicUs: machineClock.monotonicUs,
  after: (ms, run) => machineClock.after(ms / 8, run),
};
/** Tokens fetched so far: they are token-1, token-2, … */
let fetched: number;
let away: boolean;
let tokens: TokenCache;
let token: Bearer;

beforeEach(() => {
  [fetched, away] = [0, false];
  const getToken = async () => {
    if (away) throw new Error('The identity endpoint is away.');
    return { token: `token-${++fetched}`, expiresOnTimestamp: Date.now() + 3_600_000 };
  };
  const open = async () => ({ getToken });
  tokens = tokenCache({ open, now: Date.now, after: () => () => undefined, note: () => undefined });
  token = bearer(tokens, scope);
});

test('a refused token is followed by another for whom it was refused; the others keep it', async () => {
  const other = bearer(tokens, scope);
  token.refuse(await token.give());
  expect(await other.give()).toBe('token-1');
  const hundred = await Promise.all(Array.from({ length: 100 }, () => token.give()));
  expect(new Set(hundred)).toEqual(new Set(['token-2']));
  expect(await other.give()).toBe('token-2');
  expect(fetched).toBe(2);
});

test('an identity that is away is told with what to check, and without its own words', async () => {
  away = true;
  await expect(token.give()).rejects.toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringMatching(/cognitiveservices.*AZURE_CLIENT_ID/),
    cause: expect.any(Error),
  });
});

describe('Azure OpenAI', () => {
  /** @param opens the token that the service takes. @returns how each of the requests ended */
  async function ask(opens: string, times: number) {
    const chat = await startChat({ rules: [{ match: {}, say: 'Yes.', ttftMs: 1, gapMs: 1 }], key: opens });
    const model = createAzureModel({ endpoint: chat.url, token });
    const request = { model: 'gpt', instructions: 'x', tools: [], cacheKey: 'x', maxOutputTokens: 99 };
    const history = [{ type: 'caller', text: 'Are you open?' }] as const;
    const one = async () => {
      let last: string | undefined;
      for await (const { type } of model.stream({ ...request, history, signal: new AbortController().signal }))
        last = type;
      return last;
    };
    const ends = await Promise.allSettled(Array.from({ length: times }, one));
    await chat.close();
    return ends.map(end => (end.status === 'fulfilled' ? end.value : end.reason.message));
  }

  test('is shown one token by all calls', async () => {
    expect(new Set(await ask('token-1', 20))).toEqual(new Set(['done']));
    expect(fetched).toBe(1);
  });

  test('is shown another where it refuses the first, fetched once for all', async () => {
    expect(new Set(await ask('token-2', 20))).toEqual(new Set(['done']));
    expect(fetched).toBe(2);
  });

  test('is shown no third where it refuses that one too', async () => {
    expect(await ask('of somebody else', 1)).toEqual([expect.stringMatching(/did not answer \(401/)]);
    expect(fetched).toBe(2);
  });

  test('is not asked where no token can be had', async () => {
    away = true;
    expect(await ask('token-1', 1)).toEqual([expect.stringMatching(/did not answer \(IDENTITY_UNAVAILABLE\)/)]);
  });
});

describe('the Speech service', () => {
  const taken: string[] = [];
  let speech: Speech;
  beforeAll(async () => {
    speech = await startSpeech({
      tokens: taken,
      stt: { finalDelayMs: 0 },
      tts: { firstAudioMs: 0, speed: 1000 },
    });
  });
  afterAll(() => speech.close());
  const address = () => ({ endpoint: speech.host, token, resourceId: '/a/resource', segmentationMs: 500 });
  const accepts = (...names: string[]) => taken.splice(0, taken.length, ...names);

  async function hear(text: string) {
    const ears = createAzureEars([address()], hurried, { random: () => 0, spares: 0 });
    const mine = listen(ears.open);
    give(mine.ears, encodeText(text, { sampleRate: 16_000 }).pcm);
    give(mine.ears, new Int16Array(16_000));
    onTestFinished(async () => {
      await mine.ears.close();
      ears.close();
    });
    return mine;
  }

  const openVoice = (spares: number) => {
    const voice = createAzureVoice([address()], hurried, { random: () => 0, spares });
    onTestFinished(() => voice.close());
    return voice;
  };
  const connected = () =>
    speech.sessions().filter(each => each.service === 'tts' && each.closedWith === undefined).length;

  const waiting = (voice: AzureVoice, count: number) =>
    expect.poll(() => voice.gauges()[0]?.spare, { timeout: 10_000 }).toBe(count);

  async function say(text: string, voice = openVoice(0)) {
    const listener = { sound: () => undefined, word: () => undefined };
    const ssml = speechMarkup({ text, voice: 'en-US-JennyNeural', language: 'en-US' });
    return voice.speak(ssml, listener, new AbortController().signal);
  }

  test('hears with another token where it refuses the first, and no word is lost', async () => {
    accepts('token-2');
    const it = await hear('Two one.');
    await it.heard(1);
    expect([it.finals[0]?.text, fetched]).toEqual(['Two one.', 2]);
  });

  test('is told of as deaf where it refuses that one too, and the identity is asked no more', async () => {
    accepts('of somebody else');
    const it = await hear('Two one.');
    await it.failed(1);
    expect([it.lost, fetched]).toEqual([['401'], 2]);
  });

  test('speaks with another token where it refuses the first', async () => {
    accepts('token-2');
    expect((await say('One two.')).ms).toBeGreaterThan(100);
    expect(fetched).toBe(2);
  });

  test('is asked to speak no third time where it refuses that one too', async () => {
    accepts('of somebody else');
    const error = await say('One two.').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'SPEECH_UNAVAILABLE', message: expect.stringMatching(/401/) });
    expect(String(error)).not.toContain('token-');
    expect(fetched).toBe(2);
  });

  test('of what waits for a call nothing is used whose token is refused by now', async () => {
    accepts('token-1');
    const voice = openVoice(2);
    await waiting(voice, 2);
    accepts('token-2');
    speech.closeSockets({ code: 1000 }, { service: 'tts' });
    await expect.poll(connected).toBe(0);
    expect((await say('One two.', voice)).ms).toBeGreaterThan(100);
  });

  test('what is to wait for a call waits with a token that is taken', async () => {
    accepts('token-2');
    await waiting(openVoice(1), 1);
    expect(fetched).toBe(2);
  });
});
