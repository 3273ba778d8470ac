/**
 * Keeps what sounds on one side of a frequency, sharply (Chebyshev, eighth order, half a decibel of ripple), so that speech
 * below the tones, or tones above the telephone band, are neither taken for bursts nor weighed in their purity.
 */
const SECTIONS = 4;
const RIPPLE_DB = 0.5;

export interface EdgeFilter {
  /** Filters the next samples in place. */
  run(samples: Float64Array): void;
  reset(): void;
}

/** One filter for one stream. What lies beyond half the sample rate anyway is left alone. */
export function createEdgeFilter(edge: { keep: 'below' | 'above'; hz: number }, sampleRate: number): EdgeFilter {
  const isNeeded = edge.keep === 'above' || edge.hz < sampleRate * 0.45;
  const sections = isNeeded ? sectionsOf(edge, sampleRate) : [];
  const memory = sections.map(() => new Float64Array(2));
  return {
    run(samples) {
      for (let n = 0; n < sections.length; n += 1) {
        const { b0, b1, a1, a2 } = sections[n]!;
        const kept = memory[n]!;
        let before = kept[0]!;
        let last = kept[1]!;
        // Zeros are at one place twice: b2 equals b0.
        for (let i = 0; i < samples.length; i += 1) {
          const input = samples[i]!;
          const output = b0 * input + before;
          before = b1 * input - a1 * output + last;
          last = b0 * input - a2 * output;
          samples[i] = output;
        }
        kept[0] = before;
        kept[1] = last;
      }
    },
    reset() {
      for (const kept of memory) kept.fill(0);
    },
  };
}

interface Section {
  b0: number;
  b1: number;
  a1: number;
  a2: number;
}

/** Poles of the analogue low-pass at 1 rad/s, turned over for "above", then brought to samples by the bilinear transform. */
function sectionsOf({ keep, hz }: { keep: 'below' | 'above'; hz: number }, sampleRate: number): Section[] {
  const edge = Math.tan((Math.PI * hz) / sampleRate);
  const spread = Math.asinh(1 / Math.sqrt(10 ** (RIPPLE_DB / 10) - 1)) / (2 * SECTIONS);
  return Array.from({ length: SECTIONS }, (_, n) => {
    const angle = (Math.PI * (2 * n + 1)) / (4 * SECTIONS);
    // The pair of poles as s² + s·damping + stiffness.
    const damping = 2 * Math.sinh(spread) * Math.sin(angle);
    const stiffness = (Math.sinh(spread) * Math.sin(angle)) ** 2 + (Math.cosh(spread) * Math.cos(angle)) ** 2;
    const w = keep === 'below' ? edge : 1 / edge;
    const scale = 1 + damping * w + stiffness * w * w;
    const gain = (stiffness * w * w) / scale;
    const sign = keep === 'below' ? 1 : -1;
    return {
      b0: gain,
      b1: sign * 2 * gain,
      a1: (sign * 2 * (stiffness * w * w - 1)) / scale,
      a2: (1 - damping * w + stiffness * w * w) / scale,
    };
  });
}
