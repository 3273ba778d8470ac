import { CallError } from '../contracts/error.ts';
import { readSettings, type Settings } from '../contracts/settings.ts';

/** The settings the control plane reads; what only the media host needs may be absent here. */
const names = [
  'BASE_URL',
  'MEDIA_HOST_URL',
  'CALL_SECRET',
  'CONTROL_KEY',
  'LOG_LEVEL',
  'AZURE_CLIENT_ID',
  'ACS_CONNECTION_STRING',
  'ACS_ENDPOINT',
  'ACS_RESOURCE_ID',
  'ACS_ISSUER',
  'ACS_OPENID_CONFIG_URL',
  'ACS_CALLBACK_URL',
  'ACS_STREAMING_MODE',
  'ACS_AUDIO_CHANNEL',
  'ACS_SOURCE_NUMBER',
  'ACS_COGNITIVE_SERVICES_ENDPOINT',
  'COSMOS_ENDPOINT',
  'COSMOS_KEY',
  'COSMOS_DATABASE',
  'RECORD_TTL_DAYS',
  'SCENARIO',
  'NUMBER_SCENARIOS',
  'CALLER_MEMORY_HOURS',
  'INCOMING_POLICY',
  'ANSWERED_NUMBERS',
  'BLOCKED_CALLERS',
  'MAX_CALL_MINUTES',
  'IDLE_CALL_SECONDS',
  'HANDOFF_TARGETS',
  'HANDOFF_MODE',
  'HANDOFF_RING_SECONDS',
  'WEB_PUBSUB_CONNECTION_STRING',
  'WEB_PUBSUB_ENDPOINT',
  'EMAIL_CONNECTION_STRING',
  'EMAIL_ENDPOINT',
  'EMAIL_SENDER',
  'SUMMARY_EMAIL_TO',
  'SUMMARY_TRANSCRIPT',
  'OVERFLOW',
  'OVERFLOW_NUMBER',
  'AGENTS_DIR',
] as const;

export type ControlSettings = Pick<Settings, (typeof names)[number]> & { COSMOS_ENDPOINT: string };

/** @throws CallError SETTINGS_INVALID; a control plane that can neither answer nor record must not start. */
export function controlSettings(env: Readonly<Record<string, string | undefined>>): ControlSettings {
  const settings = readSettings(env, names);
  const problems: string[] = [];
  if (settings.COSMOS_ENDPOINT === undefined)
    problems.push('  COSMOS_ENDPOINT is missing: the functions keep the call record there');
  if (settings.ACS_CONNECTION_STRING === undefined && settings.ACS_ENDPOINT === undefined)
    problems.push('  ACS_CONNECTION_STRING or ACS_ENDPOINT is missing: without one no call can be answered');
  if (settings.OVERFLOW === 'redirect' && settings.OVERFLOW_NUMBER === undefined)
    problems.push('  OVERFLOW_NUMBER is missing: OVERFLOW is redirect, so say where callers go');
  if (sendsEmail(settings) && settings.EMAIL_SENDER === undefined)
    problems.push('  EMAIL_SENDER is missing: EMAIL_CONNECTION_STRING or EMAIL_ENDPOINT is given, so say who sends');
  if (!sendsEmail(settings) && settings.SUMMARY_EMAIL_TO.length > 0)
    problems.push('  EMAIL_CONNECTION_STRING or EMAIL_ENDPOINT is missing: SUMMARY_EMAIL_TO wants summaries sent');
  if (problems.length > 0) throw new CallError('SETTINGS_INVALID', { problems: problems.join('\n') });
  return settings as ControlSettings;
}

/** Whether there is a service to send e-mail through. */
export function sendsEmail(settings: Pick<Settings, 'EMAIL_CONNECTION_STRING' | 'EMAIL_ENDPOINT'>): boolean {
  return settings.EMAIL_CONNECTION_STRING !== undefined || settings.EMAIL_ENDPOINT !== undefined;
}
