/**
 * How keys stand among the caller's words for the model, and how they are taken out again for everybody else: digits may
 * be a secret, so no journal and no log has them.
 */
export const keysText = (keys: readonly string[]): string => `(keys pressed: ${keys.join(' ')})`;

export const withoutKeys = (text: string): string => text.replaceAll(/\s*\(keys pressed: [^)]*\)/g, '').trim();
