/** "speak to, talk to": how the languages' lists are written. */
export const list = (text: string): readonly string[] =>
  text
    .split(',')
    .map(entry => entry.trim().replace(/\s+/g, ' '))
    .filter(entry => entry !== '');
