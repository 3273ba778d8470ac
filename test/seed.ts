import fc from 'fast-check';

/** Property tests try the same cases on every machine; FC_SEED looks for others. */
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20_261_121) });
