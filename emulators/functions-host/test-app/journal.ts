import { appendFileSync } from 'node:fs';

/** Notes what really ran; the tests read the file named by SAMPLE_JOURNAL. */
export function note(what: string): void {
  const file = process.env['SAMPLE_JOURNAL'];
  if (file) appendFileSync(file, `${JSON.stringify({ what })}\n`);
}
