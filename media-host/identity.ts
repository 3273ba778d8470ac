import type { Logger } from 'pino';
import type { Settings } from '../contracts/settings.ts';
import { type TokenCache, type TokenGiver, tokenCache } from '../contracts/token-cache.ts';
import { type Bearer, bearer } from './bearer.ts';
import { openLog } from './log.ts';

/**
 * Who the media host is on Azure. Each thread has tokens of its own: only the audience of Speech and the model is wanted
 * in two of them, and to share that one every question for a token would cross the media thread, which nobody is to keep
 * busy. The library is loaded only where a key is missing: loading it takes longer than a frame.
 */
let mine: TokenCache | undefined;
let library: Promise<typeof import('@azure/identity')> | undefined;
let log: Logger | undefined;

type IdentitySettings = Pick<Settings, 'AZURE_CLIENT_ID' | 'LOG_LEVEL'>;

/** The credential of this thread, for the SDKs. */
export function credential(clientId: string | undefined): TokenCache {
  mine ??= tokenCache({
    open: () => open(clientId),
    now: Date.now,
    after: (ms, run) => {
      const timer = setTimeout(run, ms).unref();
      return () => clearTimeout(timer);
    },
    note: (what, scope, ms) => log?.[what === 'failed' ? 'warn' : 'info']({ scope, ms }, `identity.token-${what}`),
  });
  return mine;
}

/** What a service is shown that takes bare tokens. */
export const bearerFor = (clientId: string | undefined, scope: string): Bearer => bearer(credential(clientId), scope);

/**
 * Fetches tokens before the first call needs them. Resolves when the library is loaded, so that no call is held up by
 * that; the tokens come in their own time. Without scopes nothing is loaded.
 */
export async function warmIdentity(settings: IdentitySettings, scopes: readonly string[]): Promise<void> {
  if (scopes.length === 0) return;
  log ??= openLog(settings.LOG_LEVEL);
  log.info({ type: isManaged() ? 'managed-identity' : 'default-chain', scopes }, 'identity.used');
  void credential(settings.AZURE_CLIENT_ID).warm(scopes);
  await load();
}

/** Where Azure hosts the program it says whom to ask for tokens. */
const isManaged = (): boolean => process.env['IDENTITY_ENDPOINT'] !== undefined;

function load(): Promise<typeof import('@azure/identity')> {
  library ??= import('@azure/identity');
  return library;
}

/** On a developer's machine the default chain finds the signed-in account; in Azure only the managed identity is asked. */
async function open(clientId: string | undefined): Promise<TokenGiver> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await load();
  if (!isManaged()) return new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : {});
  return clientId ? new ManagedIdentityCredential({ clientId }) : new ManagedIdentityCredential();
}
