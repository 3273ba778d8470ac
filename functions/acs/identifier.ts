/**
 * How ACS names who is in a call, from a number (E.164) or a raw id ("8:acs:…"). The SDK would take any raw id as one of
 * an unknown kind, and the service then refuses to ring it.
 */
export type Reachable =
  | { phoneNumber: string }
  | { communicationUserId: string }
  | { microsoftTeamsUserId: string; rawId: string }
  | { teamsAppId: string };

/** Whom a call can be placed to, or undefined for a raw id of a kind that cannot be rung. */
export function reachable(address: string): Reachable | undefined {
  if (isTelephone(address)) return { phoneNumber: numberOf(address) };
  const [, prefix, id] = /^(8:orgid:|28:orgid:|8:[a-z]+:)(.+)$/.exec(address) ?? [];
  if (prefix === undefined || id === undefined) return undefined;
  if (prefix === '8:orgid:') return { microsoftTeamsUserId: id, rawId: address };
  if (prefix === '28:orgid:') return { teamsAppId: id };
  return { communicationUserId: address };
}

/** Anybody who can be in a call. */
export function identifierOf(address: string): Reachable | { id: string } {
  return reachable(address) ?? { id: address };
}

export function isTelephone(address: string): boolean {
  return /^(4:)?\+[1-9]\d{6,14}$/.test(address);
}

export const numberOf = (address: string): string => address.replace(/^4:/, '');

/** The raw id ACS gives this address in its events. */
export const rawIdOf = (address: string): string => (address.startsWith('+') ? `4:${address}` : address);
