/**
 * Recognition of keys and words. Keys come from the phone line and are really collected; words cannot be heard here, so
 * tests speak them through the admin route.
 */
import type { ResultInformation } from '../cloud-event.ts';
import type { Exchange } from '../exchange.ts';
import type { Leg } from '../leg.ts';
import { invalidArgument } from '../rest/acs-error.ts';
import type { Body } from '../rest/bodies.ts';
import { recognizeBody } from '../rest/bodies.ts';
import type { Operation } from '../rest/operation.ts';
import { addressOf, onConnectedLeg } from '../rest/operation.ts';
import * as results from '../results.ts';
import type { MediaOperation } from './media-operations.ts';
import { hasCognitiveServices, promptOf } from './prompt.ts';

type Recognize = typeof recognizeBody extends Body<infer T> ? T : never;

const bytesPerMs = 32;
const defaultSilenceS = 5;
const defaultInterToneS = 2;

export const recognizeOperations: Operation[] = [
  onConnectedLeg(':recognize', recognizeBody, (leg, { exchange, body }) => {
    if (body.recognizeInputType === 'choices' && !body.recognizeOptions.choices?.length) {
      throw invalidArgument('Choices are required to recognize choices.');
    }
    leg.operations.add(new Recognition(exchange, leg, body), body.interruptCallMediaOperation ?? false);
    return { status: 202 };
  }),
];

class Recognition implements MediaOperation {
  readonly #exchange: Exchange;
  readonly #leg: Leg;
  readonly #body: Recognize;
  readonly #tones: string[] = [];
  #finished: () => void = () => undefined;
  #stopTimer: () => void = () => undefined;
  #phase: 'waiting' | 'prompting' | 'listening' | 'over' = 'waiting';

  constructor(exchange: Exchange, leg: Leg, body: Recognize) {
    this.#exchange = exchange;
    this.#leg = leg;
    this.#body = body;
  }

  begin(finished: () => void): void {
    this.#finished = finished;
    this.#phase = 'prompting';
    const needsWords = this.#body.recognizeInputType !== 'dtmf';
    if (needsWords && !hasCognitiveServices(this.#exchange, this.#leg)) {
      this.#fail(results.noCognitiveServices);
      return;
    }
    void this.#prompt();
  }

  cancel(): void {
    this.#end();
    this.#leg.tell('RecognizeCanceled', {}, { ...addressOf(this.#body), result: results.cancelled });
  }

  drop(): void {
    this.#end();
  }

  tone(word: string, rawId: string): void {
    const { recognizeOptions: options, recognizeInputType: type } = this.#body;
    if (type === 'speech' || rawId !== options.targetParticipant.rawId) return;
    if (this.#phase === 'prompting' && (options.interruptPrompt ?? true)) this.#listen();
    if (this.#phase !== 'listening') return;
    if (type === 'choices') {
      this.#chooseByTone(word);
      return;
    }
    if (options.dtmfOptions?.stopTones?.includes(word)) {
      this.#completeTones(results.stopTone);
      return;
    }
    this.#tones.push(word);
    if (this.#tones.length === options.dtmfOptions?.maxTonesToCollect) {
      this.#completeTones(results.maxTones);
      return;
    }
    this.#failAfter(options.dtmfOptions?.interToneTimeoutInSeconds ?? defaultInterToneS, results.interTone);
  }

  speech(text: string): void {
    const { recognizeOptions: options, recognizeInputType: type } = this.#body;
    if (type === 'dtmf' || this.#phase === 'over') return;
    if (type !== 'choices') {
      this.#complete('speech', { speechResult: { speech: text, confidence: 0.9 } }, results.speechRecognized);
      return;
    }
    const spoken = text.trim().toLowerCase();
    const match = options.choices?.find(choice => choice.phrases.some(phrase => phrase.toLowerCase() === spoken));
    if (!match) {
      this.#fail(results.phraseUnmatched);
      return;
    }
    const choiceResult = { label: match.label, recognizedPhrase: text, confidence: 0.9 };
    this.#complete('choices', { choiceResult }, results.phraseMatched);
  }

  async #prompt(): Promise<void> {
    const { playPrompt, playPrompts } = this.#body;
    const sources = playPrompts ?? (playPrompt ? [playPrompt] : []);
    const prompt = await promptOf(this.#exchange, this.#leg, sources);
    if (this.#phase !== 'prompting') return;
    if ('result' in prompt) return this.#fail(prompt.result, { failedPlaySourceIndex: prompt.failedIndex });
    if (prompt.pcm.length > 0) this.#leg.conversation.openEars();
    this.#leg.conversation.prompts.push(prompt.pcm);
    this.#stopTimer = this.#leg.alarms.after(prompt.pcm.length / bytesPerMs, () => this.#listen());
  }

  #listen(): void {
    this.#phase = 'listening';
    this.#leg.conversation.prompts.clear();
    const silenceS = this.#body.recognizeOptions.initialSilenceTimeoutInSeconds ?? defaultSilenceS;
    this.#failAfter(silenceS, results.initialSilence);
  }

  #failAfter(seconds: number, result: ResultInformation): void {
    this.#stopTimer();
    const ms = seconds * 1000 * this.#exchange.faults.recognizeScale;
    this.#stopTimer = this.#leg.alarms.after(ms, () => this.#fail(result));
  }

  #chooseByTone(word: string): void {
    const match = this.#body.recognizeOptions.choices?.find(choice => choice.tone === word);
    if (!match) {
      this.#fail(results.wrongTone);
      return;
    }
    this.#complete('choices', { choiceResult: { label: match.label } }, results.toneMatched);
  }

  #completeTones(result: ResultInformation): void {
    this.#complete('dtmf', { dtmfResult: { tones: this.#tones } }, result);
  }

  #complete(recognitionType: string, extra: Record<string, unknown>, result: ResultInformation): void {
    this.#end();
    this.#leg.tell('RecognizeCompleted', { recognitionType, ...extra }, { ...addressOf(this.#body), result });
    this.#finished();
  }

  #fail(result: ResultInformation, extra: Record<string, unknown> = {}): void {
    this.#end();
    this.#leg.tell('RecognizeFailed', extra, { ...addressOf(this.#body), result });
    this.#finished();
  }

  #end(): void {
    this.#phase = 'over';
    this.#stopTimer();
    this.#leg.conversation.prompts.clear();
  }
}
