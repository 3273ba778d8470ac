import { acsCarrier, type Carrier } from './acs/call-automation.ts';
import { callbackTokens, type TokenVerifier } from './acs/callback-token.ts';
import { type Counters, newCounters } from './counters.ts';
import { type MediaHost, mediaHost } from './media-host-client.ts';
import type { ControlSettings } from './settings.ts';
import { openStore, type Store } from './store.ts';

/** Everything the functions reach outside themselves, made once per process and handed to each of them. */
export interface ControlPlane {
  settings: ControlSettings;
  carrier: Carrier;
  store: Store;
  mediaHost: MediaHost;
  tokens: TokenVerifier;
  counters: Counters;
}

export function controlPlane(settings: ControlSettings): ControlPlane {
  return {
    settings,
    carrier: acsCarrier(settings),
    store: openStore(settings),
    mediaHost: mediaHost(settings),
    tokens: callbackTokens(settings),
    counters: newCounters(),
  };
}
