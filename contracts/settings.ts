import { z } from 'zod';
import { CallError } from './error.ts';
import { handoffMode, personAddress } from './handoff.ts';
import { streamingMode } from './media.ts';
import { nearest } from './nearest.ts';

/**
 * Every setting of both programs in one table: what it is for, what it is when nobody says, and whether it is a secret.
 * local.settings.example.json and the README's table are written from it.
 */
interface Setting<T extends z.ZodType> {
  /** The service this setting points at; `npm start` leaves a service out whose `points` setting is given. */
  group: 'programs' | 'acs' | 'speech' | 'model' | 'cosmos' | 'pubsub' | 'email' | 'call' | 'identity';
  about: string;
  schema: T;
  secret?: true;
  /** This setting given means: the service is elsewhere, start no stand-in for it. */
  points?: true;
}

const text = z.string().trim().min(1);
const optionalText = text.optional();
const url = z.url({ protocol: /^(https?|wss?)$/, error: 'must be an http(s) or ws(s) address' });
const whole = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};
const list = z
  .string()
  .default('')
  .transform(value =>
    value
      .split(',')
      .map(item => item.trim())
      .filter(item => item !== ''),
  );

const mailAddress = z
  .string()
  .trim()
  .regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$/, 'must be an address such as ann@example.com');

const setting = <T extends z.ZodType>(
  group: Setting<T>['group'],
  about: string,
  schema: T,
  marks: { secret?: true; points?: true } = {},
): Setting<T> => ({
  group,
  about,
  schema,
  ...marks,
});

