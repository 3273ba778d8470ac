import { expect, test } from 'vitest';
import { agentsNews } from './agents-news.ts';

const line = (more: object) => JSON.stringify({ level: 50, service: 'media-host', ...more });

test('whoever edits agents reads in the terminal whether the edit holds, and all that is wrong with it', () => {
  expect(agentsNews(line({ agents: 'renewed', msg: 'calls get the edited agents: desk' }))).toBe(
    '✓ calls get the edited agents: desk',
  );
  expect(agentsNews(line({ agents: 'unchanged', msg: 'a.yaml:1:1: x\nb.yaml:2:2: y' }))).toBe(
    '! agents as they were, the edit does not load:\n  a.yaml:1:1: x\n  b.yaml:2:2: y',
  );
});

test.each([
  '',
  'plain words',
  line({ msg: 'draining', calls: 1 }),
  line({ agents: 'other' }),
  '{"agents":"',
  '{"agents":"renewed",}',
])('%j is no news of agents', text => {
  expect(agentsNews(text)).toBeUndefined();
});
