/**
 * What an agent says of itself over what its scenario says for all: key by key, sections within sections. A list is a value
 * and stands whole. Both are as they were written, so that what a file leaves open is still open here.
 */
export function inherit(defaults: Raw, own: Raw): Raw {
  const merged: Record<string, unknown> = { ...defaults, ...own };
  for (const [key, value] of Object.entries(own)) {
    const inherited = defaults[key];
    if (isSection(inherited) && isSection(value)) merged[key] = inherit(inherited, value);
  }
  return merged;
}

/** A section of a YAML page. */
export type Raw = Readonly<Record<string, unknown>>;

function isSection(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
