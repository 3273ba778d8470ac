/** A phone that waits to be called: rings, is answered or declined, and is then a line like any other. */
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Identifier } from '../identifiers.ts';
import { PhoneLine } from './phone-line.ts';

export class AnsweringPhone {
  readonly identifier: Identifier;
  readonly line: PhoneLine;
  readonly id = randomUUID();
  #choose: ((answer: 'answer' | 'decline' | 'gone') => void) | undefined;
  #used = false;

  constructor(identifier: Identifier, socket: WebSocket) {
    this.identifier = identifier;
    this.line = new PhoneLine(identifier, socket);
    socket.on('close', () => this.#choose?.('gone'));
    socket.on('message', (data, isBinary) => {
      if (isBinary) return;
      const text = (data as Buffer).toString();
      const chosen = /"do"\s*:\s*"(answer|decline)"/.exec(text)?.[1];
      if (chosen) this.#choose?.(chosen as 'answer' | 'decline');
    });
  }

  get isFree(): boolean {
    return !this.#used && this.line.isOpen;
  }

  /** Rings until somebody chooses. A phone takes one call and is then spent. */
  ring(from: Identifier | undefined, correlationId: string): Promise<'answer' | 'decline' | 'gone'> {
    this.#used = true;
    const caller = from?.phoneNumber?.value ?? from?.rawId ?? 'anonymous';
    const self = this.identifier.phoneNumber?.value ?? this.identifier.rawId;
    return new Promise(resolve => {
      this.#choose = resolve;
      this.line.tell({ event: 'incoming', from: caller, to: self, correlationId });
    });
  }

  /** Nobody chose in time, or the caller gave up. */
  stopRinging(reason: 'no-answer' | 'rejected'): void {
    this.#choose = undefined;
    this.line.end({ event: 'failed', reason });
  }
}
