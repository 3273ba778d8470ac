import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { Connection } from './connection.ts';
import { type Message, messageOf } from './message.ts';
import { permissionsOf } from './permissions.ts';

const facts = { hub: 'control', userId: undefined, protocol: 'reliable' as const, permissions: permissionsOf([]) };
const message = (data: string, expiresAt?: number): Message =>
  messageOf({ from: 'server' }, { dataType: 'text', json: JSON.stringify(data), raw: data }, expiresAt);

test('room comes back with each acknowledgement, by count and by bytes', () => {
  const byCount = new Connection(facts, { messages: 2, bytes: 1e6 });
  const byBytes = new Connection(facts, { messages: 100, bytes: 2 * message('1').frame.length + 60 });
  for (const connection of [byCount, byBytes]) {
    for (let sequenceId = 1; sequenceId <= 50; sequenceId++) {
      expect(connection.deliver(message('1'))).toBe(true);
      if (sequenceId > 1) connection.acknowledge(sequenceId - 1);
    }
    expect(connection.unacknowledged).toBe(1);
    expect([connection.deliver(message('2')), connection.deliver(message('3'))]).toEqual([true, false]);
  }
});

test('a message whose time is over is not delivered again, and its number is not given to another', () => {
  const connection = new Connection(facts, { messages: 10, bytes: 1e6 });
  const heard: { sequenceId?: number; data?: string }[] = [];
  const socket = { readyState: 1, OPEN: 1, send: (text: string) => void heard.push(JSON.parse(text)) };
  connection.deliver(message('for ever'));
  connection.deliver(message('until 2000', 2000));
  connection.deliver(message('until 3000', 3000));
  expect(connection.attach(socket as unknown as WebSocket, 2000)).toBe(2);
  connection.deliver(message('new'));
  expect(heard.slice(1).map(({ sequenceId, data }) => [sequenceId, data])).toEqual([
    [1, 'for ever'],
    [3, 'until 3000'],
    [4, 'new'],
  ]);
});
