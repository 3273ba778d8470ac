import { writeFile } from 'node:fs/promises';
import { WebSocket } from 'ws';
import { startAcs } from '../emulators/acs/acs.ts';
import { markedCharacters, marksPerSource, nowUs, writeMark } from './frame-mark.ts';

/**
 * `node bench/stamped-acs.ts FILE FROM`: the ACS stand-in, with every frame of a caller numbered, from FROM on, and its
 * moment kept as it goes out on the media socket. At the end of stdin the moments (µs, by number; negative for silence)
 * are written to FILE.
 */
const [file = '', from = '0'] = process.argv.slice(2);
const marksFrom = Number(from);
const sentUs = new Float64Array(marksPerSource);
const audio = '{"kind":"AudioData"';
const silence = '"silent":true}}';
const key = '"data":"';
let frames = 0;

/** The stand-in does not know that it is measured: its sockets' last step is ours. */
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (this: WebSocket, ...parts: unknown[]) {
  const [text] = parts;
  if (typeof text === 'string' && text.startsWith(audio) && frames < marksPerSource) {
    parts[0] = marked(text, marksFrom + frames);
    sentUs[frames++] = text.endsWith(silence) ? -nowUs() : nowUs();
  }
  Reflect.apply(send, this, parts);
} as typeof send;

function marked(text: string, mark: number): string {
  const from = text.indexOf(key, audio.length) + key.length;
  const samples = Buffer.from(text.slice(from, from + markedCharacters), 'base64');
  writeMark(samples, 0, mark);
  return text.slice(0, from) + samples.toString('base64') + text.slice(from + markedCharacters);
}

// Recordings would be measured as memory.
const acs = await startAcs({ faults: { recordMs: 0 } });
const { url, connectionString, audience, openIdConfigUrl, issuer } = acs;
process.stdout.write(
  `${JSON.stringify({ ready: true, acs: { url, connectionString, audience, openIdConfigUrl, issuer } })}\n`,
);
process.stdin.resume().once('end', () => {
  void acs
    .close()
    .then(() => writeFile(file, sentUs.subarray(0, frames)))
    .then(() => process.exit(0));
});
