import { z } from 'zod';

/**
 * The facts of a call, as they stand in its partition of the container `calls`: what handlers of events note, and whoever
 * places a call, for its agent. The control plane writes them, the media host reads them where it takes a call over.
 */
export const factsId = 'memory';

export const storedFacts = z.object({ facts: z.record(z.string(), z.string()) });
