import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity';

/**
 * Who the functions are on Azure. The library is loaded with the first token and not at start: it is most of the bundle,
 * and wherever keys are configured it is never needed.
 */
export function azureIdentity(clientId: string | undefined): TokenCredential {
  let loading: Promise<TokenCredential> | undefined;
  return {
    async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
      loading ??= load(clientId);
      return (await loading).getToken(scopes, options);
    },
  };
}

/** On a developer's machine the default chain finds the signed-in account; in Azure only the managed identity is asked. */
async function load(clientId: string | undefined): Promise<TokenCredential> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  if (clientId !== undefined && process.env['IDENTITY_ENDPOINT'] !== undefined)
    return new ManagedIdentityCredential({ clientId });
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}
