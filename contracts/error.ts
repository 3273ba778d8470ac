/**
 * Every mistake the programs can name: a stable code, one sentence that says what to do, and whether trying again
 * can help. Customer words and numbers never go into `details`.
 */
const registry = {
  SETTINGS_INVALID: {
    retryable: false,
    text: 'Settings are not usable:\n{problems}\nMend them in local.settings.json or the environment.',
  },
  AGENT_FILE_INVALID: { retryable: false, text: '{problems}' },
  AGENT_UNKNOWN: {
    retryable: false,
    text: 'Agent "{agent}" is not in {folder}. Known: {known}. Check the file name.',
  },
  SCENARIO_UNKNOWN: {
    retryable: false,
    text: 'No scenario and no agent in {folder} is called "{scenario}". Known: {known}. Check the SCENARIO setting.',
  },
  TOOL_UNKNOWN: { retryable: false, text: 'Tool "{tool}" is not built in and has no file in {folder}{meant}' },
  TOOL_ARGUMENTS_INVALID: { retryable: false, text: 'The model called tool "{tool}" with arguments it does not take.' },
  TOOL_TIMED_OUT: {
    retryable: true,
    text: 'Tool "{tool}" took longer than {timeoutMs} ms. Raise its timeoutMs or mend it.',
  },
  TOOL_FAILED: { retryable: true, text: 'Tool "{tool}" failed ({reason}).' },
  TOOL_RESULT_INVALID: { retryable: false, text: 'Tool "{tool}" answered something else than it promises. Mend it.' },
  TOOL_NOT_ALLOWED: {
    retryable: false,
    text: 'Tool "{tool}" needs {needs}, which nothing in this call has established.',
  },
  TOOL_RESTING: { retryable: true, text: 'Tool "{tool}" failed too often just now and is not asked for {restMs} ms.' },
  RECORD_REFUSED: {
    retryable: false,
    text: 'A tool asked for or changed a record in a way that is not kept: {reason}.',
  },
  HANDOFF_NOT_ALLOWED: { retryable: false, text: 'Agent "{from}" may not hand the caller to "{to}" ({reason}).' },
  AGENT_FAILED: { retryable: false, text: 'The agent "{agent}" failed while it answered ({reason}).' },
  MODE_NOT_AVAILABLE: {
    retryable: false,
    text: 'Streaming mode "{mode}" is not available here. Known: {known}. Set ACS_STREAMING_MODE.',
  },
  ACS_REFUSED: { retryable: false, text: 'ACS refused {operation} with {status}/{code}. {remedy}' },
  ACS_UNAVAILABLE: { retryable: true, text: 'ACS did not carry out {operation} ({status}). It is tried again.' },
  CALL_GONE: { retryable: false, text: 'The call that {operation} was asked for has ended.' },
  DEPENDENCY_RESTING: {
    retryable: true,
    text: '{dependency} failed too often just now and is not asked for {restMs} ms. See dependencies in the health page.',
  },
  MEDIA_HOST_UNAVAILABLE: {
    retryable: true,
    text: 'The media host did not answer {operation} ({status}). Check MEDIA_HOST_URL and whether it runs.',
  },
  CONTROL_CHANNEL_UNAVAILABLE: {
    retryable: true,
    text: 'Web PubSub did not take a message ({status}). {remedy}',
  },
  EMAIL_UNAVAILABLE: {
    retryable: true,
    text: 'The e-mail service did not carry out {operation} ({status}). It is tried again. {remedy}',
  },
  CALL_BACK_NOT_PLACED: { retryable: true, text: 'A caller could not be rung back just now ({status}).' },
  EFFECT_ABANDONED: { retryable: true, text: 'The effect of tool "{tool}" could not be carried out ({status}).' },
  IDENTITY_UNAVAILABLE: {
    retryable: true,
    text: 'No token for {scope} can be had ({reason}). Check the identity and AZURE_CLIENT_ID, or give the service a key.',
  },
  STORE_UNAVAILABLE: {
    retryable: true,
    text: 'Cosmos DB did not take {operation} ({status}). Check COSMOS_ENDPOINT and COSMOS_KEY.',
  },
  ORCHESTRATION_UNAVAILABLE: {
    retryable: true,
    text: 'The orchestration of a call could not be reached to {operation} it. Check the storage of Durable Functions.',
  },
  SPEECH_UNAVAILABLE: {
    retryable: true,
    text: 'The Speech service failed while {doing}: {reason}. Check SPEECH_ENDPOINT or SPEECH_REGION and SPEECH_KEY.',
  },
  SPEECH_POOL_EXHAUSTED: {
    retryable: true,
    text: 'All {most} places for a {what} are in use and none came free within {waitMs} ms. Raise SPEECH_POOL_MOST or lower MAX_CALLS.',
  },
  MODEL_UNAVAILABLE: {
    retryable: true,
    text: 'The model did not answer ({reason}). Check AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY and LLM_MODEL.',
  },
  MODEL_EMPTY: {
    retryable: true,
    text: 'The model answered nothing that can be spoken ({reason}). Check the prompt of agent "{agent}".',
  },
  MODEL_REFUSED: {
    retryable: false,
    text: 'The content filter of the model refused an answer of agent "{agent}". Check its prompt and the filter of the deployment.',
  },
  VOICE_DETECTOR_UNAVAILABLE: {
    retryable: false,
    text: 'The voice detector Silero cannot be had ({reason}). Run npm ci with optional packages, or set VOICE_ACTIVITY to auto or level.',
  },
  FACT_REFUSED: { retryable: false, text: 'A fact of a call is not kept: {reason}. See functions/events/custom.ts.' },
  HANDLER_TIMED_OUT: {
    retryable: false,
    text: 'A handler of events took longer than {timeoutMs} ms and is not waited for. Let it only begin what takes long.',
  },
  FRAME_INVALID: { retryable: false, text: 'A media message could not be read: {reason}.' },
} as const satisfies Record<string, { retryable: boolean; text: string }>;

export type ErrorCode = keyof typeof registry;

/** The one error class of the programs. `details` fill the sentence and go to logs, so they hold no customer words. */
export class CallError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, details: Record<string, string | number> = {}, options?: { cause?: unknown }) {
    const { text, retryable } = registry[code];
    super(
      text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? `{${name}}`)),
      options,
    );
    this.name = 'CallError';
    this.code = code;
    this.retryable = retryable;
    this.details = details;
  }
}
