/**
 * An instant in ticks of 100 ns since 1970, the service's resolution: dates are strings with seven fractional digits.
 * A number cannot hold that exactly for today's dates, so ticks are bigints inside.
 */
export const TICKS_PER_MS = 10_000n;

const ISO = /^(\d{4})-(\d\d)(?:-(\d\d))?(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7})\d*)?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** Reads ISO 8601; without a zone it is UTC. Undefined for anything else, a 31st of April included. */
export function parseInstant(text: unknown): bigint | undefined {
  const parts = typeof text === 'string' ? ISO.exec(text) : null;
  if (!parts) return undefined;
  const [, year, month, day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(ms) || new Date(ms).getUTCDate() !== Number(day)) return undefined;
  return BigInt(ms) * TICKS_PER_MS + BigInt(fraction.padEnd(7, '0')) - zoneTicks(zone);
}

function zoneTicks(zone: string): bigint {
  if (zone === 'Z') return 0n;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return BigInt(zone[0] === '-' ? -minutes : minutes) * 60_000n * TICKS_PER_MS;
}

/** `2026-11-20T09:30:00.1234567Z`, or undefined outside the years 1 to 9999. */
export function formatInstant(ticks: bigint): string | undefined {
  const ms = floorDivide(ticks, TICKS_PER_MS);
  const date = new Date(Number(ms));
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 1 || year > 9999) return undefined;
  const rest = String(ticks - ms * TICKS_PER_MS).padStart(4, '0');
  return `${date.toISOString().slice(0, -1)}${rest}Z`;
}

export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
