/** What the service takes for a message, and how it refuses another. */
import { z } from 'zod';

const address = z.string().regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, 'is no e-mail address');
const recipients = z
  .array(z.object({ address, displayName: z.string().optional() }))
  .nullish()
  .transform(list => list ?? []);

export const message = z.object({
  senderAddress: address,
  content: z
    .object({ subject: z.string().min(1), plainText: z.string().nullish(), html: z.string().nullish() })
    .refine(content => Boolean(content.plainText || content.html), 'needs plainText or html'),
  recipients: z
    .object({ to: recipients, cc: recipients, bcc: recipients })
    .refine(({ to, cc, bcc }) => to.length + cc.length + bcc.length > 0, 'names nobody')
    .refine(({ to, cc, bcc }) => to.length + cc.length + bcc.length <= 50, 'names more than 50'),
  replyTo: recipients,
  headers: z
    .record(z.string().regex(/^[\w-]+$/), z.string())
    .nullish()
    .transform(given => given ?? {}),
  attachments: z
    .array(z.object({ name: z.string().min(1), contentType: z.string().min(1), contentInBase64: z.base64() }))
    .nullish()
    .transform(list => list ?? []),
});
export type Message = z.output<typeof message>;

/** All who are to get it, once each. */
export function recipientsOf({ recipients: { to, cc, bcc } }: Message): string[] {
  return [...new Set([...to, ...cc, ...bcc].map(each => each.address))];
}

/** The service's way to say no. */
export class EmailError extends Error {
  override name = 'EmailError';
  readonly status: number;
  readonly code: string;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: string, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}
