import { businessContainer } from '../contracts/business-record.ts';

export interface ContainerDefinition {
  id: string;
  partitionKey: { paths: string[] };
  /** Seconds; -1 keeps what names no time of its own. */
  defaultTtl: number;
  indexingPolicy: {
    indexingMode: 'consistent';
    automatic: true;
    includedPaths: { path: string }[];
    excludedPaths: { path: string }[];
    compositeIndexes?: { path: string; order: 'ascending' | 'descending' }[][];
  };
}

/**
 * The containers, kept apart by who may read them and how long they live. Deployments make them from the same
 * facts; this list is for the stand-in on a developer's machine.
 */
export const containerDefinitions: readonly ContainerDefinition[] = [
  {
    id: 'calls',
    partitionKey: { paths: ['/pk'] },
    defaultTtl: -1,
    indexingPolicy: {
      indexingMode: 'consistent',
      automatic: true,
      includedPaths: [{ path: '/*' }],
      excludedPaths: [
        { path: '/post/summary/?' },
        { path: '/handoffs/[]/reason/?' },
        { path: '/agentVersions/*' },
        { path: '/calls/*' },
        { path: '/"_etag"/?' },
      ],
      compositeIndexes: [
        [
          { path: '/type', order: 'ascending' },
          { path: '/startedAt', order: 'descending' },
        ],
        [
          { path: '/agent', order: 'ascending' },
          { path: '/startedAt', order: 'descending' },
        ],
        [
          { path: '/outcome', order: 'ascending' },
          { path: '/startedAt', order: 'descending' },
        ],
      ],
    },
  },
  {
    id: 'transcripts',
    partitionKey: { paths: ['/pk'] },
    defaultTtl: -1,
    indexingPolicy: {
      indexingMode: 'consistent',
      automatic: true,
      includedPaths: ['type', 'seq', 'at', 'agent', 'role'].map(name => ({ path: `/${name}/?` })),
      excludedPaths: [{ path: '/*' }],
    },
  },
  {
    id: 'sessions',
    partitionKey: { paths: ['/pk'] },
    defaultTtl: 86_400,
    indexingPolicy: { indexingMode: 'consistent', automatic: true, includedPaths: [], excludedPaths: [{ path: '/*' }] },
  },
  businessContainer,
];
