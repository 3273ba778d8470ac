/** What an agent said, and how much of it a caller has heard who speaks over it after some time. */
export interface Said {
  /** Changes of agent before. */
  stint: number;
  text: string;
  /** No part of the answer: words that ask for keys. */
  aside: boolean;
}

/** As voices of telephones speak. */
const msPerCharacter = 1000 / 15;

/** Those words of it that were over by then; a voice that is cut off leaves no half word. */
export function heardBefore(said: readonly Said[], ms: number): Said[] {
  let leftMs = ms;
  return said.map(part => {
    const words = part.text.split(/\s+/).filter(word => {
      leftMs -= (word.length + 1) * msPerCharacter;
      return leftMs >= 0;
    });
    return { ...part, text: words.join(' ') };
  });
}

export const wholeIn = (heard: readonly Said[], said: readonly Said[]): boolean =>
  heard.every(({ text }, at) => text === said[at]?.text.split(/\s+/).join(' '));
