import type { HttpMethod } from '@azure/functions';
import type { z } from 'zod';
import type { Door } from './doors.ts';

/** A route of the control plane: who may come in, what answers, and what people are told about it. */
export interface ApiRoute {
  /** The canonical path first, then those earlier designs gave out. */
  routes: readonly string[];
  methods: HttpMethod[];
  /** `anonymous` doors check their visitors themselves. */
  authLevel: 'function' | 'anonymous';
  door: Door;
  about?: About;
}

export interface About {
  summary: string;
  /** Of what visitors show at a door that checks them itself. @default none */
  shows?: 'control-key' | 'acs-token';
  body?: z.ZodType;
  query?: z.ZodObject;
  /** Whether what is asked twice under one Idempotency-Key is done once. */
  idempotent?: true;
  /** Replies by status; refusals common to all are added. */
  replies: Readonly<Record<number, { description: string; body?: z.ZodType }>>;
}
