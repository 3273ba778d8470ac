import type { StreamingMode } from '../../contracts/media.ts';
import type { ControlSettings } from '../settings.ts';

/**
 * How ACS is told to bring the call's sound, for calls in either direction: a direction that forgot `enableBidirectional`
 * would leave its callers in silence.
 */
export function mediaOptions(
  mediaUrl: string,
  mode: StreamingMode,
  { ACS_AUDIO_CHANNEL }: Pick<ControlSettings, 'ACS_AUDIO_CHANNEL'>,
) {
  return {
    transportType: 'websocket',
    transportUrl: mediaUrl,
    contentType: 'audio',
    audioChannelType: ACS_AUDIO_CHANNEL,
    startMediaStreaming: true,
    enableBidirectional: true,
    // Voice Live speaks 24 kHz, so nothing needs resampling; the cascade's speech services hear 16 kHz.
    audioFormat: mode === 'voice_live' ? 'Pcm24KMono' : 'Pcm16KMono',
    enableDtmfTones: true,
  } as const;
}
