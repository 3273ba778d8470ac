import { describe, expect, test } from 'vitest';
import { type CallerAct, fineSteps, interactions, type Panel, panelOf, publicTicks, silences } from './duplex-panel.ts';
import { asTicks, frameLevels, voiceStretches } from './voice-stretches.ts';

/** A channel of so many ms with a tone wherever somebody speaks: [from, to, level in dB below the usual]. */
function channel(lengthMs: number, ...spoken: [from: number, to: number, lowerDb?: number][]): Int16Array {
  const pcm = new Int16Array(lengthMs * 16);
  for (const [from, to, lowerDb = 0] of spoken) {
    const peak = 12_000 * 10 ** (-lowerDb / 20);
    for (let i = from * 16; i < to * 16; i++) pcm[i] = Math.round(peak * Math.sin(i / 3));
  }
  return pcm;
}

const act = (kind: CallerAct['kind'], startMs: number, endMs: number): CallerAct => ({
  kind,
  text: '',
  startMs,
  endMs,
});
const turn = (startMs: number, endMs: number) => act('turn', startMs, endMs);

const lengthMs = 20_000;
const heard = (acts: CallerAct[], ...agent: [number, number, number?][]) => {
  const levels = frameLevels(channel(lengthMs, ...agent));
  return {
    fine: interactions(fineSteps(levels, acts, lengthMs)),
    ticks: interactions(publicTicks(levels, acts, lengthMs)),
    silences: silences(fineSteps(levels, acts, lengthMs)),
  };
};
const panels = (acts: CallerAct[], ...agent: [number, number, number?][]): { fine: Panel; ticks: Panel } => {
  const { fine, ticks } = heard(acts, ...agent);
  return { fine: panelOf(fine), ticks: panelOf(ticks) };
};

describe('a voice', () => {
  test('is still a voice when it is lowered by 14 dB, or by 30', () => {
    const levels = frameLevels(channel(3000, [200, 1000], [1000, 2000, 14], [2000, 2600, 30]));
    expect(voiceStretches(levels, 0)).toEqual([{ startMs: 200, endMs: 2600 }]);
  });

  test('is not parted by a pause between two sentences, and is by a longer one', () => {
    const levels = frameLevels(channel(4000, [0, 1000], [1280, 2000], [2400, 3000]));
    expect(voiceStretches(levels, 300)).toEqual([
      { startMs: 0, endMs: 2000 },
      { startMs: 2400, endMs: 3000 },
    ]);
    expect(voiceStretches(levels, 0)).toHaveLength(3);
  });

  test('sounds in every tick it touches', () => {
    const touching = [
      { startMs: 390, endMs: 410 },
      { startMs: 590, endMs: 700 },
      { startMs: 1000, endMs: 1200 },
    ];
    expect(asTicks(touching, 200)).toEqual([
      { startMs: 200, endMs: 800 },
      { startMs: 1000, endMs: 1200 },
    ]);
  });
});

describe('a reply', () => {
  test('is timed from the end of the turn to the first sound of the agent', () => {
    const { fine, ticks } = panels([turn(1000, 2100)], [3060, 6000]);
    expect(fine).toMatchObject({ answersRate: 1, replySeconds: 0.96 });
    // On 200 ms ticks the turn ends at 2.2 s and the reply begins at 3.0 s.
    expect(ticks).toMatchObject({ answersRate: 1, replySeconds: 0.8 });
  });

  test('is missing when the caller had to speak again, and at the end when nobody comes for 4 s', () => {
    const { fine } = panels([turn(1000, 2000), turn(6000, 7000), turn(15_000, 15_500)], [8000, 10_000]);
    expect(fine.answersRate).toBeCloseTo(1 / 3);
    expect(panels([turn(16_500, 17_000)]).fine.answersRate).toBeNaN();
  });

  test('is due to an interruption that was yielded to, and not to one that was talked down', () => {
    const yielded = heard([act('interruption', 2000, 3000)], [0, 2400], [4000, 6000]);
    expect(yielded.fine.map(({ what, tookMs }) => [what, tookMs])).toEqual([
      ['yield', 400],
      ['reply', 1000],
    ]);
    expect(heard([act('interruption', 2000, 3000)], [0, 9000]).fine.map(({ what }) => what)).toEqual(['yield']);
  });

  test('to a backchannel or a cough is nobody’s duty', () => {
    expect(panels([act('backchannel', 2000, 2300), act('cough', 5000, 5300)], [0, 4000]).fine.answersRate).toBeNaN();
  });
});

