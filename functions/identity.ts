import { type TokenCache, type TokenGiver, tokenCache } from '../contracts/token-cache.ts';
import type { Log } from './log.ts';
import type { ControlSettings } from './settings.ts';

/**
 * Who the functions are on Azure: one credential for the process. The library is loaded with the first token and not at
 * start: it is most of the bundle, and wherever keys are configured it is never needed.
 */
const identities = new Map<string | undefined, TokenCache>();
let log: Log | undefined;

/** Tokens asked for since the process began. */
export const tokenCounts = { fetched: 0, renewed: 0, failed: 0 };

export function azureIdentity(clientId: string | undefined): TokenCache {
  const known = identities.get(clientId);
  if (known) return known;
  const identity = tokenCache({
    open: () => open(clientId),
    now: Date.now,
    after: (ms, run) => {
      const timer = setTimeout(run, ms).unref();
      return () => clearTimeout(timer);
    },
    note: (what, scope, ms) => {
      tokenCounts[what] += 1;
      if (what === 'failed') log?.warn('identity.token-failed', { subject: scope, ms });
      else log?.info(`identity.token-${what}`, { subject: scope, ms });
    },
  });
  identities.set(clientId, identity);
  return identity;
}

type IdentitySettings = Pick<
  ControlSettings,
  | 'AZURE_CLIENT_ID'
  | 'ACS_CONNECTION_STRING'
  | 'COSMOS_ENDPOINT'
  | 'COSMOS_KEY'
  | 'WEB_PUBSUB_CONNECTION_STRING'
  | 'WEB_PUBSUB_ENDPOINT'
> &
  Partial<Pick<ControlSettings, 'EMAIL_CONNECTION_STRING' | 'EMAIL_ENDPOINT'>>;

/** The scopes the SDKs will ask for where no key is configured. */
export function neededScopes(settings: IdentitySettings): string[] {
  return [
    // Two slashes, as the SDK asks for it.
    ...(settings.ACS_CONNECTION_STRING === undefined || sendsAsItself(settings)
      ? ['https://communication.azure.com//.default']
      : []),
    ...(settings.COSMOS_KEY === undefined ? [`${new URL(settings.COSMOS_ENDPOINT).origin}/.default`] : []),
    ...(settings.WEB_PUBSUB_CONNECTION_STRING === undefined && settings.WEB_PUBSUB_ENDPOINT !== undefined
      ? ['https://webpubsub.azure.com/.default']
      : []),
  ];
}

const sendsAsItself = (settings: IdentitySettings): boolean =>
  settings.EMAIL_CONNECTION_STRING === undefined && settings.EMAIL_ENDPOINT !== undefined;

/** Fetches the tokens before the first call needs them. Where keys are configured nothing is fetched. */
export async function warmIdentity(settings: IdentitySettings, to: Log): Promise<void> {
  log = to;
  const scopes = neededScopes(settings);
  if (scopes.length === 0) return;
  const managed = process.env['IDENTITY_ENDPOINT'] !== undefined;
  to.info('identity.used', { type: managed ? 'managed-identity' : 'default-chain', count: scopes.length });
  await azureIdentity(settings.AZURE_CLIENT_ID).warm(scopes);
}

/** On a developer's machine the default chain finds the signed-in account; in Azure only the managed identity is asked. */
async function open(clientId: string | undefined): Promise<TokenGiver> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  if (process.env['IDENTITY_ENDPOINT'] !== undefined)
    return clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}
