import type { RegisteredFunction } from '../core-module.ts';
import { triggerOf } from '../invocation.ts';
import { matchTemplate, parseTemplate, type RouteTemplate } from './route-template.ts';

/** Finds the HTTP function of a request. A method that no route lists is 404, as on Azure, and not 405. */

export type AuthLevel = 'anonymous' | 'function' | 'admin';

export interface HttpFunction {
  fn: RegisteredFunction;
  route: RouteTemplate;
  /** Upper case; empty means any. */
  methods: ReadonlySet<string>;
  authLevel: AuthLevel;
}

/** @param prefix host.json `extensions.http.routePrefix` */
export function httpFunctions(functions: Iterable<RegisteredFunction>, prefix: string): HttpFunction[] {
  const found: HttpFunction[] = [];
  for (const fn of functions) {
    const trigger = triggerOf(fn);
    if (trigger.type.toLowerCase() !== 'httptrigger') continue;
    const own = typeof trigger['route'] === 'string' ? trigger['route'] : fn.metadata.name;
    found.push({
      fn,
      route: parseTemplate([prefix, own].filter(part => part !== '').join('/')),
      methods: new Set(((trigger['methods'] as string[] | undefined) ?? []).map(method => method.toUpperCase())),
      authLevel: String(trigger['authLevel'] ?? 'anonymous').toLowerCase() as AuthLevel,
    });
  }
  return found.sort((a, b) =>
    a.route.precedence < b.route.precedence ? -1 : a.route.precedence > b.route.precedence ? 1 : 0,
  );
}

export function findHttpFunction(
  routes: readonly HttpFunction[],
  method: string,
  path: string,
): { http: HttpFunction; params: Record<string, string> } | undefined {
  const segments = path.split('/').filter(segment => segment !== '');
  for (const http of routes) {
    if (http.methods.size > 0 && !http.methods.has(method.toUpperCase())) continue;
    const params = matchTemplate(http.route, segments);
    if (params) return { http, params };
  }
  return undefined;
}
