import { meant } from './meant.ts';

/**
 * Finds the names in a parsed Jinja template that will have no value as it renders. The parser tells no positions, so a
 * problem carries the name to look for.
 */
export interface NameProblem {
  message: string;
  /** The word in the template that is wrong. */
  name: string;
}

/** The names that have a value, and what may stand after their dot; `null` means anything may. */
export type Variables = Readonly<Record<string, readonly string[] | null>>;

const builtIn = ['true', 'false', 'none', 'True', 'False', 'None', 'range', 'namespace'];

export function nameProblems(template: unknown, variables: Variables): NameProblem[] {
  const problems: NameProblem[] = [];
  const scope = new Set([...Object.keys(variables), ...builtIn]);
  walk(template, scope, { variables, report: problem => problems.push(problem) });
  return problems;
}

interface AstNode {
  type: string;
  [part: string]: unknown;
}

interface Names {
  variables: Variables;
  report(problem: NameProblem): void;
}

/** Looks at every name in `node`; `scope` holds the names that have a value there and grows by `{% set %}`. */
function walk(node: unknown, scope: Set<string>, names: Names): void {
  if (Array.isArray(node) || node instanceof Map) {
    for (const item of node) walk(item, scope, names);
  } else if (isNode(node)) {
    walkNode(node, scope, names);
  }
}

function walkNode(node: AstNode, scope: Set<string>, names: Names): void {
  switch (node.type) {
    case 'Identifier':
      checkName(String(node['value']), scope, names);
      break;
    case 'MemberExpression':
      checkMember(node, scope, names);
      walk([node['object'], node['computed'] === true ? node['property'] : undefined], scope, names);
      break;
    case 'FilterExpression':
    case 'FilterStatement':
      walk([node['operand'], node['body'], isNode(node['filter']) ? node['filter']['args'] : undefined], scope, names);
      break;
    case 'TestExpression':
      walk(node['operand'], scope, names);
      break;
    case 'KeywordArgumentExpression':
      walk(node['value'], scope, names);
      break;
    case 'Set':
      walk([node['value'], node['body']], scope, names);
      declare(node['assignee'], scope);
      break;
    case 'For':
      walkLoop(node, scope, names);
      break;
    case 'Macro':
      declare(node['name'], scope);
      walkInside(node, node['args'], scope, names);
      break;
    case 'CallStatement':
      walk(node['call'], scope, names);
      walkInside(node, node['callerArgs'], scope, names);
      break;
    default:
      // An operator is a token that looks like a name: "and", "not".
      for (const [key, part] of Object.entries(node)) if (key !== 'operator') walk(part, scope, names);
  }
}

function walkLoop(node: AstNode, scope: Set<string>, names: Names): void {
  const inside = new Set([...scope, 'loop']);
  declare(node['loopvar'], inside);
  const { iterable } = node;
  if (isNode(iterable) && iterable.type === 'SelectExpression') {
    walk(iterable['lhs'], scope, names);
    walk(iterable['test'], inside, names);
  } else {
    walk(iterable, scope, names);
  }
  walk(node['body'], inside, names);
  walk(node['defaultBlock'], scope, names);
}

/** The body of a macro or call block, where its parameters have values. */
function walkInside(node: AstNode, parameters: unknown, scope: Set<string>, names: Names): void {
  const inside = new Set([...scope, 'caller', 'varargs', 'kwargs']);
  for (const parameter of Array.isArray(parameters) ? parameters : []) {
    walk(isNode(parameter) ? parameter['value'] : undefined, scope, names);
    declare(parameter, inside);
  }
  walk(node['body'], inside, names);
}

function declare(target: unknown, scope: Set<string>): void {
  if (!isNode(target)) return;
  if (target.type === 'Identifier') scope.add(String(target['value']));
  if (target.type === 'KeywordArgumentExpression') declare(target['key'], scope);
  if (target.type === 'TupleLiteral' && Array.isArray(target['value'])) {
    for (const item of target['value']) declare(item, scope);
  }
}

function checkName(name: string, scope: ReadonlySet<string>, { variables, report }: Names): void {
  if (scope.has(name)) return;
  report({ name, message: `uses "${name}", which has no value${meant(name, Object.keys(variables))}` });
}

function checkMember(node: AstNode, scope: ReadonlySet<string>, { variables, report }: Names): void {
  const { object, property } = node;
  if (!isNode(object) || object.type !== 'Identifier' || !isNode(property)) return;
  const root = String(object['value']);
  const known = Object.hasOwn(variables, root) && scope.has(root) ? variables[root] : null;
  const literal = property.type === (node['computed'] === true ? 'StringLiteral' : 'Identifier');
  if (!known || !literal) return;
  const name = String(property['value']);
  if (!known.includes(name))
    report({ name, message: `uses "${root}.${name}", which has no value${meant(name, known)}` });
}

function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
