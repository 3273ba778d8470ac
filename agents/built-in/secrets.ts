/**
 * What nobody should keep of a caller, by its name or by its looks. Not every secret can be told from other words: this
 * catches what a model that was told not to keep it keeps all the same.
 */
const secretWords =
  /(^|-)(pins?|password|passcode|passphrase|passwort|kennwort|contrasena|clave|secret|geheim\w*|cards?|karten?|tarjeta|carte|credit|debit|cvv|cvc|iban|account|konto\w*|cuenta|compte|ssn|social-security|tans?|otps?|tokens?|codes?|passport)(-|$)/;

export const secretName = (name: string): boolean => secretWords.test(name);

/** Numbers of cards and of accounts, by their check digits. One that begins with a plus is a telephone's. */
export function secretValue(value: string): boolean {
  const cards = value.replace(/(?<=\d)[ .-](?=\d)/g, '').match(/(?<![+\d])\d{13,19}(?!\d)/g) ?? [];
  const accounts = value.match(/(?<![\p{L}\d])[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]){11,30}(?![\p{L}\d])/giu) ?? [];
  return cards.some(luhn) || accounts.some(iban);
}

function iban(written: string): boolean {
  const close = written.replace(/[ -]/g, '').toUpperCase();
  const digits = [...`${close.slice(4)}${close.slice(0, 4)}`].map(sign => Number.parseInt(sign, 36)).join('');
  return BigInt(digits) % 97n === 1n;
}

function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const twice = at % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return sum % 10 === 0;
}
