import { WebSocket } from 'ws';

export interface Dialled {
  socket?: WebSocket;
  /** 101 when open; the HTTP status of a refusal; 0 when nothing answered. */
  status: number;
  error?: string;
}

/** Dials the app's WebSocket as the service does. Never rejects. @param closing cuts the socket, whatever its state. */
export function dial(
  url: string,
  headers: Record<string, string>,
  timeoutMs: number,
  closing: AbortSignal,
): Promise<Dialled> {
  return new Promise(resolve => {
    if (closing.aborted) {
      resolve({ status: 0, error: 'The stand-in is closing.' });
      return;
    }
    let socket: WebSocket;
    // ws knows closeTimeout, its types do not yet.
    const options = { headers, handshakeTimeout: timeoutMs, perMessageDeflate: false, closeTimeout: 2_000 };
    try {
      socket = new WebSocket(url, options);
    } catch (error) {
      return resolve({ status: 0, error: (error as Error).message });
    }
    const cut = () => socket.terminate();
    closing.addEventListener('abort', cut, { once: true });
    socket.once('close', () => closing.removeEventListener('abort', cut));
    socket.once('open', () => resolve({ socket, status: 101 }));
    socket.once('unexpected-response', (_request, response) => {
      resolve({ status: response.statusCode ?? 0, error: `The upgrade was answered ${response.statusCode}.` });
      response.resume();
      socket.terminate();
    });
    socket.on('error', error => {
      resolve({ status: 0, error: error.message });
      socket.terminate();
    });
  });
}
