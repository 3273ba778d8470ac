import { z } from 'zod';
import { locale } from '../../contracts/agent.ts';
import { defineTool } from '../tool.ts';

/** The agent goes on in another language that its page has a voice for. */
export const switchLanguage = defineTool({
  name: 'switch-language',
  description:
    'Goes on in another language: from the next sentence on you speak it, and the caller is understood in it. ' +
    'Use it when the caller asks for another language, or speaks one. Call it before you say anything in it.',
  parameters: z.object({ language: locale.describe('A locale such as es-ES') }),
  timeoutMs: 5000,
  tags: ['call'],
  result: z.object({ language: z.string().optional(), status: z.string(), known: z.array(z.string()).optional() }),
  summarise: ({ language, status }) => language ?? status,
  run: ({ language }, { languages = [], switchLanguage: change }) => {
    if (!change) throw new Error('there is no caller on the line');
    const meant = closest(language, languages);
    if (meant === undefined || !change(meant))
      return { status: 'you do not speak this language: say so', known: [...languages] };
    return { language: meant, status: 'go on in this language' };
  },
});

/** A caller who asks for Spanish takes the Spanish there is. */
function closest(wanted: string, known: readonly string[]): string | undefined {
  const tongue = (language: string) => language.split('-')[0];
  return known.find(one => one === wanted) ?? known.find(one => tongue(one) === tongue(wanted));
}
