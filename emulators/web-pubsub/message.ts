/**
 * A message as subscribers get it: one JSON frame for the subprotocols, the bare content for simple clients. The frame is
 * written once for all receivers; only its number differs.
 */

export const dataTypes = ['json', 'text', 'binary', 'protobuf'] as const;
export type DataType = (typeof dataTypes)[number];

export interface Content {
  dataType: DataType;
  /** JSON text of the frame's `data`: binary is base64 in a string. */
  json: string;
  /** A text or a binary frame of a simple client. */
  raw: string | Buffer;
}

export type Sender = { from: 'server' } | { from: 'group'; group: string; fromUserId?: string | undefined };

export interface Message {
  dataType: DataType;
  /** Of the content. */
  bytes: number;
  frame: string;
  raw: string | Buffer;
  /** Wall clock, ms: later it is no longer delivered again. */
  expiresAt?: number;
}

/** @param expiresAt wall clock, ms. */
export function messageOf(sender: Sender, { dataType, json, raw }: Content, expiresAt?: number): Message {
  const head = JSON.stringify({ type: 'message', ...sender, dataType }).slice(0, -1);
  const bytes = Buffer.byteLength(raw);
  return { dataType, bytes, frame: `${head},"data":${json}}`, raw, ...(expiresAt !== undefined && { expiresAt }) };
}

/** The frame with its place in the sequence of one reliable connection. */
export function numbered({ frame }: Message, sequenceId: number): string {
  return `{"sequenceId":${sequenceId},${frame.slice(1)}`;
}

/** Content of a client's `sendToGroup`. @param data as in its frame. */
export function contentOfFrame(dataType: DataType, data: unknown): Content {
  const json = JSON.stringify(data);
  if (dataType === 'json') return { dataType, json, raw: json };
  const text = String(data);
  return { dataType, json, raw: dataType === 'text' ? text : Buffer.from(text, 'base64') };
}

/** Content of a REST request; undefined when the service takes no such type. @throws SyntaxError when JSON is none. */
export function contentOfBody(contentType: string, body: Buffer): Content | undefined {
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase();
  const text = body.toString('utf8');
  switch (mediaType) {
    case 'application/json':
      // Parsed for its errors only: the text goes on as it came.
      JSON.parse(text);
      return { dataType: 'json', json: text, raw: text };
    case 'text/plain':
      return { dataType: 'text', json: JSON.stringify(text), raw: text };
    case 'application/octet-stream':
      return { dataType: 'binary', json: JSON.stringify(body.toString('base64')), raw: body };
    default:
      return undefined;
  }
}