export const settingsTable = {
  BASE_URL: setting(
    'programs',
    'Public address of the functions, as ACS and Event Grid see it (https in production)',
    url,
  ),
  MEDIA_HOST_URL: setting('programs', 'Address of the media host, as the functions see it', url),
  MEDIA_HOST_PUBLIC_URL: setting(
    'programs',
    'Address of the media host, as ACS sees it (wss in production); absent: the address it listens on',
    url.optional(),
  ),
  HOST: setting('programs', 'Address the media host listens on', text.default('127.0.0.1')),
  PORT: setting('programs', 'Port the media host listens on; 0 takes any free one', whole(0, 65535).default(49412)),
  CALL_SECRET: setting(
    'programs',
    'Key of the per-call secrets in callback and media addresses; the same in both programs, at least 16 characters',
    z.string().min(16),
    { secret: true },
  ),
  CONTROL_KEY: setting(
    'programs',
    'Key the two programs show each other where there is no Entra identity',
    z.string().min(16),
    { secret: true },
  ),
  LOG_LEVEL: setting(
    'programs',
    'trace, debug, info, warn, error or silent',
    z
      .string()
      .toLowerCase()
      .pipe(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']))
      .default('info'),
  ),
  AZURE_CLIENT_ID: setting(
    'identity',
    'Client id of the user-assigned managed identity; used wherever a key is not given',
    optionalText,
  ),

  ACS_CONNECTION_STRING: setting('acs', 'endpoint=…;accesskey=… of the Communication Services resource', optionalText, {
    secret: true,
    points: true,
  }),
  ACS_ENDPOINT: setting(
    'acs',
    'Endpoint of the resource when managed identity is used instead of a connection string',
    url.optional(),
    { points: true },
  ),
  ACS_RESOURCE_ID: setting('acs', 'Immutable resource id (GUID): the audience of ACS tokens', text),
  ACS_ISSUER: setting('acs', 'Issuer of ACS tokens', text.default('https://acscallautomation.communication.azure.com')),
  ACS_OPENID_CONFIG_URL: setting(
    'acs',
    'OpenID document that names the keys of ACS tokens',
    url.default('https://acscallautomation.communication.azure.com/calling/.well-known/acsopenidconfiguration'),
  ),
  ACS_CALLBACK_URL: setting('acs', 'Where ACS posts events, when it is not BASE_URL + /api/v1/calls', url.optional()),
  ACS_STREAMING_MODE: setting('acs', 'media (speech, model, speech) or voice_live', streamingMode.default('media')),
  ACS_AUDIO_CHANNEL: setting(
    'acs',
    'unmixed keeps speakers apart; mixed joins them',
    z.enum(['unmixed', 'mixed']).default('unmixed'),
  ),
  ACS_SOURCE_NUMBER: setting(
    'acs',
    'Our number (E.164) that people see whom we call or add, where a request names none',
    z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, 'must be a number like +15550100')
      .optional(),
  ),
  ACS_COGNITIVE_SERVICES_ENDPOINT: setting(
    'acs',
    'Endpoint of the Azure AI resource linked to the Communication Services resource; without it ACS itself can speak no text and recognise no speech',
    url.optional(),
  ),

  SPEECH_ENDPOINT: setting(
    'speech',
    'ws(s)://host of the Speech service; SPEECH_REGION is enough on Azure',
    url.optional(),
    { points: true },
  ),
  SPEECH_REGION: setting('speech', 'Region of the Speech resource', optionalText, { points: true }),
  SPEECH_KEY: setting('speech', 'Key of the Speech resource', optionalText, { secret: true }),
  SPEECH_RESOURCE_ID: setting(
    'speech',
    'Resource id of the Speech resource, for managed identity instead of a key',
    optionalText,
  ),
  SPEECH_SEGMENTATION_MS: setting(
    'speech',
    'Silence after which speech recognition ends a phrase',
    whole(100, 5000).default(500),
  ),
  SPEECH_FALLBACK_ENDPOINT: setting(
    'speech',
    'ws(s)://host of a second Speech service, used while the first one fails; absent: none',
    url.optional(),
  ),
  SPEECH_FALLBACK_REGION: setting('speech', 'Region of the second Speech resource', optionalText),
  SPEECH_FALLBACK_KEY: setting('speech', 'Key of the second Speech resource; absent: managed identity', optionalText, {
    secret: true,
  }),
  SPEECH_FALLBACK_RESOURCE_ID: setting(
    'speech',
    'Resource id of the second Speech resource, for managed identity instead of a key',
    optionalText,
  ),
  SPEECH_POOL_SPARES: setting(
    'speech',
    'Connected recognisers (of each language) and synthesisers that wait for a call',
    whole(0, 100).default(2),
  ),
  SPEECH_POOL_MOST: setting(
    'speech',
    'Recognisers (of each language), and synthesisers, in use at once',
    whole(1, 10_000).default(200),
  ),
  STT_PROCESSING_TIMEOUT: setting(
    'speech',
    'Seconds speech recognition may owe the end of what it has begun to hear, before it is replaced',
    whole(1, 300).default(30),
  ),

  AZURE_OPENAI_ENDPOINT: setting('model', 'Endpoint of the Azure OpenAI resource', url.optional(), { points: true }),
  AZURE_OPENAI_API_KEY: setting('model', 'Its key; absent: managed identity', optionalText, { secret: true }),
  LLM_MODEL: setting('model', 'Deployment that answers where an agent names none', text.default('gpt-5.4-mini')),
  LLM_FALLBACK_MODEL: setting('model', 'Deployment that is asked where the first fails; absent: none', optionalText),
  LLM_API: setting(
    'model',
    'responses, or chat: chat completions, for compatible endpoints that have nothing else',
    z.enum(['responses', 'chat']).default('responses'),
  ),
  LLM_PRICES: setting(
    'model',
    'Comma-separated deployment=input/cached/output: US dollars for a million tokens; what is not named costs nothing in the record',
    list.pipe(
      z.array(z.string().regex(/^[^=]+=\d+(\.\d+)?(\/\d+(\.\d+)?){2}$/, 'must be deployment=in/cached/out')).max(50),
    ),
  ),
  AZURE_COGNITIVE_SERVICES_SCOPE: setting(
    'identity',
    'Token audience of Speech and Azure OpenAI',
    text.default('https://cognitiveservices.azure.com/.default'),
  ),

  WEB_PUBSUB_CONNECTION_STRING: setting(
    'pubsub',
    'Endpoint=…;AccessKey=… of the Web PubSub resource that carries messages about live calls; absent with WEB_PUBSUB_ENDPOINT: none',
    optionalText,
    { secret: true, points: true },
  ),
  WEB_PUBSUB_ENDPOINT: setting(
    'pubsub',
    'Endpoint of the Web PubSub resource when managed identity is used instead of a connection string',
    url.optional(),
    { points: true },
  ),

  EMAIL_CONNECTION_STRING: setting(
    'email',
    'endpoint=…;accesskey=… of the Communication Services resource that sends e-mail; absent with EMAIL_ENDPOINT: none is sent',
    optionalText,
    { secret: true, points: true },
  ),
  EMAIL_ENDPOINT: setting(
    'email',
    'Endpoint of that resource when managed identity is used instead of a connection string',
    url.optional(),
    { points: true },
  ),
  EMAIL_SENDER: setting(
    'email',
    'Address that e-mails come from, of a domain that is linked to the resource',
    mailAddress.optional(),
  ),
  SUMMARY_EMAIL_TO: setting(
    'email',
    'Comma-separated addresses of operators who get the summary of every answered call; empty: nobody but callers who ask',
    list.pipe(z.array(mailAddress).max(20)),
  ),
  SUMMARY_TRANSCRIPT: setting(
    'email',
    'true puts the words of the call into the summary of operators; callers are never sent them',
    z.enum(['true', 'false']).default('false'),
  ),

  COSMOS_ENDPOINT: setting('cosmos', 'Endpoint of the Cosmos DB account', url.optional(), { points: true }),
  COSMOS_KEY: setting('cosmos', 'Its key; absent: managed identity', optionalText, { secret: true }),
  COSMOS_DATABASE: setting(
    'cosmos',
    'Database with the containers calls, transcripts, sessions and business',
    text.default('voice'),
  ),
  RECORD_TTL_DAYS: setting('cosmos', 'Days a call record is kept', whole(1, 3650).default(400)),
  TRANSCRIPT_TTL_DAYS: setting('cosmos', 'Days the words of a call are kept', whole(1, 3650).default(90)),
  SPOOL_DIR: setting(
    'cosmos',
    'Folder where the journal waits while Cosmos DB is away',
    text.default('.switchboard/spool'),
  ),

  SCENARIO: setting(
    'call',
    'Scenario that answers: a file in scenarios/, or an agent that answers alone',
    text.default('support'),
  ),
  NUMBER_SCENARIOS: setting(
    'call',
    'Comma-separated number=scenario of our numbers that another scenario answers',
    list.pipe(z.array(z.string().regex(/^[^=]+=[a-z][a-z0-9-]*$/, 'must be number=scenario')).max(500)),
  ),
  CALLER_MEMORY_HOURS: setting(
    'call',
    'How long a caller is remembered after a call; 0: not at all',
    whole(0, 24 * 365).default(72),
  ),
  AGENTS_DIR: setting('call', 'Folder of the agents', text.default('agents')),
  AGENTS_RELOAD: setting(
    'call',
    'on, for development: an edit of the agents holds for the next call, no restart; off',
    z.enum(['on', 'off']).default('off'),
  ),
  INCOMING_POLICY: setting(
    'call',
    'accept answers; reject turns every caller away',
    z.enum(['accept', 'reject']).default('accept'),
  ),
  ANSWERED_NUMBERS: setting(
    'call',
    'Comma-separated numbers or ids this deployment answers; empty: all that ring here',
    list,
  ),
  BLOCKED_CALLERS: setting('call', 'Comma-separated numbers or ids that are turned away', list),
  MAX_CALLS: setting('call', 'Calls one media host takes at once', whole(1, 10_000).default(100)),
  OVERFLOW: setting(
    'call',
    'What a caller meets when no media host has a place: busy, or redirect to OVERFLOW_NUMBER',
    z.enum(['busy', 'redirect']).default('busy'),
  ),
  OVERFLOW_NUMBER: setting(
    'call',
    'Where callers go when every place is taken and OVERFLOW is redirect',
    z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +15550100')
      .optional(),
  ),
  IDLE_CALL_SECONDS: setting(
    'call',
    'How long a call may last in which neither the agent nor a person is with the caller',
    whole(10, 3600).default(60),
  ),
  HANDOFF_TARGETS: setting(
    'call',
    'Comma-separated numbers or ids of the people callers are handed to, asked in this order; empty: nobody',
    list.pipe(z.array(personAddress).max(8)),
  ),
  HANDOFF_MODE: setting(
    'call',
    'consult: the person hears why and presses a key to take the call; transfer: the call is moved to them unasked',
    handoffMode.default('consult'),
  ),
  HANDOFF_RING_SECONDS: setting('call', 'How long each person is rung', whole(5, 120).default(25)),
  MAX_CALL_MINUTES: setting('call', 'Longest call', whole(1, 24 * 60).default(60)),
  DRAIN_SECONDS: setting(
    'call',
    'How long a media host that is told to stop waits for its calls to end',
    whole(0, 7200).default(20),
  ),
  VOICE_ACTIVITY: setting(
    'call',
    'How the caller’s voice is told from other sound: silero (a small network, installed as an optional package), level, or auto: silero where it is installed',
    z.enum(['auto', 'silero', 'level']).default('auto'),
  ),
  PLAYOUT_LEAD_MS: setting('call', 'Audio kept unplayed inside ACS, at most 200', whole(20, 200).default(160)),
} as const;

