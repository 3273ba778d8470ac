import { readSettings } from '../../contracts/settings.ts';
import { machineClock } from '../clock.ts';
import { tokenProvider } from '../identity.ts';
import { createAzureEars } from '../speech/azure-ears.ts';
import { createAzureVoice } from '../speech/azure-voice.ts';
import { type FromSpeech, speechLane, type ToSpeech } from './speech-lane.ts';
import { serveLane } from './worker-lane.ts';

/** Entry of the speech thread: the real Speech service, addressed by the settings. */
const settings = readSettings(process.env, [
  'SPEECH_ENDPOINT',
  'SPEECH_REGION',
  'SPEECH_KEY',
  'SPEECH_RESOURCE_ID',
  'SPEECH_SEGMENTATION_MS',
  'AZURE_CLIENT_ID',
  'AZURE_COGNITIVE_SERVICES_SCOPE',
]);

const address = {
  endpoint: settings.SPEECH_ENDPOINT,
  region: settings.SPEECH_REGION,
  key: settings.SPEECH_KEY,
  resourceId: settings.SPEECH_RESOURCE_ID,
  token:
    settings.SPEECH_KEY === undefined
      ? tokenProvider(settings.AZURE_CLIENT_ID, settings.AZURE_COGNITIVE_SERVICES_SCOPE)
      : undefined,
  segmentationMs: settings.SPEECH_SEGMENTATION_MS,
};

const ears = createAzureEars(address, machineClock);
const voice = createAzureVoice(address, machineClock);

serveLane<ToSpeech, FromSpeech>((post, epochs) =>
  speechLane(
    post,
    epochs,
    {
      openEars: ears.open,
      voice,
      close: async () => {
        ears.close();
        await voice.close();
      },
    },
    machineClock,
  ),
);
