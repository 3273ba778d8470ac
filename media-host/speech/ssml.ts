/**
 * Builds the SSML of one utterance. Everything that comes from outside is escaped, so a model's text is only ever text:
 * it cannot change voice, insert audio or break the document.
 */
export interface SpokenUtterance {
  text: string;
  /** Name of a voice, such as en-US-JennyNeural. */
  voice: string;
  /** Such as +10%. */
  rate?: string | undefined;
  /** Locale, such as en-US. */
  language: string;
}

export function speechMarkup({ text, voice, rate, language }: SpokenUtterance): string {
  const words = escapeXml(text);
  const paced = rate === undefined ? words : `<prosody rate="${escapeXml(rate)}">${words}</prosody>`;
  return (
    `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${escapeXml(language)}">` +
    `<voice name="${escapeXml(voice)}">${paced}</voice></speak>`
  );
}

const names: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Escapes text for content and attributes alike, and drops what XML 1.0 cannot carry even escaped. */
export function escapeXml(text: string): string {
  return text.replace(notXml, '').replace(/[&<>"']/g, found => names[found] ?? '');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters XML forbids.
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;
