import { type SettingName, settingsTable } from '../contracts/settings.ts';

/**
 * local.settings.example.json, written from the settings table so that it cannot fall behind. An empty value counts as
 * not given: copied unchanged, the file means "everything offline".
 */
export function settingsExample(): string {
  const values = Object.fromEntries(
    (Object.keys(settingsTable) as SettingName[]).map(name => [name, defaultText(name)]),
  );
  const file = {
    IsEncrypted: false,
    Values: { FUNCTIONS_WORKER_RUNTIME: 'node', AzureWebJobsStorage: 'UseDevelopmentStorage=true', ...values },
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

function defaultText(name: SettingName): string {
  const result = settingsTable[name].schema.safeParse(undefined);
  return result.success && result.data !== undefined ? String(result.data) : '';
}
