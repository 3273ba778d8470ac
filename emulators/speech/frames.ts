/** Messages of the Speech WebSocket protocol as bytes: header lines and a body, in a text or a binary frame. */

export interface ClientMessage {
  path: string;
  requestId: string;
  timestamp: string;
  contentType: string;
  streamId: string;
  /** Text body; empty for binary messages. */
  text: string;
  /** Binary body; undefined for text messages. */
  bytes?: Buffer;
}

/** Reads one frame; a frame that is no message of the protocol is an Error that says why. */
export function readMessage(frame: Buffer, isBinary: boolean): ClientMessage {
  if (!isBinary) {
    const whole = frame.toString('utf8');
    const gap = whole.indexOf('\r\n\r\n');
    if (gap < 0) throw new Error('A text message has no empty line after its headers.');
    return { ...headersOf(whole.slice(0, gap)), text: whole.slice(gap + 4) };
  }
  if (frame.length < 2) throw new Error('A binary message is shorter than its header length.');
  const bodyAt = 2 + frame.readUInt16BE(0);
  if (bodyAt > frame.length) throw new Error('The header length of a binary message is longer than the message.');
  return { ...headersOf(frame.toString('latin1', 2, bodyAt)), text: '', bytes: frame.subarray(bodyAt) };
}

export function writeText(path: string, requestId: string, body: string): string {
  return `X-RequestId:${requestId}\r\nContent-Type:application/json; charset=utf-8\r\nPath:${path}\r\n\r\n${body}`;
}

export function writeAudio(requestId: string, streamId: string, body: Buffer): Buffer {
  const header = `X-RequestId:${requestId}\r\nContent-Type:audio/x-wav\r\nX-StreamId:${streamId}\r\nPath:audio\r\n`;
  const frame = Buffer.allocUnsafe(2 + header.length + body.length);
  frame.writeUInt16BE(header.length, 0);
  frame.write(header, 2, 'latin1');
  body.copy(frame, 2 + header.length);
  return frame;
}

function headersOf(block: string): Omit<ClientMessage, 'text' | 'bytes'> {
  const headers = { path: '', requestId: '', timestamp: '', contentType: '', streamId: '' };
  for (const line of block.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const field = FIELDS[line.slice(0, colon).trim().toLowerCase()];
    if (field) headers[field] = line.slice(colon + 1).trim();
  }
  headers.path = headers.path.toLowerCase();
  return headers;
}

const FIELDS: Readonly<Record<string, 'path' | 'requestId' | 'timestamp' | 'contentType' | 'streamId'>> = {
  path: 'path',
  'x-requestid': 'requestId',
  'x-timestamp': 'timestamp',
  'content-type': 'contentType',
  'x-streamid': 'streamId',
};
