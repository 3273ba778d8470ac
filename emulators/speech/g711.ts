/** Telephone companding (ITU-T G.711): 16-bit samples to and from one byte, mu-law and A-law. */

export function toMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const size = Math.min(32_635, Math.abs(sample)) + 132;
  const exponent = 24 - Math.clz32(size);
  return ~(sign | (exponent << 4) | ((size >> (exponent + 3)) & 15)) & 0xff;
}

export function fromMuLaw(byte: number): number {
  const code = ~byte & 0xff;
  const size = (((code & 15) << 3) + 132) << ((code >> 4) & 7);
  return code & 0x80 ? 132 - size : size - 132;
}

export function toALaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const size = Math.min(32_767, sample < 0 ? -sample - 1 : sample) >> 3;
  const exponent = Math.max(0, 27 - Math.clz32(size));
  const mantissa = exponent === 0 ? size >> 1 : size >> exponent;
  return (sign | (exponent << 4) | (mantissa & 15)) ^ 0x55;
}

export function fromALaw(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const mantissa = code & 15;
  const size = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 264) << (exponent - 1);
  return code & 0x80 ? size : -size;
}
