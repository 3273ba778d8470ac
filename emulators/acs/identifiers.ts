/**
 * The communication identifier model on the wire. Requests of media operations carry no `kind`, so it is inferred from
 * the sub-object present (the real service does the same for SDK 1.6.0).
 */
export interface Identifier {
  kind: string;
  rawId: string;
  phoneNumber?: { value: string; isAnonymous?: boolean };
  communicationUser?: { id: string };
  [other: string]: unknown;
}

/** The identifier of a typed-in address: a number (`+1555...`, `anonymous`), a raw id (`4:+1555...`, `8:acs:...`) or anything else. */
export function identifierOf(address: string): Identifier {
  const number = address.startsWith('4:') ? address.slice(2) : address;
  if (number === 'anonymous') {
    return { kind: 'phoneNumber', rawId: '4:anonymous', phoneNumber: { value: 'anonymous', isAnonymous: true } };
  }
  if (/^\+?\d{3,20}$/.test(number))
    return { kind: 'phoneNumber', rawId: `4:${number}`, phoneNumber: { value: number } };
  if (address.startsWith('8:acs:')) {
    return { kind: 'communicationUser', rawId: address, communicationUser: { id: address } };
  }
  return { kind: 'unknown', rawId: address };
}

/**
 * Completes an identifier of a request.
 * @returns undefined when nothing in it names anyone.
 */
export function completeIdentifier(model: Record<string, unknown>): Identifier | undefined {
  const number = (model['phoneNumber'] as { value?: unknown } | undefined)?.value;
  if (typeof number === 'string' && number !== '') return identifierOf(number);
  const user = (model['communicationUser'] as { id?: unknown } | undefined)?.id;
  if (typeof user === 'string' && user !== '') return identifierOf(user);
  const rawId = model['rawId'];
  if (typeof rawId !== 'string' || rawId === '') return undefined;
  const kind = ['microsoftTeamsUser', 'microsoftTeamsApp', 'teamsExtensionUser'].find(name => model[name]);
  return kind ? { kind, rawId, [kind]: model[kind] } : identifierOf(rawId);
}

/** Whether a switch, registration or list that names `address` means `identifier`. */
export function isAddressOf(address: string, identifier: Identifier): boolean {
  return address === identifier.rawId || `4:${address}` === identifier.rawId;
}

/** The bare number of a PSTN identifier, as `sourceCallerIdNumber` and `answeredFor` carry it. */
export function numberOf(identifier: Identifier): string | undefined {
  return identifier.phoneNumber?.value;
}
