import { readSettings } from '../../contracts/settings.ts';
import { openVoiceDetector } from '../audio/voice-activity.ts';
import { machineClock } from '../clock.ts';
import { bearerFor, warmIdentity } from '../identity.ts';
import type { SpeechAddress } from '../speech/azure-config.ts';
import { createAzureEars } from '../speech/azure-ears.ts';
import { createAzureVoice } from '../speech/azure-voice.ts';
import { createFixedSentences } from '../speech/fixed-sentences.ts';
import { type FromSpeech, speechLane, type ToSpeech } from './speech-lane.ts';
import { watchingVoices } from './voice-watch.ts';
import { serveLane } from './worker-lane.ts';

/** Entry of the speech thread: the real Speech service, addressed by the settings. */
const settings = readSettings(process.env, [
  'SPEECH_ENDPOINT',
  'SPEECH_REGION',
  'SPEECH_KEY',
  'SPEECH_RESOURCE_ID',
  'SPEECH_FALLBACK_ENDPOINT',
  'SPEECH_FALLBACK_REGION',
  'SPEECH_FALLBACK_KEY',
  'SPEECH_FALLBACK_RESOURCE_ID',
  'SPEECH_SEGMENTATION_MS',
  'SPEECH_POOL_SPARES',
  'SPEECH_POOL_MOST',
  'STT_PROCESSING_TIMEOUT',
  'VOICE_ACTIVITY',
  'AZURE_CLIENT_ID',
  'AZURE_COGNITIVE_SERVICES_SCOPE',
  'LOG_LEVEL',
]);
const scope = settings.AZURE_COGNITIVE_SERVICES_SCOPE;

type Where = Pick<SpeechAddress, 'endpoint' | 'region' | 'key' | 'resourceId'>;
const address = (where: Where): SpeechAddress => ({
  ...where,
  token: where.key === undefined ? bearerFor(settings.AZURE_CLIENT_ID, scope) : undefined,
  segmentationMs: settings.SPEECH_SEGMENTATION_MS,
});

const addresses = [
  address({
    endpoint: settings.SPEECH_ENDPOINT,
    region: settings.SPEECH_REGION,
    key: settings.SPEECH_KEY,
    resourceId: settings.SPEECH_RESOURCE_ID,
  }),
];
if (settings.SPEECH_FALLBACK_ENDPOINT !== undefined || settings.SPEECH_FALLBACK_REGION !== undefined)
  addresses.push(
    address({
      endpoint: settings.SPEECH_FALLBACK_ENDPOINT,
      region: settings.SPEECH_FALLBACK_REGION,
      key: settings.SPEECH_FALLBACK_KEY,
      resourceId: settings.SPEECH_FALLBACK_RESOURCE_ID,
    }),
  );
void warmIdentity(settings, addresses.some(({ key }) => key === undefined) ? [scope] : []);

const pool = { spares: settings.SPEECH_POOL_SPARES, most: settings.SPEECH_POOL_MOST };
const ears = createAzureEars(addresses, machineClock, {
  ...pool,
  processingTimeoutMs: settings.STT_PROCESSING_TIMEOUT * 1000,
});
const voice = createAzureVoice(addresses, machineClock, pool);
const fixed = createFixedSentences(voice);

const detector = await openVoiceDetector(settings.VOICE_ACTIVITY);

serveLane<ToSpeech, FromSpeech>((post, epochs) => {
  post({ type: 'watching', call: 0, detector: detector.name });
  const services = {
    openEars: ears.open,
    prewarm: ears.prewarm,
    voice,
    fixed,
    pools: () => [...ears.gauges(), ...voice.gauges()],
    close: async () => {
      ears.close();
      await fixed.close();
    },
  };
  const lane = speechLane(post, epochs, services, machineClock);
  return watchingVoices(post, detector, lane, settings.SPEECH_SEGMENTATION_MS);
});
