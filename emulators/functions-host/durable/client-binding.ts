/*
 * The value of a durableClient input binding: where the library finds the management API. Clients inside the app use
 * `rpcBaseUrl`; the other URLs carry the system key and are what the app hands to the outside.
 */

export interface ClientBindingOptions {
  hubName: string;
  /** Origin under which the host is reachable, without a trailing slash. */
  origin: string;
  /** Origin of the keyless loopback listener. */
  rpcOrigin: string;
  /** System key `durabletask_extension`. */
  key: string;
}

const placeholder = 'INSTANCEID';

/** Management URLs of one instance, as handed to clients. */
export function managementUrls(
  options: Pick<ClientBindingOptions, 'hubName' | 'origin' | 'key'>,
  id: string,
): Record<string, string> {
  const instance = `${options.origin}/runtime/webhooks/durabletask/instances/${id}`;
  const query = `taskHub=${options.hubName}&connection=Storage&code=${encodeURIComponent(options.key)}`;
  return {
    id,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${instance}/terminate?reason={text}&${query}`,
    rewindPostUri: `${instance}/rewind?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: `${instance}/restart?${query}`,
    suspendPostUri: `${instance}/suspend?reason={text}&${query}`,
    resumePostUri: `${instance}/resume?reason={text}&${query}`,
  };
}

/** @returns JSON text */
export function clientBinding(options: ClientBindingOptions): string {
  const webhook = `${options.origin}/runtime/webhooks/durabletask`;
  const code = `code=${encodeURIComponent(options.key)}`;
  const create = `${webhook}/orchestrators/{functionName}[/{instanceId}]`;
  return JSON.stringify({
    taskHubName: options.hubName,
    creationUrls: {
      createNewInstancePostUri: `${create}?${code}`,
      createAndWaitOnNewInstancePostUri: `${create}?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&${code}`,
    },
    managementUrls: managementUrls(options, placeholder),
    baseUrl: webhook,
    requiredQueryStringParameters: code,
    rpcBaseUrl: `${options.rpcOrigin}/durabletask/`,
  });
}
