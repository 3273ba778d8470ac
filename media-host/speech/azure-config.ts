import type { Bearer } from '../bearer.ts';
import { PropertyId, SpeechConfig, SpeechSynthesisOutputFormat } from './azure-sdk.ts';

/** Where the Speech service is and how it knows us. */
export interface SpeechAddress {
  /** ws(s)://host; wins over region. */
  endpoint?: string | undefined;
  region?: string | undefined;
  key?: string | undefined;
  resourceId?: string | undefined;
  /** Entra token for the Cognitive Services audience, where there is no key. */
  token?: Bearer | undefined;
  segmentationMs: number;
}

/** What a recogniser or synthesiser is made with; with a token it is good for the connections opened while the token lives. */
export interface SpeechAccess {
  config: SpeechConfig;
  /** The service answered with this; where it is a refusal of the token, the next access has another. */
  failed(details: string): void;
  /** The token has been refused: no new connection can be opened with it. */
  readonly refused: boolean;
}

export async function speechAccess(address: SpeechAddress): Promise<SpeechAccess> {
  const { key, token } = address;
  if (key !== undefined || !token) return { config: configured(address), failed: () => undefined, refused: false };
  const shown = await token.give();
  return {
    config: configured(address, shown),
    failed: details => {
      if (refusal.test(details)) token.refuse(shown);
    },
    get refused() {
      return token.isRefused(shown);
    },
  };
}

/** The SDK tells an HTTP status only inside a sentence. */
const refusal = /\b401\b/;

function configured(address: SpeechAddress, token?: string): SpeechConfig {
  const config = addressed(address, token);
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

function addressed({ endpoint, region, key, resourceId }: SpeechAddress, token: string | undefined): SpeechConfig {
  const bearer = token === undefined ? undefined : `aad#${resourceId ?? ''}#${token}`;
  if (endpoint !== undefined) {
    const config = SpeechConfig.fromHost(new URL(endpoint), key ?? '');
    if (bearer !== undefined) config.authorizationToken = bearer;
    return config;
  }
  return bearer === undefined
    ? SpeechConfig.fromSubscription(key ?? '', region ?? '')
    : SpeechConfig.fromAuthorizationToken(bearer, region ?? '');
}
