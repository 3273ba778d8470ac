/**
 * The answer as a list of pieces in the order they are sent, before either wire gives them a form. Cutting (token limit,
 * failure in the middle) happens here, so both wires are cut at the same word.
 */
import type { Asked } from './asked.ts';
import { argumentDeltas, textDeltas } from './deltas.ts';
import { fill, type Values } from './placeholders.ts';
import { callsOf, type ParsedRule } from './rule.ts';
import { hex } from './seeded-id.ts';
import { tokensOf } from './tokens.ts';
import type { Trouble } from './trouble.ts';

export type AnswerItem =
  | { kind: 'text' | 'refusal'; id: string; pieces: string[] }
  | { kind: 'call'; id: string; callId: string; name: string; pieces: string[] };

export type Piece = { item: number; delta: string };

export type Answer = {
  /** 32 hex digits; the wires make their own ids of it. */
  id: string;
  items: AnswerItem[];
  /** What is sent, in order; less than all the items' pieces when the answer is cut. */
  pieces: Piece[];
  finish: 'stop' | 'length' | 'content_filter';
  fail: NonNullable<Trouble['fail']> | undefined;
  outputTokens: number;
};

/** @param number distinguishes the ids of this answer from those of others with the same seed */
export function composeAnswer(
  rule: ParsedRule,
  values: Values,
  asked: Asked,
  trouble: Trouble,
  seed: number,
  number: number,
): Answer {
  const id = hex(32, seed, 'answer', number);
  const items: AnswerItem[] = [];
  const calls = callsOf(rule);
  const text = textOf(rule, values);
  if (text || calls.length === 0) {
    const pieces = text ? textDeltas(text, seed) : [''];
    items.push({ kind: rule.refuse ? 'refusal' : 'text', id: `msg_${id}`, pieces });
  }
  for (const [at, call] of (asked.parallelToolCalls ? calls : calls.slice(0, 1)).entries()) {
    const filled = fill(call.arguments, values);
    const json = typeof filled === 'string' ? filled : JSON.stringify(filled);
    const pieces = json === '' ? [''] : argumentDeltas(json, seed);
    const own = hex(24, seed, 'call', number, at);
    items.push({ kind: 'call', id: `fc_${own}`, callId: `call_${own}`, name: call.name, pieces });
  }

  const whole = orderOf(items, rule.interleave);
  const limited = upToTokens(whole, asked.maxOutputTokens);
  const pieces = trouble.fail ? limited.slice(0, trouble.fail.afterDeltas) : limited;
  return {
    id,
    items,
    pieces,
    finish: trouble.finish ?? (limited.length < whole.length ? 'length' : 'stop'),
    fail: trouble.fail,
    outputTokens: tokensOf(pieces.map(piece => piece.delta).join('')),
  };
}

/** What has been sent of one item. */
export function sentOf(answer: Answer, item: number): { content: string; whole: boolean } {
  const sent = answer.pieces.filter(piece => piece.item === item);
  return { content: sent.map(piece => piece.delta).join(''), whole: sent.length === answer.items[item]?.pieces.length };
}

function textOf(rule: ParsedRule, values: Values): string {
  if (rule.json) return JSON.stringify(fill(rule.json, values));
  // A rule that only breaks the stream needs a stream to break.
  const filler = callsOf(rule).length > 0 ? '' : 'One moment, please, I am looking that up for you right now.';
  return fill(rule.say ?? rule.refuse ?? filler, values);
}

/** The text comes first; calls follow one another or take turns. */
function orderOf(items: AnswerItem[], interleave: boolean): Piece[] {
  const inTurn = items.flatMap((item, at) => item.pieces.map((delta, round) => ({ item: at, delta, round })));
  if (interleave) {
    const isCall = (piece: Piece) => (items[piece.item]?.kind === 'call' ? 1 : 0);
    inTurn.sort((a, b) => isCall(a) - isCall(b) || (isCall(a) ? a.round - b.round || a.item - b.item : 0));
  }
  return inTurn.map(({ item, delta }) => ({ item, delta }));
}

function upToTokens(pieces: Piece[], limit: number | undefined): Piece[] {
  if (limit === undefined) return pieces;
  let text = '';
  const end = pieces.findIndex(piece => {
    text += piece.delta;
    return tokensOf(text) > limit;
  });
  return end === -1 ? pieces : pieces.slice(0, end);
}
