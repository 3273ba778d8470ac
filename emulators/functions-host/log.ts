/** Levels of the Functions log, lowest first. */
export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';

/** One log line; `functionName` and `invocationId` are absent outside an invocation. */
export interface LogEntry {
  level: LogLevel;
  category: 'host' | 'user' | 'system' | 'customMetric' | 'console';
  message: string;
  functionName?: string;
  invocationId?: string;
}

export type Log = (entry: LogEntry) => void;

/** Writes entries as JSON lines, so that app text can never be mistaken for the host's own output. */
export function jsonLines(write: (line: string) => void): Log {
  return entry => write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
}
