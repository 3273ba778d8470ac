import { describe, expect, test } from 'vitest';
import type { ApiUnderTest } from './api-under-test.ts';

/** The document people write their programs by says what is served, all of it and nothing else. */
/** Addresses outside /api/v1, and functions that have none: whatever else the host serves must be in the document. */
const notInDocument = [
  ...['answer', 'ask-host', 'begin-summaries', 'call', 'call-back', 'callbacks-2', 'carry-out', 'dial', 'effect'],
  ...['hang-up', 'health-short', 'home', 'incoming-4', 'incoming-5', 'incoming-6', 'look-at-call-back', 'look-up'],
  ...['note-call-back', 'place-call-back', 'post-summary', 'remember-caller', 'run-effect', 'save-record'],
  ...['send-summary', 'tell-media', 'watch-hosts'],
];

export function openApiSuite(api: ApiUnderTest): void {
  describe('OpenAPI', () => {
    test('names every route under /api/v1, resolves every reference, and describes every body and reply', async () => {
      const reply = await fetch(`${api.stage.url}/api/v1/openapi.json`);
      // biome-ignore lint/suspicious/noExplicitAny: a document of any shape is checked here
      const document = (await reply.json()) as any;
      expect(document.openapi).toBe('3.1.0');

      const ids: string[] = [];
      // biome-ignore lint/suspicious/noExplicitAny: as above
      for (const [path, item] of Object.entries<any>(document.paths)) {
        // biome-ignore lint/suspicious/noExplicitAny: as above
        for (const operation of Object.values<any>(item)) {
          ids.push(operation.operationId);
          expect(operation.summary).toBeTruthy();
          const named = operation.parameters.filter((p: { in: string }) => p.in === 'path');
          expect(named.map((p: { name: string }) => `{${p.name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
          if (operation.requestBody) expect(operation.requestBody.content['application/json'].schema).toBeTruthy();
          expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
          for (const response of Object.values<{ description?: string }>(operation.responses))
            expect(response.description).toBeTruthy();
          for (const need of operation.security)
            for (const scheme of Object.keys(need)) expect(document.components.securitySchemes[scheme]).toBeTruthy();
        }
      }
      expect(new Set(ids).size).toBe(ids.length);
      const shown = new Set(ids.map(id => id.replace(/-(GET|POST|PUT|DELETE|OPTIONS)$/, '')));
      const hidden = api.stage.host.functions.filter(name => !shown.has(name));
      expect(hidden.sort()).toEqual(notInDocument);
      for (const [, ref = ''] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
        const parts = ref.replace('#/', '').split('/');
        expect([ref, parts.reduce((at, part) => at?.[part], document) !== undefined]).toEqual([ref, true]);
      }
    });
  });
}
