/** How loud a voice is: a factor that slides to its new value within one frame, since a step would click. */
export interface Gain {
  /** 1 leaves the sound as it is; 0.25 is 12 dB lower. */
  slideTo(factor: number): void;
  /** Applies it to the samples in place. */
  apply(): void;
  /** At once back to 1. */
  reset(): void;
}

export function createGain(samples: Int16Array): Gain {
  let now = 1;
  let target = 1;
  return {
    slideTo: factor => {
      target = factor;
    },
    apply: () => {
      if (now === 1 && target === 1) return;
      const step = (target - now) / samples.length;
      for (let i = 0; i < samples.length; i++) samples[i] = Math.round((samples[i] as number) * (now + step * (i + 1)));
      now = target;
    },
    reset: () => {
      now = 1;
      target = 1;
    },
  };
}
