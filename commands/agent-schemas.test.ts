import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { agentSchemas } from './agent-schemas.ts';

const agents = path.join(import.meta.dirname, '../agents');
interface Schema {
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  enum?: unknown[];
  required?: string[];
  description?: string;
}
const schemaOf = (name: string) => JSON.parse(agentSchemas[`agents/schemas/${name}.schema.json`]?.() ?? '{}') as Schema;

describe('the schema that editors use', () => {
  test('asks for what a page must have and for nothing that has a default', () => {
    expect(schemaOf('agent').required).toEqual(['name', 'description', 'greeting', 'prompt']);
    expect(schemaOf('scenario').required).toEqual(['name', 'description', 'start', 'agents']);
    expect(schemaOf('test').required).toEqual(['promise', 'scenario', 'turns']);
  });

  test.each(['agent', 'scenario', 'test'])('of %s refuses unknown keys in every section', name => {
    const open: string[] = [];
    const walk = (schema: unknown, where: string) => {
      if (typeof schema !== 'object' || schema === null) return;
      const { properties, additionalProperties } = schema as Schema;
      if (properties && additionalProperties !== false) open.push(where);
      for (const [key, part] of Object.entries(schema)) walk(part, `${where}.${key}`);
    };
    walk(schemaOf(name), name);
    expect(open).toEqual([]);
  });

  test('says what a key is for', () => {
    expect(schemaOf('agent').properties?.['knownGreeting']?.description).toContain('{name}');
    expect(schemaOf('scenario').properties?.['handoffs']?.items?.properties?.['needs']?.description).toBeTruthy();
  });
});

const shipped = async (folder: string) =>
  (await readdir(path.join(agents, folder)).catch(() => [])).filter(file => file.endsWith('.yaml'));

test.each([
  ['', 'agent'],
  ['scenarios', 'scenario'],
  ['tests', 'test'],
])('every page in agents/%s is right by the schema of %s', async (folder, name) => {
  const schema = z.fromJSONSchema(schemaOf(name) as Parameters<typeof z.fromJSONSchema>[0]);
  const wrong: unknown[] = [];
  for (const file of await shipped(folder)) {
    const { error } = schema.safeParse(parse(await readFile(path.join(agents, folder, file), 'utf8')));
    for (const issue of error?.issues ?? []) wrong.push([file, issue.path, issue.message]);
  }
  expect(wrong).toEqual([]);
  expect(schema.safeParse({ name: 'x', promise: 'x', bogus: 1 }).success).toBe(false);
});

test.each([
  ['', 'schemas/agent.schema.json'],
  ['scenarios', '../schemas/scenario.schema.json'],
  ['tests', '../schemas/test.schema.json'],
])('every page in agents/%s tells the editor its schema', async (folder, schema) => {
  const silent: string[] = [];
  for (const file of await shipped(folder)) {
    const text = await readFile(path.join(agents, folder, file), 'utf8');
    if (!text.startsWith(`# yaml-language-server: $schema=${schema}\n`)) silent.push(file);
  }
  expect(silent).toEqual([]);
});
