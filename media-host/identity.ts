import {
  DefaultAzureCredential,
  getBearerTokenProvider,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';

/** One credential for the process: it caches tokens for everybody. Made only where a key is missing. */
let shared: TokenCredential | undefined;

export function credential(clientId: string | undefined): TokenCredential {
  shared ??= clientId === undefined ? new DefaultAzureCredential() : new ManagedIdentityCredential({ clientId });
  return shared;
}

/** A function that gives a valid token for `scope`; cached, refreshed ahead of its end. */
export function tokenProvider(clientId: string | undefined, scope: string): () => Promise<string> {
  return getBearerTokenProvider(credential(clientId), scope);
}
