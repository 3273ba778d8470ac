import type { EmailClient, EmailMessage } from '@azure/communication-email';
import { CallError } from '../../contracts/error.ts';
import { azureIdentity } from '../identity.ts';
import { isLoopback } from '../loopback.ts';
import { errorClasses, errorClassOf, retryAfterMs } from '../resilience/error-classes.ts';
import type { ControlSettings } from '../settings.ts';

/**
 * The e-mail service, asked one question at a time: sending takes the service minutes, and whoever waits does so with a
 * durable timer. A message keeps its operation id, by which the service knows one that comes again.
 */
export interface EmailService {
  /** @throws CallError EMAIL_UNAVAILABLE where asking again can help */
  send(message: Message, operationId: string): Promise<Posted>;
  /** How a message fares that is under way. @throws as above */
  look(resume: string): Promise<Posted>;
}

export interface Message {
  to: readonly string[];
  subject: string;
  text: string;
  html: string;
}

export type Posted =
  /** `resume` finds it again; `afterMs`: when the service wants to be asked. */
  | { state: 'under-way'; resume: string; afterMs: number }
  | { state: 'sent' }
  /** `code`: of the service. */
  | { state: 'failed'; code: string };

export type EmailSettings = Pick<
  ControlSettings,
  'EMAIL_CONNECTION_STRING' | 'EMAIL_ENDPOINT' | 'EMAIL_SENDER' | 'AZURE_CLIENT_ID'
>;

/** One request: whoever sends again is the orchestration, after as long as it deserves. */
const requestMs = 10_000;
const usualPauseMs = 5_000;

export function emailService(settings: EmailSettings): EmailService {
  let connecting: Promise<EmailClient> | undefined;

  async function asked(operation: string, message: EmailMessage, options: object): Promise<Posted> {
    const last: { state?: string; code?: string; afterMs?: number } = {};
    const onResponse = (raw: { parsedBody?: unknown; headers: { get(name: string): string | undefined } }) => {
      const { status, error } = (raw.parsedBody ?? {}) as { status?: string; error?: { code?: string } | null };
      const afterMs = retryAfterMs({ headers: { 'retry-after': raw.headers.get('retry-after') } }, Date.now());
      Object.assign(last, { state: status, code: error?.code, afterMs });
    };
    try {
      connecting ??= connect(settings);
      const client = await connecting;
      const abortSignal = AbortSignal.timeout(requestMs);
      // It sends where there is nothing to resume, and then asks once how the message fares.
      const poller = await client.beginSend(message, { ...options, abortSignal, onResponse });
      if (poller.isDone()) return { state: 'sent' };
      return { state: 'under-way', resume: poller.toString(), afterMs: last.afterMs ?? usualPauseMs };
    } catch (error) {
      // What ends badly is thrown too, as an error that tells nothing but a sentence.
      if (last.state === 'Failed' || last.state === 'Canceled')
        return { state: 'failed', code: last.code ?? last.state };
      return refusalOf(operation, error);
    }
  }

  return {
    send: ({ to, subject, text, html }, operationId) =>
      asked(
        'send',
        {
          senderAddress: settings.EMAIL_SENDER ?? '',
          content: { subject, plainText: text, html },
          recipients: { to: to.map(address => ({ address })) },
          disableUserEngagementTracking: true,
        },
        { operationId },
      ),
    look: resume => asked('look', nothing, { resumeFrom: resume }),
  };
}

/** Asked for by the SDK where it is not looked at. */
const nothing: EmailMessage = { senderAddress: '', content: { subject: '', plainText: '' }, recipients: { to: [] } };

function refusalOf(operation: string, error: unknown): Posted {
  const { statusCode, code } = error as { statusCode?: number; code?: unknown };
  const { retry, remedy } = errorClasses[errorClassOf(error)];
  if (retry === 'never' && statusCode === undefined) throw error;
  if (retry === 'never') return { state: 'failed', code: `${statusCode}/${String(code ?? '')}` };
  const details = { operation, status: statusCode ?? 'no answer', remedy };
  throw new CallError('EMAIL_UNAVAILABLE', details, { cause: error });
}

/** The library is loaded with the first message and not at start. */
async function connect(settings: EmailSettings): Promise<EmailClient> {
  const { EmailClient } = await import('@azure/communication-email');
  const { EMAIL_CONNECTION_STRING: connectionString, EMAIL_ENDPOINT: endpoint = '' } = settings;
  const retryOptions = { maxRetries: 0 };
  if (connectionString === undefined)
    return new EmailClient(endpoint, azureIdentity(settings.AZURE_CLIENT_ID), { retryOptions });
  const address = /endpoint=([^;]+)/i.exec(connectionString)?.[1] ?? '';
  const allowInsecureConnection = URL.canParse(address) && address.startsWith('http:') && isLoopback(address);
  return new EmailClient(connectionString, { retryOptions, allowInsecureConnection });
}
