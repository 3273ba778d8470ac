import { expect, test } from 'vitest';
import { CallError } from './error.ts';
import { readSettings, unknownSettings } from './settings.ts';

test('defaults stand where nothing is given', () => {
  const settings = readSettings({}, ['ACS_STREAMING_MODE', 'PORT', 'LOG_LEVEL', 'AZURE_COGNITIVE_SERVICES_SCOPE']);
  expect(settings).toEqual({
    ACS_STREAMING_MODE: 'media',
    PORT: 49412,
    LOG_LEVEL: 'info',
    AZURE_COGNITIVE_SERVICES_SCOPE: 'https://cognitiveservices.azure.com/.default',
  });
});

test('every problem is told at once, with its cure and without the secret', () => {
  const read = () =>
    readSettings({ PORT: 'many', CALL_SECRET: 'tooshort', BASE_URL: '' }, ['PORT', 'CALL_SECRET', 'BASE_URL']);
  expect(read).toThrow(CallError);
  expect(read).toThrow(/PORT: must be a whole number from 0 to 65535/);
  expect(read).toThrow(/BASE_URL is missing: Public address/);
  expect(read).not.toThrow(/tooshort/);
});

test('lists are split and trimmed', () => {
  expect(readSettings({ BLOCKED_CALLERS: ' +15550100, ,+15550101' }, ['BLOCKED_CALLERS']).BLOCKED_CALLERS).toEqual([
    '+15550100',
    '+15550101',
  ]);
});

test('a mistyped name is answered with the right one; host settings pass', () => {
  expect(
    unknownSettings(['ACS_CONECTION_STRING', 'AzureWebJobsStorage', 'FUNCTIONS_WORKER_RUNTIME', 'SCENARIO']),
  ).toEqual(['ACS_CONECTION_STRING is not a setting; did you mean ACS_CONNECTION_STRING?']);
});
