/**
 * Azure Communication Services e-mail on a laptop. The real `@azure/communication-email` sends through it unchanged;
 * what it sends lands as .eml files in a folder.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { closeServer, listenOnLoopback, refuseProduction } from '../loopback.ts';
import { serveAdmin } from './admin.ts';
import { createDeliveryReports } from './delivery-reports.ts';
import { createFaults, type FaultChanges } from './faults.ts';
import { type FrontDoorParts, reply, serveRest } from './front-door.ts';
import { EmailError, message } from './message.ts';
import { createOutbox, type SentMessage } from './outbox.ts';
import { createPostOffice } from './post-office.ts';

/** The access key unless told otherwise: well known, worthless. */
export const emailDevKey = Buffer.from('switchboard-email-stand-in-development-key').toString('base64');

/** The sender whose domain is linked unless told otherwise. */
export const emailDevSender = 'DoNotReply@switchboard.example';

export interface EmailOptions {
  /** @default 0, the system chooses */
  port?: number;
  /** base64. @default emailDevKey */
  accessKey?: string;
  /** Entra tokens it accepts beside the key. */
  bearers?: readonly string[];
  /** Folder of the .eml files. @default none, memory alone */
  dir?: string;
  /** Domains that may send. @default that of emailDevSender */
  domains?: readonly string[];
  /** From taken to sent, ms. @default 20 */
  takesMs?: number;
  /** @default 1 */
  retryAfterSeconds?: number;
  faults?: FaultChanges;
  log?: (line: string) => void;
}

export interface EmailCounters {
  sends: number;
  polls: number;
  /** Messages that came again under a known operation-id. */
  repeated: number;
  refused: Record<number, number>;
  /** Delivery reports that the webhook has taken. */
  reports: number;
}

export interface EmailControl {
  /** What was sent, oldest first. */
  sent(): readonly SentMessage[];
  setFaults(faults: FaultChanges): void;
  faults(): unknown;
  counters(): EmailCounters;
  /** Delivery reports go there from now on. */
  subscribe(url: string): Promise<void>;
  reset(): void;
}

export interface Email extends EmailControl {
  url: string;
  port: number;
  accessKey: string;
  connectionString: string;
  /** An address it lets send. */
  sender: string;
  close(): Promise<void>;
}

const mostBytes = 10 * 1024 * 1024;

/** Starts the stand-in on 127.0.0.1. */
export async function startEmail(options: EmailOptions = {}): Promise<Email> {
  refuseProduction('e-mail');
  const { accessKey = emailDevKey, bearers = [], takesMs = 20, retryAfterSeconds = 1 } = options;
  const { domains = [domainOf(emailDevSender)], log = () => undefined } = options;
  const faults = createFaults();
  faults.set(options.faults ?? {});
  const outbox = createOutbox(options.dir);
  const reports = createDeliveryReports(log);
  const post = createPostOffice({ faults, outbox, takesMs, domains, parse, report: reports.tell });
  const counters: FrontDoorParts['counters'] = { sends: 0, polls: 0, refused: {} };
  const control: EmailControl = {
    sent: outbox.all,
    setFaults: faults.set,
    faults: faults.current,
    counters: () => ({ ...counters, repeated: post.repeated, reports: reports.delivered }),
    subscribe: reports.subscribe,
    reset() {
      outbox.clear();
      post.reset();
      faults.clear();
      Object.assign(counters, { sends: 0, polls: 0, refused: {} });
    },
  };
  let url = '';
  const door = { accessKey, bearers, faults, post, retryAfterSeconds, counters, url: () => url };
  const server = createServer({ noDelay: true }, (request, response) => {
    const serving = async () => {
      const body = await bodyOf(request);
      if (!body) return reply(response, 413, { error: { code: 'RequestEntityTooLarge', message: 'Too large.' } });
      if (request.url?.startsWith('/emulator/')) await serveAdmin(control, request, response, body);
      else await serveRest(door, request, response, body);
    };
    serving().catch((error: unknown) => {
      log(`a request failed: ${(error as Error).stack}`);
      response.destroy();
    });
  });
  const port = await listenOnLoopback(server, options.port ?? 0);
  url = `http://127.0.0.1:${port}`;
  return {
    ...control,
    url,
    port,
    accessKey,
    connectionString: `endpoint=${url}/;accesskey=${accessKey}`,
    sender: `DoNotReply@${domains[0]}`,
    async close() {
      reports.close();
      await closeServer(server);
    },
  };
}

const domainOf = (address: string): string => address.split('@')[1] ?? '';

function parse(body: unknown) {
  const result = message.safeParse(body);
  if (result.success) return result.data;
  throw new EmailError(400, 'BadRequest', z.prettifyError(result.error));
}

/** Undefined where it is longer than a message may be; the rest is read and let go, so that the answer arrives. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= mostBytes) parts.push(part);
  }
  return bytes > mostBytes ? undefined : Buffer.concat(parts);
}