export type SettingName = keyof typeof settingsTable;
export type Settings = { readonly [K in SettingName]: z.output<(typeof settingsTable)[K]['schema']> };

/**
 * Reads the named settings (all, when none are named) from `env`.
 * @throws CallError SETTINGS_INVALID that lists every problem at once, each with its cure and never with a secret's value.
 */
export function readSettings<K extends SettingName = SettingName>(
  env: Readonly<Record<string, string | undefined>>,
  names?: readonly K[],
): Pick<Settings, K> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const name of names ?? (Object.keys(settingsTable) as K[])) {
    const { schema, about } = settingsTable[name];
    const given = env[name] === '' ? undefined : env[name];
    const result = schema.safeParse(given);
    if (result.success) values[name] = result.data;
    else if (given === undefined) problems.push(`  ${name} is missing: ${about}`);
    else problems.push(`  ${name}: ${result.error.issues.map(issue => issue.message).join('; ')} (${about})`);
  }
  if (problems.length > 0) throw new CallError('SETTINGS_INVALID', { problems: problems.join('\n') });
  return values as Pick<Settings, K>;
}

/** Names in a settings file that no program reads, each with what was probably meant. Host settings are let through. */
export function unknownSettings(names: readonly string[]): string[] {
  const known = Object.keys(settingsTable);
  const host =
    /^(AzureWebJobs|FUNCTIONS_|WEBSITE_|AZURE_FUNCTIONS_|DURABLE_|TASKHUB_|APPLICATIONINSIGHTS_|OTEL_|languageWorkers)/;
  return names
    .filter(name => !known.includes(name) && !host.test(name))
    .map(name => {
      const meant = nearest(name, known);
      return `${name} is not a setting${meant ? `; did you mean ${meant}?` : '.'}`;
    });
}
