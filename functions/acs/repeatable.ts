import { createHash } from 'node:crypto';

/**
 * Lets an order that is sent twice have one effect. The SDK names each request at random; ours are named for what they
 * ask, so a second run of an activity says the same name and ACS gives its first answer again.
 */
export function repeatable(...about: readonly string[]): { customHeaders: Record<string, string> } {
  const hex = createHash('sha256').update(about.join('\n')).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return { customHeaders: { 'repeatability-request-id': id } };
}
