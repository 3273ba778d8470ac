import { z } from 'zod';
import { agentDefinition } from '../contracts/agent.ts';
import { scenarioDefinition } from '../contracts/scenario.ts';
import { scenarioTest } from '../contracts/scenario-test.ts';

/**
 * JSON Schema of what a customer writes, from the schemas that read it: with it an editor completes and checks a page as it
 * is typed. A page names it in its first line, `# yaml-language-server: $schema=…`.
 */
export const agentSchemas: Readonly<Record<string, () => string>> = {
  'agents/schemas/agent.schema.json': () => schemaFile('An agent', agentDefinition),
  'agents/schemas/scenario.schema.json': () => schemaFile('A scenario', scenarioDefinition),
  'agents/schemas/test.schema.json': () => schemaFile('A test of a scenario', scenarioTest),
};

/** Not every editor reads patterns as Unicode: anything but white space and ASCII's signs. */
const someLetter = '[^\\s!-/:-@[-`{-~]';

function schemaFile(title: string, schema: z.ZodType): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      for (const part of [jsonSchema, ...(jsonSchema.allOf ?? [])])
        if (part.pattern?.includes('\\p{')) part.pattern = someLetter;
    },
  });
  return `${printed({ $schema, title, ...rest }, '')}\n`;
}

const width = 120;

/** As the formatter of the house would: a list of plain values on one line where it fits. */
function printed(value: unknown, indent: string, used = 0): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map(item => JSON.stringify(item)).join(', ')}]`;
    const plain = value.every(item => typeof item !== 'object');
    if (plain && indent.length + used + line.length < width) return line;
    return `[\n${value.map(item => `${inner}${printed(item, inner)}`).join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => {
    const head = `${JSON.stringify(key)}: `;
    return `${inner}${head}${printed(item, inner, head.length)}`;
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
