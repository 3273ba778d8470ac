import { join } from 'node:path';
import type { PromptFiles } from './prompt-files.ts';
import type { PromptProblem } from './prompt-include.ts';
import type { YamlFile } from './yaml-file.ts';

/** Tells what is wrong with a prompt at the line one must edit: of the agent's page, or of the file it includes. */
export function promptTold(problems: readonly PromptProblem[], yaml: YamlFile, files: PromptFiles): string[] {
  return problems.map(({ message, place }) => {
    if (place === undefined) return `${yaml.at(['prompt'])}: prompt ${message}`;
    if (place.file === undefined) return `${yaml.atText(['prompt'], place.offset)}: prompt ${message}`;
    const before = (files.texts.get(place.file) ?? '').slice(0, place.offset).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    return `${join(files.folder, place.file)}:${before.length}:${column}: prompt ${message}`;
  });
}
