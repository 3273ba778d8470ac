import { app } from '@azure/functions';

/** The floor of every webhook: a function that answers 200 and does nothing, on the host that runs the product. */
app.http('empty', { route: 'empty', methods: ['POST'], authLevel: 'anonymous', handler: () => ({ status: 200 }) });
