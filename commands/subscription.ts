/** Does what a deployment does once with Event Grid: tells it where its events go. @param standInUrl of ACS, or e-mail */
export async function subscribeToCalls(standInUrl: string, functionsUrl: string, hostKey: string): Promise<void> {
  const url = new URL('/api/v1/calls/incoming', functionsUrl);
  if (hostKey) url.searchParams.set('code', hostKey);
  const answer = await fetch(new URL('/emulator/subscription', standInUrl), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: url.href }),
  });
  if (!answer.ok) {
    const text = (await answer.text()).slice(0, 500);
    throw new Error(
      `The functions at ${functionsUrl} did not accept the Event Grid subscription (${answer.status}): ${text}`,
    );
  }
}
