import { type SettingName, settingsTable } from '../contracts/settings.ts';

/** docs/settings.md, written from the settings table so that it cannot fall behind. */
const headings = {
  programs: 'The two programs',
  acs: 'Azure Communication Services',
  speech: 'Speech',
  model: 'Azure OpenAI',
  cosmos: 'Cosmos DB',
  pubsub: 'Web PubSub',
  email: 'E-mail',
  call: 'Calls',
  identity: 'Identity',
} as const;

export function settingsPage(): string {
  const names = Object.keys(settingsTable) as SettingName[];
  const sections = Object.entries(headings).map(([group, heading]) => {
    const rows = names.filter(name => settingsTable[name].group === group).map(row);
    return `## ${heading}\n\n| setting | what it is for | default |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `# Settings

From \`local.settings.json\` (under \`Values\`) or the environment; the environment wins. An empty value counts as not given.
A setting marked → points at a service: given, \`npm start\` starts no stand-in for it. A setting marked 🔒 is a secret.

${sections.join('\n')}`;
}

function row(name: SettingName): string {
  const { about, schema, ...marks } = settingsTable[name];
  const given = schema.safeParse(undefined);
  const value = !given.success ? 'must be given' : given.data === undefined ? 'none' : asText(given.data);
  return `| \`${name}\`${'points' in marks ? ' →' : ''}${'secret' in marks ? ' 🔒' : ''} | ${about} | ${value} |`;
}

function asText(value: unknown): string {
  const text = String(value);
  return text === '' ? 'none' : `\`${text}\``;
}
