/** A message as mail programs open it (RFC 5322). Blind copies stay out, as they do on the way. */
import type { Message } from './message.ts';

const line = '\r\n';

/** @param at epoch milliseconds */
export function emlOf(message: Message, id: string, at: number): string {
  const { senderAddress, content, recipients, replyTo, headers, attachments } = message;
  const list = (people: Message['replyTo']) => people.map(addressOf).join(', ');
  const head = {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, encoded(value)])),
    From: senderAddress,
    To: list(recipients.to),
    Cc: list(recipients.cc),
    'Reply-To': list(replyTo),
    Subject: encoded(content.subject),
    Date: new Date(at).toUTCString().replace('GMT', '+0000'),
    'Message-ID': `<${id}@${senderAddress.split('@')[1]}>`,
    'MIME-Version': '1.0',
  };
  const lines = Object.entries(head).flatMap(([name, value]) => (value === '' ? [] : `${name}: ${value}`));
  const texts = [
    ...(content.plainText
      ? [part('text/plain; charset=utf-8', Buffer.from(content.plainText).toString('base64'))]
      : []),
    ...(content.html ? [part('text/html; charset=utf-8', Buffer.from(content.html).toString('base64'))] : []),
  ];
  const body = multipart('alternative', `${id}-text`, texts);
  if (attachments.length === 0) return [...lines, body].join(line);
  const files = attachments.map(({ name, contentType, contentInBase64 }) =>
    part(contentType, contentInBase64, [
      `Content-Disposition: attachment; filename="${name.replace(/["\r\n]/g, '_')}"`,
    ]),
  );
  return [...lines, multipart('mixed', `${id}-files`, [body, ...files])].join(line);
}

function multipart(kind: string, boundary: string, parts: readonly string[]): string {
  const inside = parts.flatMap(each => [`--${boundary}`, each]);
  return [`Content-Type: multipart/${kind}; boundary="${boundary}"`, '', ...inside, `--${boundary}--`, ''].join(line);
}

function part(type: string, base64: string, more: readonly string[] = []): string {
  const wrapped = base64.match(/.{1,76}/g) ?? [];
  return [`Content-Type: ${oneLine(type)}`, 'Content-Transfer-Encoding: base64', ...more, '', ...wrapped].join(line);
}

const addressOf = ({ address, displayName }: { address: string; displayName?: string | undefined }): string =>
  displayName ? `${encoded(displayName.replace(/[<>",]/g, ' '))} <${address}>` : address;

const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ');

function encoded(text: string): string {
  const flat = oneLine(text);
  if (/^[\x20-\x7e]*$/.test(flat)) return flat;
  // Words of at most 75 characters, and no character cut in two.
  const words = flat.match(/.{1,11}/gu) ?? [];
  return words.map(word => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join(`${line} `);
}
