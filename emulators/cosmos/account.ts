/** What a client asks before its first real request: one region, reached at the address it already uses. */
export function accountResource(url: string) {
  const location = { name: 'Local', databaseAccountEndpoint: `${url}/` };
  return {
    _self: '',
    id: 'cosmos-stand-in',
    _rid: 'cosmos-stand-in',
    media: '//media/',
    addresses: '//addresses/',
    _dbs: '//dbs/',
    writableLocations: [location],
    readableLocations: [location],
    enableMultipleWriteLocations: false,
    userReplicationPolicy: { asyncReplication: false, minReplicaSetSize: 1, maxReplicasetSize: 4 },
    userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
    systemReplicationPolicy: { minReplicaSetSize: 1, maxReplicasetSize: 4 },
    readPolicy: { primaryReadCoefficient: 1, secondaryReadCoefficient: 1 },
    queryEngineConfiguration: '{"maxSqlQueryInputLength":262144,"maxJoinsPerSqlQuery":10,"enableSpatialIndexing":true}',
  };
}

/** One physical partition holds every key. */
export function partitionKeyRanges(containerRid: string) {
  const range = {
    _rid: containerRid,
    id: '0',
    minInclusive: '',
    maxExclusive: 'FF',
    ridPrefix: 0,
    throughputFraction: 1,
    status: 'online',
    parents: [],
    _etag: '"0"',
    _self: '',
    _ts: 0,
  };
  return { _rid: containerRid, PartitionKeyRanges: [range], _count: 1 };
}

/** "Nothing to rewrite or merge": the server answers every query whole, so the client need not take it apart. */
export const QUERY_PLAN = {
  partitionedQueryExecutionInfoVersion: 2,
  queryInfo: {
    distinctType: 'None',
    top: null,
    offset: null,
    limit: null,
    orderBy: [],
    orderByExpressions: [],
    groupByExpressions: [],
    groupByAliases: [],
    aggregates: [],
    groupByAliasToAggregateType: {},
    rewrittenQuery: '',
    hasSelectValue: false,
    dCountInfo: null,
    hasNonStreamingOrderBy: false,
  },
  queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
};
