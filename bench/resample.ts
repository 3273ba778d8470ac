import { atLeast, atMost, type Benchmark, machine, rounded } from './result.ts';
import { startProgram } from './stand-in.ts';

/** What resampling costs the sound and the processor: pure tones in frames of 20 ms, in a process of its own. */
interface Figures {
  direction: string;
  /** By pitch. */
  snrDb: Record<string, number>;
  aliasDb: Record<string, number>;
  /** The most a pitch of the band is made louder or softer. */
  rippleDb: number;
  /** Largest difference between a stream in frames and the same in one piece. */
  borderError: number;
  driftSamples: number;
  delayMs: number;
  timesRealTime: number;
}

export const resample: Benchmark = {
  about: 'what resampling costs the sound and the processor',
  run: async () => {
    const program = await startProgram<{ figures: Figures[] }>('media-host/audio/testing/resample-figures.ts', []);
    const { figures } = program.ready;
    await program.stop();
    const all = (read: (figures: Figures) => number | number[]) => figures.flatMap(read);
    return {
      name: 'resample',
      machine: machine(),
      metrics: Object.fromEntries(
        figures.flatMap(
          ({ direction, snrDb, aliasDb, rippleDb, borderError, driftSamples, delayMs, timesRealTime }) => [
            [`${direction}, SNR in dB`, roundedAll(snrDb)],
            ...(Object.keys(aliasDb).length > 0 ? [[`${direction}, alias in dB`, roundedAll(aliasDb)]] : []),
            [
              `${direction}, rest`,
              roundedAll({ rippleDb, borderError, driftSamples, delayMs, 'times real time': timesRealTime }),
            ],
          ],
        ),
      ),
      promises: [
        atLeast('SNR of any tone, least', 80, Math.min(...all(each => Object.values(each.snrDb))), 'dB'),
        atMost('ripple up to 0.85 of the band, most', 0.2, Math.max(...all(each => each.rippleDb)), 'dB'),
        atMost(
          'alias from an eighth above the band, most',
          -45,
          Math.max(...all(each => Object.values(each.aliasDb))),
          'dB',
        ),
        atMost('error at borders of frames', 0, Math.max(...all(each => each.borderError)), 'steps'),
        atMost('drift in a minute', 1, Math.max(...all(each => each.driftSamples)), 'samples'),
        atLeast('times real time, slowest direction', 500, Math.min(...all(each => each.timesRealTime)), '×'),
      ],
    };
  },
};

const roundedAll = (values: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, rounded(value)]));
