import type { BenchResult } from './result.ts';

/** docs/numbers.md: what was measured, beside what is promised. Written by `npm run bench`, never by hand. */
export function numbersPage(results: readonly BenchResult[]): string {
  const [first] = results;
  const where = first
    ? `Node ${first.machine.node} on ${first.machine.cores} × ${first.machine.cpu}, ${first.machine.memoryGiB} GiB`
    : 'nothing';
  const sections = results.map(({ name, metrics, promises }) => {
    const promised = promises.map(
      ({ promise, limit, measured, unit, holds }) =>
        `| ${promise} | ${limit} | ${measured} | ${unit} | ${holds ? 'yes' : '**no**'} |`,
    );
    const measured = Object.entries(metrics).map(
      ([metric, value]) =>
        `| ${metric} | ${
          typeof value === 'number'
            ? value
            : Object.entries(value)
                .map(([key, n]) => `${key} ${n}`)
                .join(', ')
        } |`,
    );
    return `## ${name}

\`npm run bench -- ${name}\`

| promise | limit | measured | unit | holds |
|---|---|---|---|---|
${promised.join('\n')}

| figure | value |
|---|---|
${measured.join('\n')}
`;
  });
  return `# Numbers

Measured by \`npm run bench\` on ${where}. Everything on one machine: callers, stand-ins and both programs share its cores.

${sections.join('\n')}`;
}