describe('yielding', () => {
  test('is timed from the onset to the silence, to the frame and to the tick', () => {
    const { fine, ticks } = panels([act('interruption', 2050, 3000)], [0, 2340], [4000, 9000]);
    expect(fine).toMatchObject({ yieldRate: 1, yieldSeconds: 0.29 });
    expect(ticks).toMatchObject({ yieldRate: 1, yieldSeconds: 0.4 });
  });

  test('later than 2 s is none', () => {
    expect(panels([act('interruption', 2000, 5000)], [0, 3980]).fine.yieldRate).toBe(1);
    expect(panels([act('interruption', 2000, 5000)], [0, 4000]).fine.yieldRate).toBe(0);
    expect(panels([act('interruption', 2000, 5000)], [0, 4000]).ticks.yieldRate).toBe(0);
  });

  test('is not what a pause between the agent’s sentences looks like', () => {
    const { fine, ticks } = panels([act('interruption', 2000, 5000)], [0, 2800], [3080, 9000]);
    expect(fine.yieldRate).toBe(0);
    // 200 ms ticks cannot tell: this is what finer steps are for.
    expect(ticks.yieldRate).toBe(1);
  });

  test('is not what a lowered voice does', () => {
    expect(panels([act('interruption', 2000, 5000)], [0, 2060], [2060, 9000, 14]).fine.yieldRate).toBe(0);
  });

  test('is asked of a turn that begins while the agent speaks, whatever it was meant to be', () => {
    expect(panels([turn(2000, 3000)], [0, 2300]).fine.yieldRate).toBe(1);
    expect(panels([act('interruption', 3000, 4000)], [0, 2300]).fine.yieldRate).toBeNaN();
  });
});

describe('a backchannel', () => {
  test('costs nothing when the agent speaks on, lowered for a moment or not', () => {
    const { fine, ticks } = panels([act('backchannel', 2000, 2400)], [0, 2060], [2060, 2600, 12], [2600, 9000]);
    expect(fine.talksThroughBackchannel).toBe(1);
    expect(ticks.talksThroughBackchannel).toBe(1);
  });

  test('is flinched at when the agent is silent 0.9 s after it, and not when it ends its say later', () => {
    expect(panels([act('backchannel', 2000, 2400)], [0, 2900], [3500, 9000]).fine.talksThroughBackchannel).toBe(0);
    // A tick with any sound in it sounds, so 200 ms ticks see this silence from 3.0 s on, which is in time.
    expect(panels([act('backchannel', 2000, 2400)], [0, 2900], [3500, 9000]).ticks.talksThroughBackchannel).toBe(1);
    expect(panels([act('backchannel', 2000, 2400)], [0, 2800], [3500, 9000]).ticks.talksThroughBackchannel).toBe(0);
    expect(panels([act('backchannel', 2000, 2400)], [0, 3000]).fine.talksThroughBackchannel).toBe(1);
  });

  test('is not judged while the agent is silent', () => {
    expect(panels([act('backchannel', 5000, 5400)], [0, 4000]).fine.talksThroughBackchannel).toBeNaN();
  });
});

describe('a cough', () => {
  test('over the agent is ignored or flinched at', () => {
    expect(panels([act('cough', 2000, 2300)], [0, 9000]).fine.ignoresCoughs).toBe(1);
    expect(panels([act('cough', 2000, 2300)], [0, 2500], [3100, 9000]).fine.ignoresCoughs).toBe(0);
  });

  test('in silence is ignored or answered', () => {
    expect(panels([act('cough', 3000, 3300)], [0, 2000]).fine.ignoresCoughs).toBe(1);
    expect(panels([act('cough', 3000, 3300)], [0, 2000], [5200, 6000]).fine.ignoresCoughs).toBe(0);
    expect(panels([act('cough', 3000, 3300)], [0, 2000], [5400, 6000]).fine.ignoresCoughs).toBe(1);
  });
});

describe('the agent interrupts', () => {
  test('when it begins inside a turn, in a hesitation too', () => {
    const { fine, ticks } = panels([turn(1000, 3500), turn(8000, 9000)], [2500, 6000], [10_000, 11_000]);
    expect(fine.agentInterruptsPerTurn).toBe(1);
    expect(ticks.agentInterruptsPerTurn).toBe(1);
  });

  test('not by speaking on, and not while the caller coughs', () => {
    const { fine } = panels([act('interruption', 1000, 2000), act('cough', 4000, 4400)], [0, 1300], [4200, 6000]);
    expect(fine.agentInterruptsPerTurn).toBe(0);
  });
});

describe('silence', () => {
  test('is what neither side fills, from the first moment of the call to its last', () => {
    const { silences: found } = heard([turn(1000, 2000), act('cough', 9000, 9200)], [2500, 4000], [13_000, 15_000]);
    expect(found.map(({ startMs, endMs }) => endMs - startMs)).toEqual([1000, 500, 5000, 3800, 5000]);
  });
});

test('a panel of no events is no number at all, and never a good one', () => {
  expect(Object.values(panelOf([])).every(Number.isNaN)).toBe(true);
});
