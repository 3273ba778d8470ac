import { type SettingName, settingsTable } from '../contracts/settings.ts';
import type { Values } from './settings-file.ts';

/** Decides from the settings what runs here and what is elsewhere. Pure: the same settings, the same plan. */
export const standIns = ['acs', 'speech', 'chat', 'cosmos', 'web-pubsub', 'email'] as const;
export type StandIn = (typeof standIns)[number];

/** Groups of settings that stand for a service, and the stand-in that takes its place. */
const groups: Readonly<Record<StandIn, string>> = {
  acs: 'acs',
  speech: 'speech',
  chat: 'model',
  cosmos: 'cosmos',
  'web-pubsub': 'pubsub',
  email: 'email',
};

/** The stand-ins to start: those whose service no setting points at. */
export function standInsFor(values: Values): StandIn[] {
  return standIns.filter(name => pointerTo(name, values) === undefined);
}

/** The setting that says where the service is, when one is given. */
export function pointerTo(standIn: StandIn, values: Values): SettingName | undefined {
  return (Object.keys(settingsTable) as SettingName[]).find(
    name => settingsTable[name].group === groups[standIn] && settingsTable[name].points && values[name],
  );
}

/** What the stand-ins said of themselves when they were ready. */
export interface StandInsReady {
  acs?: {
    url: string;
    connectionString: string;
    /** The resource's immutable id, for whom its tokens are made. */
    audience: string;
    openIdConfigUrl: string;
    issuer: string;
  };
  speech?: { url: string; host: string; key: string };
  chat?: { url: string; key: string };
  cosmos?: { url: string; key: string };
  'web-pubsub'?: { url: string; connectionString: string };
  /** `dir`: where the messages land as .eml. */
  email?: { url: string; connectionString: string; sender: string; dir: string };
}

/** The settings that make the real clients talk to the stand-ins. */
export function settingsOf({ acs, speech, chat, cosmos, 'web-pubsub': pubsub, email }: StandInsReady): Values {
  return {
    ...(acs && {
      ACS_CONNECTION_STRING: acs.connectionString,
      ACS_RESOURCE_ID: acs.audience,
      ACS_OPENID_CONFIG_URL: acs.openIdConfigUrl,
      ACS_ISSUER: acs.issuer,
      // Its prompts need a service to be linked; it asks it nothing.
      ACS_COGNITIVE_SERVICES_ENDPOINT: acs.url,
    }),
    ...(speech && { SPEECH_ENDPOINT: speech.host, SPEECH_KEY: speech.key }),
    ...(chat && { AZURE_OPENAI_ENDPOINT: chat.url, AZURE_OPENAI_API_KEY: chat.key }),
    ...(cosmos && { COSMOS_ENDPOINT: cosmos.url, COSMOS_KEY: cosmos.key }),
    ...(pubsub && { WEB_PUBSUB_CONNECTION_STRING: pubsub.connectionString }),
    ...(email && { EMAIL_CONNECTION_STRING: email.connectionString, EMAIL_SENDER: email.sender }),
  };
}

/**
 * A carrier that is elsewhere must be able to reach this machine.
 * @returns what is missing, or undefined when all is there
 */
export function unreachable(values: Values): string | undefined {
  const pointer = pointerTo('acs', values);
  if (!pointer || isLoopback(values[pointer] ?? '')) return undefined;
  const missing = (['BASE_URL', 'MEDIA_HOST_PUBLIC_URL'] as const).filter(name => !values[name]);
  if (missing.length === 0) return undefined;
  return `${pointer} is given, so calls come from Azure and must reach this machine: set ${missing.join(' and ')} to the public https:// and wss:// addresses of a tunnel to the functions and the media host.`;
}

function isLoopback(endpoint: string): boolean {
  return /\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|;|$)/.test(endpoint);
}
