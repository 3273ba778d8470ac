import { EventEmitter } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { WebSocket } from 'ws';
import { startSpeech } from '../emulators/speech/speech.ts';
import { frameBytes, marksPerSource, nowUs, readMark } from './frame-mark.ts';
import { recognitions } from './turns.ts';

/**
 * `node bench/stamped-speech.ts FILE`: the Speech stand-in, with the moment kept when each numbered frame has arrived. It
 * answers from a script by position of the sound instead of listening, so that it leaves the machine to what is
 * measured. At the end of stdin the moments (µs, by number; 0 for none) are written to FILE.
 */
const [file = ''] = process.argv.slice(2);
const arrivedUs = new Float64Array(4 * marksPerSource);

/** Each binary message is a header's length, a header and a body; the first body of a recognition is a RIFF header. */
function stamp(message: Buffer): void {
  const body = 2 + message.readUInt16BE(0);
  if (message.length === body || (message.length - body) % frameBytes !== 0) return;
  const now = nowUs();
  for (let at = body; at < message.length; at += frameBytes) {
    const mark = readMark(message, at);
    // A frame that is sent again, after a reconnect, had arrived before.
    if (arrivedUs[mark] === 0) arrivedUs[mark] = now;
  }
}

/** The stand-in does not know that it is measured: its sockets' messages pass here first. */
WebSocket.prototype.emit = function (this: WebSocket, event: string | symbol, ...details: unknown[]): boolean {
  const [message, isBinary] = details;
  if (event === 'message' && isBinary === true && message instanceof Buffer) stamp(message);
  return Reflect.apply(EventEmitter.prototype.emit, this, [event, ...details]) as boolean;
};

// The timeline without a name is for everybody who names none.
const speech = await startSpeech({ stt: { quota: 10_000, timelines: { '': recognitions() } } });
process.stdout.write(`${JSON.stringify({ ready: true, url: speech.url, host: speech.host, key: speech.key })}\n`);
process.stdin.resume().once('end', () => {
  void speech
    .close()
    .then(() => writeFile(file, arrivedUs))
    .then(() => process.exit(0));
});
