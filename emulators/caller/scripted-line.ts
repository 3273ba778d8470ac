/**
 * A phone line for the caller's own tests: the protocol of the ACS stand-in with a small agent behind it. Its clock runs six
 * times as fast as the wall's; callers live by the line's clock, so they do not notice.
 */
import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { closeServer, listenOnLoopback } from '../loopback.ts';
import { createEveryBandDecoder, encodeText } from '../tone/tone.ts';

export interface ScriptedCall {
  query: URLSearchParams;
  /** Commands that came, in order. */
  commands: { do: string; [field: string]: unknown }[];
  answer(): void;
  /** The agent speaks: queued, played on the line's clock. */
  say(text: string): void;
  pause(ms: number): void;
  /** The app's StopAudio. */
  stopAudio(): void;
  tell(event: object): void;
  end(by: 'caller' | 'app' | 'service'): void;
  /** Called with every word of the caller, and when the microphone falls idle. */
  onWord: (word: string) => void;
  onMicIdle: () => void;
  onMicStarted: () => void;
  /** Called with every 20 ms of the microphone in which there was something, and when they were played. */
  onMicFrame: (frame: Int16Array, atUs: number) => void;
  onCommand: (command: { do: string }) => void;
  /** Cuts the TCP connection. */
  cut(): void;
}

export interface ScriptedLine {
  url: string;
  calls: ScriptedCall[];
  close(): Promise<void>;
}

const FRAME = 320;
const TICK_MS = 3;

export async function startScriptedLine(script: (call: ScriptedCall) => void): Promise<ScriptedLine> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const calls: ScriptedCall[] = [];
  const clocks = new Set<NodeJS.Timeout>();
  sockets.on('connection', (socket, request) => {
    const { call, clock } = serve(socket, new URL(request.url ?? '/', 'http://line').searchParams);
    calls.push(call);
    clocks.add(clock);
    script(call);
  });
  const port = await listenOnLoopback(server, 0);
  return {
    url: `ws://127.0.0.1:${port}`,
    calls,
    async close() {
      for (const clock of clocks) clearInterval(clock);
      for (const socket of sockets.clients) socket.terminate();
      await closeServer(server);
    },
  };
}

function serve(socket: WebSocket, query: URLSearchParams): { call: ScriptedCall; clock: NodeJS.Timeout } {
  let atUs = Number(process.hrtime.bigint() / 1000n);
  let open = false;
  let index = 0;
  let agent: Int16Array = new Int16Array(0);
  let mic: (number | string)[] = [];
  let speaking = false;
  let stopped = false;
  const decoder = createEveryBandDecoder({ sampleRate: 16_000 });

  const call: ScriptedCall = {
    query,
    commands: [],
    onWord: () => undefined,
    onMicIdle: () => undefined,
    onMicStarted: () => undefined,
    onMicFrame: () => undefined,
    onCommand: () => undefined,
    tell: event => socket.send(JSON.stringify(event)),
    answer() {
      call.tell({ event: 'answered', callConnectionId: 'connection-1', atUs });
      call.tell({ event: 'media-open', atUs });
      open = true;
    },
    say(text) {
      agent = joined(agent, encodeText(text, { sampleRate: 16_000 }).pcm);
    },
    pause(ms) {
      agent = joined(agent, new Int16Array(ms * 16));
    },
    stopAudio() {
      call.tell({ event: 'stop-audio', atUs, discardedMs: Math.round(agent.length / 16) });
      agent = new Int16Array(0);
      stopped = true;
    },
    end(by) {
      open = false;
      call.tell({ event: 'ended', by, code: 0, subCode: 0 });
      socket.close(1000);
    },
    cut: () => socket.terminate(),
  };

  function tick(): void {
    atUs += 20_000;
    if (!open) return;
    const played = agent.length > 0;
    const message = Buffer.alloc(16 + FRAME * 2);
    message.writeUInt32LE(index, 0);
    message.writeUInt32LE(played ? 1 : 0, 4);
    message.writeDoubleLE(atUs, 8);
    for (let i = 0; i < Math.min(FRAME, agent.length); i += 1) message.writeInt16LE(agent[i]!, 16 + i * 2);
    agent = agent.subarray(FRAME);
    index += 1;
    socket.send(message);
    playMic();
  }

  function playMic(): void {
    const frame = new Int16Array(FRAME);
    let samples = 0;
    while (mic.length > 0 && (samples < FRAME || typeof mic[0] === 'string')) {
      const next = mic.shift()!;
      if (typeof next === 'string') {
        call.tell({ event: 'mark', name: next, atUs });
        continue;
      }
      if (!speaking) {
        speaking = true;
        call.tell({ event: 'mic-started', atUs });
        call.onMicStarted();
      }
      frame[samples] = next;
      samples += 1;
    }
    if (samples > 0) call.onMicFrame(frame, atUs);
    for (const word of decoder.push(frame)) call.onWord(word.text);
    if (samples > 0 || !speaking) return;
    speaking = false;
    call.tell({ event: 'mic-idle', atUs, framesAfterStop: stopped ? 3 : 0 });
    call.onMicIdle();
  }

  socket.on('message', (data, isBinary) => {
    const bytes = data as Buffer;
    if (isBinary) {
      for (let i = 0; i + 1 < bytes.length; i += 2) mic.push(bytes.readInt16LE(i));
      return;
    }
    const command = JSON.parse(bytes.toString()) as { do: string; name?: string };
    call.commands.push(command);
    call.onCommand(command);
    if (command.do === 'mark') mic.push(command.name ?? '');
    if (command.do === 'clear-mic') mic = [];
    if (command.do === 'answer') call.answer();
    if (command.do === 'hang-up') call.end('caller');
  });
  return { call, clock: setInterval(tick, TICK_MS) };
}

function joined(first: Int16Array, second: Int16Array): Int16Array {
  const whole = new Int16Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
