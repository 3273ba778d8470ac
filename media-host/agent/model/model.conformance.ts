import { describe, expect, test } from 'vitest';
import type { ChatModel, ModelEvent, ModelRequest, ModelTool } from './model.ts';

/**
 * What every adapter of the model port must do, told so that a real service can be asked too: run it with a deployment
 * that follows simple instructions.
 */
export function modelConformance(name: string, open: () => { model: ChatModel; deployment: string }): void {
  const weather: ModelTool = {
    name: 'get_weather',
    description: 'The weather in a town. Use it for every question about the weather.',
    parameters: {
      type: 'object',
      properties: { town: { type: 'string' } },
      required: ['town'],
      additionalProperties: false,
    },
  };
  const ask = (more: Partial<ModelRequest> & Pick<ModelRequest, 'history'>): AsyncIterable<ModelEvent> => {
    const { model, deployment } = open();
    return model.stream({
      model: deployment,
      instructions: 'You answer in plain words.',
      tools: [],
      signal: new AbortController().signal,
      cacheKey: 'conformance',
      maxOutputTokens: 400,
      ...more,
    });
  };

  describe(`${name} as a chat model`, () => {
    test('streams text and ends with one done that counts tokens', async () => {
      const events = await all(ask({ history: [{ type: 'caller', text: 'Count from one to twenty in words.' }] }));
      expect(textOf(events)).toMatch(/one\W+two\W+three[\s\S]*nineteen\W+twenty/i);
      expect(events.filter(({ type }) => type === 'text').length).toBeGreaterThan(3);
      expect(events.filter(({ type }) => type === 'done')).toHaveLength(1);
      expect(events.at(-1)).toMatchObject({ type: 'done', finish: 'stop' });
      const { usage } = events.at(-1) as Extract<ModelEvent, { type: 'done' }>;
      expect(usage?.input).toBeGreaterThan(5);
      expect(usage?.output).toBeGreaterThan(5);
      expect(usage?.cached).toBeLessThanOrEqual(usage?.input ?? 0);
    });

    test('calls a tool and goes on from its output', async () => {
      const asked = { type: 'caller', text: 'What is the weather in Rome?' } as const;
      const events = await all(ask({ history: [asked], tools: [weather] }));
      expect(events.at(-1)).toMatchObject({ finish: 'tool-calls' });
      const call = events.find(event => event.type === 'tool-call');
      expect(call).toMatchObject({ name: 'get_weather' });
      expect(JSON.parse(call?.arguments ?? '')).toEqual({ town: 'Rome' });
      const output = { type: 'tool-output', callId: call?.callId ?? '', output: '{"sky":"hail","degrees":3}' } as const;
      const after = await all(ask({ history: call ? [asked, call, output] : [], tools: [weather] }));
      expect(textOf(after)).toMatch(/hail/i);
      expect(after.at(-1)).toMatchObject({ type: 'done', finish: 'stop' });
    });

    test('understands all that a conversation is made of', async () => {
      const exchange = (callId: string, town: string, sky: string): ModelRequest['history'] => [
        { type: 'tool-call', callId, name: 'get_weather', arguments: JSON.stringify({ town }) },
        { type: 'tool-output', callId, output: JSON.stringify({ sky }) },
      ];
      const [rome, paris] = [exchange('call_1', 'Rome', 'hail'), exchange('call_2', 'Paris', 'fog')];
      const history: ModelRequest['history'] = [
        { type: 'data', text: '{"facts":{"name":"Ann"}}' },
        { type: 'caller', text: 'What is the weather in Rome and in Paris?' },
        { type: 'agent', text: 'I will look.' },
        ...[rome[0], paris[0], rome[1], paris[1]].filter(item => item !== undefined),
        { type: 'agent', text: 'Hail in Rome, fog in Paris.' },
        { type: 'note', text: 'The line was gone for a moment.' },
        { type: 'caller', text: 'And now, what is the weather in Oslo?' },
      ];
      const events = await all(ask({ history, tools: [weather] }));
      expect(events.at(-1)).toMatchObject({ finish: 'tool-calls' });
      const call = events.find(event => event.type === 'tool-call');
      expect(JSON.parse(call?.arguments ?? '')).toEqual({ town: 'Oslo' });
    });

    test('tells nothing after the abort, and no done', async () => {
      const abort = new AbortController();
      const events: ModelEvent[] = [];
      const history = [{ type: 'caller', text: 'Count from one to twenty in words.' }] as const;
      for await (const event of ask({ history, signal: abort.signal })) {
        events.push(event);
        if (events.length === 2) abort.abort();
      }
      expect(events.map(({ type }) => type)).toEqual(['text', 'text']);
    });

    test('is silent when it is aborted before it begins', async () => {
      const history = [{ type: 'caller', text: 'Hello.' }] as const;
      expect(await all(ask({ history, signal: AbortSignal.abort() }))).toEqual([]);
    });

    test('fails with a code when the deployment does not exist', async () => {
      const history = [{ type: 'caller', text: 'Hello.' }] as const;
      await expect(all(ask({ history, model: 'no-such-deployment' }))).rejects.toMatchObject({
        code: 'MODEL_UNAVAILABLE',
        details: { reason: expect.stringContaining('404') },
      });
    });
  });
}

async function all(stream: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

function textOf(events: readonly ModelEvent[]): string {
  return events.flatMap(event => (event.type === 'text' ? [event.delta] : [])).join('');
}
