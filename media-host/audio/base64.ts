/**
 * Base64 read out of a message, fifty times a second for every call. Node's native decoder skips what is not base64 without
 * a word; here that makes the whole text invalid, because half a frame is noise. Sound of many messages lies in one block
 * of memory, since a buffer for each costs more than decoding it.
 */
const padding = '='.charCodeAt(0);
const blockBytes = 64 * 1024;
/** More than this gets a block of its own. */
const smallBytes = 4096;

let block = Buffer.alloc(0);
let used = 0;

/**
 * Decodes `source[start, end)`; what is returned is written to by nobody else, and begins at a whole sample.
 * @returns undefined when the text is not base64.
 */
export function decodeBase64(source: Buffer, start: number, end: number): Uint8Array<ArrayBuffer> | undefined {
  let length = end - start;
  if (length % 4 !== 0) return undefined;
  if (length > 0 && source[end - 1] === padding) length--;
  if (length > 0 && source[start + length - 1] === padding) length--;
  const bytes = (length * 3) >> 2;
  if (bytes > smallBytes) {
    const own = Buffer.allocUnsafeSlow(bytes);
    return own.write(source.toString('latin1', start, end), 'base64') === bytes
      ? new Uint8Array(own.buffer)
      : undefined;
  }
  if (used + bytes > block.length) {
    block = Buffer.allocUnsafeSlow(blockBytes);
    used = 0;
  }
  const at = used;
  if (block.write(source.toString('latin1', start, end), at, bytes, 'base64') !== bytes) return undefined;
  used += (bytes + 7) & ~7;
  return new Uint8Array(block.buffer, at, bytes);
}
