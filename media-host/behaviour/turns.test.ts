import { expect } from 'vitest';
import { rehearsals } from '../testing/rehearsals.ts';

const { call, encore } = rehearsals('turns');

call('a caller is greeted, asks and is answered', async begin => {
  const it = await begin({ model: ['We are open from nine to six.'] });
  await it.agentSays('Hello, how can I help?', { withinMs: 3000 });
  await it.agentIsSilent();
  it.says('What are your opening hours?');
  await it.agentSays('We are open from nine to six.');
  expect(it.asked()).toEqual(['what are your opening hours']);
});

encore();
