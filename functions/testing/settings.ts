import { type ControlSettings, controlSettings } from '../settings.ts';

export const testSecret = 'a-secret-for-tests-only';
export const testControlKey = 'a-control-key-for-tests';

/** Settings of the control plane for parts of it that are tested in the test's own process. */
export function testSettings(
  neighbours: { cosmos?: { url: string; key: string }; acs?: { connectionString: string } } = {},
  more: Readonly<Record<string, string>> = {},
): ControlSettings {
  return controlSettings({
    BASE_URL: 'http://127.0.0.1:1',
    MEDIA_HOST_URL: 'http://127.0.0.1:1',
    CALL_SECRET: testSecret,
    CONTROL_KEY: testControlKey,
    ACS_RESOURCE_ID: '00000000-0000-4000-8000-000000000000',
    ACS_CONNECTION_STRING: neighbours.acs?.connectionString ?? 'endpoint=http://127.0.0.1:1;accesskey=a2V5',
    COSMOS_ENDPOINT: neighbours.cosmos?.url ?? 'http://127.0.0.1:1',
    ...(neighbours.cosmos && { COSMOS_KEY: neighbours.cosmos.key }),
    ...more,
  });
}
