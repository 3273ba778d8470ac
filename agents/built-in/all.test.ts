import { expect, test } from 'vitest';
import { name as toolName } from '../../contracts/agent.ts';
import { isTool } from '../tool.ts';
import { builtInTools } from './all.ts';

test('the built-in tools are found by their names, and only what changes the world is an effect', () => {
  const effects = [...builtInTools].flatMap(([name, { effect }]) => (effect ? [name] : []));
  expect(effects.sort()).toEqual(['call-back', 'send-summary']);
  expect([...builtInTools.keys()]).toEqual(
    expect.arrayContaining(['talk-to-person', 'end-call', 'take-digits', 'switch-language', 'remember']),
  );
  for (const [name, tool] of builtInTools) {
    expect(isTool(tool)).toBe(true);
    expect([tool.name, toolName.safeParse(name).success]).toEqual([name, true]);
    expect(tool.tags.length, name).toBeGreaterThan(0);
    expect(tool.parameters).toMatchObject({ type: 'object', additionalProperties: false });
    expect(tool.needs).toEqual([]);
  }
});
