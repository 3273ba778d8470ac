/** A frame of the caller's sound as ACS sends it. */
export function soundMessage(pcm: Int16Array, speaker = '4:+15550100'): Buffer {
  const data = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
  return Buffer.from(
    `{"kind":"AudioData","audioData":{"timestamp":"2026-11-20T12:00:00.000Z","participantRawID":"${speaker}",` +
      `"data":"${data}","silent":false}}`,
    'latin1',
  );
}

export const stillMessage = soundMessage(new Int16Array(320));
