import pino, { type Logger } from 'pino';
import type { Settings } from '../contracts/settings.ts';

/** The media host's log: JSON lines on standard error, from whichever thread. */
export const openLog = (level: Settings['LOG_LEVEL']): Logger =>
  pino({ level, base: { service: 'media-host' } }, pino.destination(2));
