import { z } from 'zod';
import type { ApiRoute } from './api-route.ts';
import type { Door } from './doors.ts';
import { failure } from './log.ts';
import { problem } from './problem.ts';
import { dayStatistics, hostStatistics, processStatistics } from './statistics.ts';

/** Counting a day's calls costs the database more than reading one: people who look together see the same count. */
const maxAgeMs = 10_000;

const showStatistics: Door = async ({ statistics }, _request, _client, log) => {
  const now = Date.now();
  try {
    const [lastDay, hosts] = await Promise.all([statistics.lastDay(now, maxAgeMs), statistics.hosts(now)]);
    return { status: 200, jsonBody: { lastDay, hosts, process: statistics.process(now) } };
  } catch (error) {
    log.error('statistics.failed', failure(error));
    return problem(503, 'The calls could not be counted just now.');
  }
};

export const statisticsRoutes: Readonly<Record<string, ApiRoute>> = {
  statistics: {
    routes: ['api/v1/statistics'],
    methods: ['GET'],
    authLevel: 'function',
    door: showStatistics,
    about: {
      summary: 'Counts the calls of the last day, what the media hosts carry, and what this process has done',
      replies: {
        200: {
          description: 'The counts, by the names of their metrics.',
          body: z.object({ lastDay: dayStatistics, hosts: hostStatistics, process: processStatistics }),
        },
      },
    },
  },
};
