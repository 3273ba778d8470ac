/**
 * One frame out of several. A single voice is passed on untouched, which is nearly every frame of nearly every call.
 * @returns undefined when nobody makes a sound.
 */
export function mix(sounds: readonly (Buffer | undefined)[]): Buffer | undefined {
  let only: Buffer | undefined;
  let several = false;
  for (const sound of sounds) {
    if (!sound) continue;
    if (only) several = true;
    else only = sound;
  }
  if (!several || !only) return only;
  const sum = Buffer.allocUnsafe(only.length);
  for (let at = 0; at < sum.length; at += 2) {
    let sample = 0;
    for (const sound of sounds) if (sound) sample += sound.readInt16LE(at);
    sum.writeInt16LE(Math.max(-32_768, Math.min(32_767, sample)), at);
  }
  return sum;
}
