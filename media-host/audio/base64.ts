/**
 * Base64 read out of a message into bytes of its own, fifty times a second for every call. Node's native decoder skips
 * what is not base64 without a word; here that makes the whole text invalid, because half a frame is noise.
 */
const padding = '='.charCodeAt(0);

/**
 * Decodes `source[start, end)` into a buffer of its own, which can be handed to another thread.
 * @returns undefined when the text is not base64.
 */
export function decodeBase64(source: Buffer, start: number, end: number): Uint8Array<ArrayBuffer> | undefined {
  let length = end - start;
  if (length % 4 !== 0) return undefined;
  if (length > 0 && source[end - 1] === padding) length--;
  if (length > 0 && source[start + length - 1] === padding) length--;
  // Not from Node's shared pool: that could not be transferred.
  const bytes = Buffer.allocUnsafeSlow((length * 3) >> 2);
  const written = bytes.write(source.toString('latin1', start, end), 'base64');
  return written === bytes.length ? new Uint8Array(bytes.buffer) : undefined;
}
