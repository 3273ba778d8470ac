import { afterAll, describe, expect, test } from 'vitest';
import { agentPage, writtenFolders } from '../testing/written-folder.ts';

const written = writtenFolders();
const { problemsOf } = written;
afterAll(written.remove);

/** A scenario's page with nothing wrong in it, around three agents. */
const good = `name: shop
description: Sells and bills
start: desk
agents: [desk, billing, refunds]
handoffs:
  - from: desk
    to: billing
    when: It is about a bill.
  - from: billing
    to: refunds
    when: They want money back.
`;
const agents = {
  'desk.yaml': agentPage('desk', 'variables: { company: Example, city: Berlin }\n'),
  'billing.yaml': agentPage('billing'),
  'refunds.yaml': agentPage('refunds'),
};
const told = async (page: string, more: Record<string, string> = {}) =>
  (await problemsOf({ ...agents, 'scenarios/shop.yaml': page, ...more })).join('\n');

describe('a scenario is refused with file, line, column and remedy', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /^scenarios\/shop\.yaml:1:1: the file: .*expected object/],
    ['no YAML', 'name: [', /^scenarios\/shop\.yaml:1:8: this is not usable YAML/],
    [
      'a mistyped key',
      good.replace('start', 'strat'),
      /^scenarios\/shop\.yaml:3:1: "strat" is no key of a scenario; did you mean start\?/m,
    ],
    ['no start', good.replace('start: desk\n', ''), /^scenarios\/shop\.yaml:1:1: start is missing\.$/],
    ['no agent at all', good.replace(/agents: .*/, 'agents: []'), /^scenarios\/shop\.yaml:4:9: agents: .*>=1/m],
    [
      'another scenario’s name',
      good.replace('shop', 'store'),
      /^scenarios\/shop\.yaml:1:7: name is "store" but the file is called shop/,
    ],
    [
      'an agent that is not there',
      good.replace('[desk, billing,', '[desk, biling,'),
      /^scenarios\/shop\.yaml:4:16: agent "biling" has no file; did you mean billing\?/,
    ],
    [
      'an agent nobody has heard of',
      good.replace('refunds]', 'refunds, astrologer]'),
      /^scenarios\/shop\.yaml:4:34: agent "astrologer" has no file\. Known: billing, desk, refunds\./,
    ],
    [
      'an agent twice',
      good.replace('refunds]', 'refunds, desk]'),
      /^scenarios\/shop\.yaml:4:34: agent "desk" is named a second time/,
    ],
    [
      'a start that takes no part',
      good.replace('start: desk', 'start: desc'),
      /^scenarios\/shop\.yaml:3:8: "desc" is none of this scenario's agents; did you mean desk\?/,
    ],
    [
      'a start that was left out of the agents',
      good.replace('[desk, ', '[').replace(/ {2}- from: desk\n.*\n.*\n/, ''),
      /^scenarios\/shop\.yaml:3:8: "desk" is none of this scenario's agents; add it to agents\./,
    ],
    [
      'a handoff from nobody',
      good.replace('from: billing', 'from: bilings'),
      /:9:11: "bilings" is none of this scenario's agents; did you mean billing\?/,
    ],
    [
      'a handoff to nobody',
      good.replace('to: refunds', 'to: refund'),
      /:10:9: "refund" is none of this scenario's agents; did you mean refunds\?/,
    ],
    [
      'a handoff to itself',
      good.replace('to: refunds', 'to: billing'),
      /:10:9: "billing" cannot hand the caller to itself/,
    ],
    [
      'a handoff twice',
      `${good}  - { from: desk, to: billing, when: Also this. }\n`,
      /:12:5: the handoff from "desk" to "billing" stands here a second time/,
    ],
    [
      'a handoff without an occasion',
      good.replace('    when: It is about a bill.\n', ''),
      /:6:5: handoffs\.0\.when is missing/,
    ],
    [
      'a mistyped key of a handoff',
      good.replace('when: It', 'whne: It'),
      /:8:5: "whne" is no key of handoffs\.0; did you mean when\?/m,
    ],
    [
      'a mistyped kind',
      `${good}    kind: discret\n`,
      /:12:11: handoffs\.1\.kind: did you mean discreet\? Known: announced, discreet/,
    ],
    [
      'a mistyped key of what crosses',
      `${good}    shares: { histroy: false }\n`,
      /:12:15: "histroy" is no key of handoffs\.1\.shares; did you mean history\?/,
    ],
    [
      'facts that are neither all nor a list',
      `${good}    shares: { facts: [Customer Id] }\n`,
      /:12:23: handoffs\.1\.shares\.facts\.0: use lower-case letters/,
    ],
    [
      'an agent that no handoff leads to',
      good.replace('from: billing\n    to: refunds', 'from: refunds\n    to: billing'),
      /:4:25: no handoff leads from "desk" to "refunds"/,
    ],
    [
      'a circle that nobody gets out of',
      `${good}  - { from: refunds, to: billing, when: Back. }\n`,
      /:9:5: a caller never gets out of billing, refunds; hand on to another agent, or give one of them end-call or talk-to-person/,
    ],
    [
      'a variable that no agent declares',
      `${good}variables: { compny: Other }\n`,
      /:12:14: none of the agents declares a variable "compny"; did you mean company\?/,
    ],
    [
      'a variable that is no name',
      `${good}variables: { Company: Other }\n`,
      /:12:14: "Company" cannot be a key of variables: begin with a small letter/,
    ],
    [
      'a default that no agent has',
      `${good}defaults: { voice: { nme: x } }\n`,
      /:12:22: "nme" is no key of defaults\.voice; did you mean name\?/,
    ],
    [
      'a default that is each agent’s own',
      `${good}defaults: { greeting: Hi. }\n`,
      /:12:13: "greeting" is no key of defaults\. Known: voice, /,
    ],
    [
      'a default out of range',
      `${good}defaults: { silence: { afterMs: 9 } }\n`,
      /:12:33: defaults\.silence\.afterMs: .*>=1500/,
    ],
    [
      'Jinja in what is said',
      `${good}    says: "Bye {{ name }}"\n`,
      /:12:11: handoffs\.1\.says is spoken as it stands/,
    ],
    [
      'Jinja in a default',
      `${good}defaults: { apology: "{% x %} sorry" }\n`,
      /:12:22: defaults\.apology is spoken as it stands/,
    ],
    [
      'Jinja in a topic',
      `${good}guardrails: { topics: [{ name: tax, words: [tax], says: "{{ no }}" }] }\n`,
      /:12:57: guardrails\.topics\.0\.says is spoken as it stands/,
    ],
    [
      'a topic without words',
      `${good}guardrails: { topics: [{ name: tax, words: [], says: No. }] }\n`,
      /:12:44: guardrails\.topics\.0\.words: .*>=1/,
    ],
    [
      'a guard that does what none does',
      `${good}guardrails: { abuse: { next: hang } }\n`,
      /:12:30: guardrails\.abuse\.next: write one of say, person, end/,
    ],
  ])('%s', async (_, page, message) => {
    expect(await told(page)).toMatch(message);
  });

  test('the name of an agent', async () => {
    const page = good.replace('shop', 'desk');
    expect((await problemsOf({ ...agents, 'scenarios/desk.yaml': page })).join('\n')).toBe(
      'scenarios/desk.yaml:1:7: "desk" is the name of an agent; an agent alone is a scenario under its own name.',
    );
  });

  test('the wrong ending', async () => {
    expect(await told(good, { 'scenarios/other.yml': good })).toBe(
      'scenarios holds other.yml: call it other.yaml, or it is overlooked.',
    );
  });

  test('and its agents’ mistakes are told with its own, each once', async () => {
    const page = good.replace('start: desk', 'start: desc');
    const lines = (await told(page, { 'billing.yaml': agentPage('billing', 'voise: {}\n') })).split('\n');
    expect(lines.map(line => line.split(': ')[0])).toEqual(['billing.yaml:5:1', 'scenarios/shop.yaml:3:8']);
  });
});

describe('a circle is let be', () => {
  const around = `${good}  - { from: refunds, to: billing, when: Back. }\n`;

  test.each<[string, Record<string, string>, string]>([
    [
      'where one of its agents can end the call',
      { 'refunds.yaml': agentPage('refunds', 'tools: [end-call]\n') },
      around,
    ],
    [
      'where one of its agents finds a person',
      { 'billing.yaml': agentPage('billing', 'tools: [talk-to-person]\n') },
      around,
    ],
    [
      'where a handoff leads out of it',
      { 'goodbye.yaml': agentPage('goodbye') },
      `${around.replace('refunds]', 'refunds, goodbye]')}  - { from: refunds, to: goodbye, when: Done. }\n`,
    ],
  ])('%s', async (_, more, page) => {
    await expect(written.folderOf({ ...agents, 'scenarios/shop.yaml': page, ...more })).resolves.toBeTypeOf('string');
    await expect(told(page, more)).rejects.toThrow('was to be refused');
  });
});
