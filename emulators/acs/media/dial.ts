import { WebSocket } from 'ws';

export interface Dialled {
  isOpen: boolean;
  /** 101 when open; the HTTP status of a refusal; 0 when nothing answered. */
  status: number;
  error?: string;
}

/**
 * Dials the app's WebSocket as the service does. Never rejects.
 * @param closing cuts the socket, whatever its state.
 * @param onOpen sees the socket the moment it opens: an app may speak at once, and a promise would come too late to listen.
 */
export function dial(
  url: string,
  headers: Record<string, string>,
  timeoutMs: number,
  closing: AbortSignal,
  onOpen: (socket: WebSocket) => void,
): Promise<Dialled> {
  return new Promise(resolve => {
    if (closing.aborted) {
      resolve({ isOpen: false, status: 0, error: 'The stand-in is closing.' });
      return;
    }
    let socket: WebSocket;
    // ws knows closeTimeout, its types do not yet.
    const options = { headers, handshakeTimeout: timeoutMs, perMessageDeflate: false, closeTimeout: 2_000 };
    try {
      socket = new WebSocket(url, options);
    } catch (error) {
      return resolve({ isOpen: false, status: 0, error: (error as Error).message });
    }
    const cut = () => socket.terminate();
    closing.addEventListener('abort', cut, { once: true });
    socket.once('close', () => closing.removeEventListener('abort', cut));
    socket.once('open', () => {
      onOpen(socket);
      resolve({ isOpen: true, status: 101 });
    });
    socket.once('unexpected-response', (_request, response) => {
      resolve({
        isOpen: false,
        status: response.statusCode ?? 0,
        error: `The upgrade was answered ${response.statusCode}.`,
      });
      response.resume();
      socket.terminate();
    });
    socket.on('error', error => {
      resolve({ isOpen: false, status: 0, error: error.message });
      socket.terminate();
    });
  });
}
