import { createServer, type IncomingMessage } from 'node:http';
import { CallAutomationClient } from '@azure/communication-call-automation';
import { closed, listen } from './relayed-calls.ts';
import { subscribe } from './stand-in.ts';

/** Answers every call of an ACS stand-in at once and has its sound sent to one socket address: all that a floor needs of a control plane. */
export async function answerCalls(
  acs: { url: string; connectionString: string },
  transportUrl: string,
): Promise<{ stop(): Promise<void> }> {
  const client = new CallAutomationClient(acs.connectionString, { allowInsecureConnection: true });
  const server = createServer((request, response) => {
    answer(request).then(
      body => response.end(JSON.stringify(body)),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      },
    );
  });
  const url = await listen(server, 'http');

  const answer = async (request: IncomingMessage): Promise<object> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url !== '/') return {};
    for (const { data } of JSON.parse(Buffer.concat(chunks).toString()) as RingEvent[]) {
      if (data.validationCode !== undefined) return { validationResponse: data.validationCode };
      if (data.incomingCallContext === undefined) continue;
      await client.answerCall(data.incomingCallContext, `${url}/callbacks`, {
        mediaStreamingOptions: {
          transportType: 'websocket',
          transportUrl,
          contentType: 'audio',
          audioChannelType: 'unmixed',
          startMediaStreaming: true,
          enableBidirectional: true,
          audioFormat: 'Pcm16KMono',
        },
      });
    }
    return {};
  };

  await subscribe(acs.url, url);
  return { stop: () => closed(server) };
}

interface RingEvent {
  data: { validationCode?: string; incomingCallContext?: string };
}
