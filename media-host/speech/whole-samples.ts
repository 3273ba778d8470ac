/**
 * Joins chunks of 16-bit sound so that each handed on has whole samples: a chunk may end in the middle of one, and its
 * odd byte belongs before the next. Each result is a buffer of its own.
 */
export function createSampleJoiner(): (chunk: ArrayBuffer) => ArrayBuffer {
  let odd: number | undefined;
  return chunk => {
    if (odd === undefined && chunk.byteLength % 2 === 0) return chunk.slice(0);
    const source = new Uint8Array(chunk);
    const carried = odd === undefined ? 0 : 1;
    const joined = new Uint8Array(source.length + carried);
    if (odd !== undefined) joined[0] = odd;
    joined.set(source, carried);
    odd = joined.length % 2 === 0 ? undefined : joined[joined.length - 1];
    return odd === undefined ? joined.buffer : joined.slice(0, -1).buffer;
  };
}
