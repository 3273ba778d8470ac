/** The id under which ACS tells of a telephone: what the hash of a caller was made of. */
export const rawIdOfTelephone = (number: string): string => `4:${number}`;
