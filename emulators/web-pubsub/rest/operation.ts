/** The form of a REST operation: a method and a path below the hub, and what is done with them. */
import type { Connection } from '../connection.ts';
import type { Hub } from '../hub.ts';
import type { Service } from '../service.ts';
import { notFound } from './rest-error.ts';

export interface Asked {
  service: Service;
  hub: Hub;
  /** The parts of the path where the template has `{}`, in their order. */
  names: string[];
  query: URLSearchParams;
  contentType: string;
  body: Buffer;
  /** `http://host:port` as the caller wrote it. */
  origin: string;
}

export interface Reply {
  status: number;
  body?: object;
}

/** `METHOD /path/{}` to what it does; it may throw a RestError. */
export type Operations = Readonly<Record<string, (asked: Asked) => Reply>>;

export const done: Reply = { status: 200 };
export const accepted: Reply = { status: 202 };
export const emptied: Reply = { status: 204 };
/** The answer to a question whether something exists. */
export const exists = (it: unknown): Reply => ({ status: it ? 200 : 404 });

/** The `at`th name in the path. */
export function named({ names }: Asked, at: number): string {
  return names[at] ?? '';
}

/** The connection of this id. @throws RestError 404 */
export function connectionOf(asked: Asked, id: string): Connection {
  const connection = asked.hub.connections.get(id);
  if (!connection) throw notFound('connection');
  return connection;
}
