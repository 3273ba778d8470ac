import { expect, test } from 'vitest';
import { parseScript } from '../emulators/chat/script.ts';
import { agentScript, agentTexts, planCall } from './duplex-script.ts';

const plans = Array.from({ length: 200 }, (_, i) => planCall(i + 1));

test('a seed is a call: the same plan each time, and another for another seed', () => {
  expect(planCall(7)).toEqual(plans[6]);
  expect(new Set(plans.map(plan => JSON.stringify({ ...plan, seed: 0 }))).size).toBe(200);
});

test('200 calls hold enough of everything to judge', () => {
  const count = (what: string) => plans.flatMap(({ acts }) => acts).filter(act => act.do === what).length;
  expect(count('interruption')).toBeGreaterThan(400);
  expect(count('backchannel')).toBeGreaterThan(250);
  expect(count('cough')).toBeGreaterThan(180);
  expect(count('cough-in-silence')).toBeGreaterThan(40);
  expect(
    plans.filter(({ acts }) => acts.some(act => act.do === 'turn' && act.parts.length > 1)).length,
  ).toBeGreaterThan(60);
  for (const line of ['noise', 'echo']) expect(plans.filter(plan => plan.line === line).length).toBeGreaterThan(20);
});

test('coughs last 150 to 450 ms', () => {
  const lengths = plans.flatMap(({ acts }) => acts.flatMap(act => ('ms' in act ? [act.ms] : [])));
  expect([Math.min(...lengths) >= 150, Math.max(...lengths) <= 450]).toEqual([true, true]);
});

test('the agent’s script is one the stand-in understands, and all its long answers are longer than what is done during one', () => {
  expect(parseScript(agentScript, 'duplex')).toHaveLength(agentTexts.length + 2);
  // About 25 bytes a second, three more for each word.
  const seconds = agentTexts.map(text => (text.length + 2 * text.split(' ').length) / 25);
  const busiest = plans.map(({ acts }) => {
    let longest = 0;
    let sum = 0;
    for (const act of acts) {
      sum = 'afterMs' in act ? sum + act.afterMs + 1000 : 0;
      longest = Math.max(longest, sum);
      if (act.do === 'interruption') sum = 0;
    }
    return longest / 1000;
  });
  expect(Math.min(...seconds)).toBeGreaterThan(Math.max(...busiest) + 2);
});
