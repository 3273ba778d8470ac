import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';

/** The agents of the house, each with another policy for who gets the floor. @returns their folder, below `dir`. */
export async function agentsWith(policy: string, dir: string): Promise<string> {
  const folder = path.join(dir, 'agents');
  await mkdir(folder, { recursive: true });
  for (const name of await readdir('agents')) {
    const file = path.resolve('agents', name);
    if (!name.endsWith('.yaml')) {
      // Tools import their neighbours: linked, they still find them.
      await symlink(file, path.join(folder, name));
      continue;
    }
    const agent = parseDocument(await readFile(file, 'utf8'));
    agent.setIn(['turns', 'policy'], policy);
    await writeFile(path.join(folder, name), agent.toString());
  }
  return folder;
}
