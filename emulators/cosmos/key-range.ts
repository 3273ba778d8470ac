import { type KeyDefinition, type KeyValues, keyText } from './partition-key.ts';
import { badRequest } from './service-error.ts';
import type { Call } from './wire.ts';

/** The hash space of all keys, as the one partition key range has it. */
const FIRST = '';
const END = 'FF';

/**
 * Whether a key's hash lies in the range a request names in `x-ms-start-epk` and `x-ms-end-epk`: how the client reads
 * the change feed of a hierarchical key's prefix. Without the headers every key does.
 */
export function keyRangeFilter(call: Call, definition: KeyDefinition): (key: KeyValues) => boolean {
  const start = call.header('x-ms-start-epk') ?? FIRST;
  const end = call.header('x-ms-end-epk') ?? END;
  if (start === FIRST && end === END) return () => true;
  if (definition.kind !== 'MultiHash' && definition.version !== 2) {
    throw badRequest('Reading part of the hash space is emulated for partition keys of version 2 only.');
  }
  const known = new Map<string, boolean>();
  return key => {
    const text = keyText(key);
    const hash = known.has(text) ? '' : effectiveKey(key, definition);
    const inside = known.get(text) ?? (hash >= start && hash < end);
    known.set(text, inside);
    return inside;
  };
}

/** The effective partition key: of a hierarchical one the hashes of its levels in a row, so that prefixes are ranges. */
export function effectiveKey(key: KeyValues, definition: KeyDefinition): string {
  return definition.kind === 'MultiHash' ? key.map(value => hashOf([value])).join('') : hashOf(key);
}

/** The top two bits are kept free, so that every hash is below `FF`. */
const FIRST_BYTE_MASK = 0x3f;

function hashOf(key: KeyValues): string {
  const bytes = murmur128(Buffer.concat(key.map(encode))).reverse();
  bytes[0]! &= FIRST_BYTE_MASK;
  return bytes.toString('hex').toUpperCase();
}

/** A type byte, then the value: strings end in FF, numbers are little-endian doubles. */
function encode(value: KeyValues[number]): Buffer {
  if (value === undefined) return Buffer.from([0]);
  if (value === null) return Buffer.from([1]);
  if (typeof value === 'boolean') return Buffer.from([value ? 3 : 2]);
  if (typeof value === 'string') return Buffer.concat([Buffer.from([8]), Buffer.from(value), Buffer.from([0xff])]);
  const bytes = Buffer.alloc(9);
  bytes[0] = 5;
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;

function wrap(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function rotate(value: bigint, by: bigint): bigint {
  return wrap((value << by) | (value >> (64n - by)));
}

function mixLow(k: bigint): bigint {
  return wrap(rotate(wrap(k * C1), 31n) * C2);
}

function mixHigh(k: bigint): bigint {
  return wrap(rotate(wrap(k * C2), 33n) * C1);
}

function finish(value: bigint): bigint {
  let k = value ^ (value >> 33n);
  k = wrap(k * 0xff51afd7ed558ccdn);
  k ^= k >> 33n;
  k = wrap(k * 0xc4ceb9fe1a85ec53n);
  return k ^ (k >> 33n);
}

/** MurmurHash3 x64 128 with seed 0: both halves, low bytes first. */
function murmur128(data: Buffer): Buffer {
  let h1 = 0n;
  let h2 = 0n;
  const blocks = Math.floor(data.length / 16) * 16;
  for (let at = 0; at < blocks; at += 16) {
    h1 = wrap((rotate(h1 ^ mixLow(data.readBigUInt64LE(at)), 27n) + h2) * 5n + 0x52dce729n);
    h2 = wrap((rotate(h2 ^ mixHigh(data.readBigUInt64LE(at + 8)), 31n) + h1) * 5n + 0x38495ab5n);
  }
  const tail = Buffer.alloc(16);
  data.copy(tail, 0, blocks);
  h2 ^= mixHigh(tail.readBigUInt64LE(8));
  h1 ^= mixLow(tail.readBigUInt64LE(0));
  const length = BigInt(data.length);
  h1 = wrap((h1 ^ length) + (h2 ^ length));
  h2 = wrap((h2 ^ length) + h1);
  const first = finish(h1);
  const second = finish(h2);
  const result = Buffer.alloc(16);
  result.writeBigUInt64LE(wrap(first + second), 0);
  result.writeBigUInt64LE(wrap(second + wrap(first + second)), 8);
  return result;
}
