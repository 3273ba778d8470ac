import { PropertyId, SpeechConfig, SpeechSynthesisOutputFormat } from './azure-sdk.ts';

/** Where the Speech service is and how it knows us. */
export interface SpeechAddress {
  /** ws(s)://host; wins over region. */
  endpoint?: string | undefined;
  region?: string | undefined;
  key?: string | undefined;
  resourceId?: string | undefined;
  /** Entra token for the Cognitive Services audience, where there is no key. */
  token?: (() => Promise<string>) | undefined;
  segmentationMs: number;
}

/** A fresh configuration; with a token it is good for the connections opened while the token lives. */
export async function speechConfig(address: SpeechAddress): Promise<SpeechConfig> {
  const config = await addressed(address);
  // fromHost silently falls back to the version 1 paths: one version everywhere.
  config.setProperty(PropertyId.SpeechServiceConnection_RecognitionEndpointVersion, '2');
  config.setProperty(PropertyId.Speech_SegmentationSilenceTimeoutMs, String(address.segmentationMs));
  // The agent may talk for long before the caller says a word.
  config.setProperty(PropertyId.SpeechServiceConnection_InitialSilenceTimeoutMs, '60000');
  config.setProperty(PropertyId.Recognizer_StopTimeoutMs, '1000');
  // The SDK retries without any delay; one retry bridges a blip, outages are bridged by our own back-off.
  config.setProperty('SPEECH-Error-MaxRetryCount', '1');
  // Sound is never sent at twice the speed of the call but at once (the name is the SDK's): what was not recognised is to be
  // heard again soon, and what was joined while the caller was quiet must not delay their next word.
  config.setProperty('SPEECH-TransmitLengthBeforThrottleMs', String(86_400_000));
  config.speechSynthesisOutputFormat = SpeechSynthesisOutputFormat.Raw16Khz16BitMonoPcm;
  return config;
}

async function addressed({ endpoint, region, key, resourceId, token }: SpeechAddress): Promise<SpeechConfig> {
  const bearer = key === undefined && token ? `aad#${resourceId ?? ''}#${await token()}` : undefined;
  if (endpoint !== undefined) {
    const config = SpeechConfig.fromHost(new URL(endpoint), key ?? '');
    if (bearer !== undefined) config.authorizationToken = bearer;
    return config;
  }
  return bearer === undefined
    ? SpeechConfig.fromSubscription(key ?? '', region ?? '')
    : SpeechConfig.fromAuthorizationToken(bearer, region ?? '');
}
