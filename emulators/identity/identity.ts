/**
 * Stands in for the identity endpoint that App Service and Container Apps give to a program: a GET for a resource, with the
 * header of the environment, brings a token. With the answer held back it is an endpoint that takes its time.
 */
import { createServer } from 'node:http';
import { closeServer, listenOnLoopback, refuseProduction } from '../loopback.ts';

export type Identity = {
  /** What the environment of the program is to hold. */
  env: { IDENTITY_ENDPOINT: string; IDENTITY_HEADER: string };
  /** What has been asked, oldest first. The tokens given are `secret-token-1`, `secret-token-2`, … */
  readonly asked: readonly { resource: string; clientId: string | null; allowed: boolean }[];
  /** From now on nobody is answered until `release`. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
};

/** @param lastsSeconds how long a token is good */
export async function startIdentity({ lastsSeconds = 86_400 } = {}): Promise<Identity> {
  refuseProduction('identity');
  const secret = 'identity-header-of-the-stand-in';
  const asked: { resource: string; clientId: string | null; allowed: boolean }[] = [];
  let held: (() => void)[] | undefined;

  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const resource = searchParams.get('resource') ?? '';
    const allowed = request.headers['x-identity-header'] === secret;
    const number = asked.push({ resource, clientId: searchParams.get('client_id'), allowed });
    const expires_on = String(Math.floor(Date.now() / 1000) + lastsSeconds);
    const answer = () => {
      response.writeHead(allowed ? 200 : 401, { 'content-type': 'application/json' });
      const token = { access_token: `secret-token-${number}`, expires_on, resource, token_type: 'Bearer' };
      response.end(JSON.stringify(allowed ? token : { statusCode: 401, message: 'The header is wrong.' }));
    };
    if (held) held.push(answer);
    else answer();
  });
  const port = await listenOnLoopback(server, 0);

  return {
    env: { IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: secret },
    asked,
    hold: () => {
      held ??= [];
    },
    release: () => {
      const waiting = held ?? [];
      held = undefined;
      for (const answer of waiting) answer();
    },
    close: () => closeServer(server),
  };
}
