import { afterAll, describe, expect, test } from 'vitest';
import { agentPage, writtenFolders } from '../testing/written-folder.ts';

const written = writtenFolders();
const { problemsOf } = written;
afterAll(written.remove);

const good = agentPage('billing');

describe('a file is refused with file, line, column and remedy', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /^billing\.yaml:1:1: the file: .*expected object/],
    ['only a comment', '# soon\n', /^billing\.yaml:1:1: the file: .*expected object/],
    ['a list', '- name: billing\n', /^billing\.yaml:1:1: the file: .*expected object/],
    ['a word', 'billing\n', /^billing\.yaml:1:1: the file: .*expected object/],
    ['two documents', `${good}---\n${good}`, /^billing\.yaml:5:1: this is not usable YAML: .*multiple documents/],
    ['an open bracket', `${good}tools: [a, b\n`, /^billing\.yaml:6:1: this is not usable YAML: Flow sequence/],
    [
      'an open quote',
      `${good}returnGreeting: "Hi\n`,
      /^billing\.yaml:6:1: this is not usable YAML: Missing closing "quote/,
    ],
    ['a tab', `${good}voice:\n\tname: x\n`, /^billing\.yaml:6:1: this is not usable YAML: Tabs/],
    [
      'a colon in a sentence',
      good.replace('Hello.', 'Hello: you'),
      /^billing\.yaml:3:11: this is not usable YAML: Nested/,
    ],
    ['a reserved sign', good.replace('Hello.', '@home'), /^billing\.yaml:3:11: this is not usable YAML: Plain value/],
    ['wrong indentation', `${good}voice:\n    name: x\n  rate: +10%\n`, /^billing\.yaml:7:1: this is not usable YAML/],
    [
      'an unknown tag',
      good.replace('Hello.', '!shout Hello.'),
      /^billing\.yaml:3:11: this is not usable YAML: Unresolved tag/,
    ],
    ['an alias', good.replace('Be kind.', '*other'), /^billing\.yaml:4:9: write the value out instead of \*other/],
    ['an alias of itself', `${good}tools: &a [*a]\n`, /^billing\.yaml:5:12: write the value out instead of \*a/],
    ['a key that is a list', `${good}? [x]\n: 1\n`, /^billing\.yaml:5:3: this is not usable YAML: .*strings/],
    ['a key twice', `${good}greeting: Hi.\n`, /^billing\.yaml:5:1: "greeting" stands here a second time/],
    [
      'an inner key twice',
      `${good}voice:\n  name: x\n  name: y\n`,
      /^billing\.yaml:7:3: "name" stands here a second time/,
    ],
    [
      'a mistyped key',
      good.replace('greeting', 'greting'),
      /^billing\.yaml:3:1: "greting" is no key of an agent; did you mean greeting\?/m,
    ],
    [
      'a mistyped inner key',
      `${good}voice: { nam: x }\n`,
      /^billing\.yaml:5:10: "nam" is no key of voice; did you mean name\?/,
    ],
    [
      'a foreign key',
      `${good}zzzzzzzz: 1\n`,
      /^billing\.yaml:5:1: "zzzzzzzz" is no key of an agent\. Known: name, .*tools\./,
    ],
    ['a merge key', `${good}<<: { tools: [] }\n`, /^billing\.yaml:5:1: "<<" is no key of an agent/],
    ['a missing key', good.replace('prompt: Be kind.\n', ''), /^billing\.yaml:1:1: prompt is missing\.$/],
    [
      'an empty key',
      good.replace('Be kind.', ''),
      /^billing\.yaml:4:9: prompt: Invalid input: expected string, received null/,
    ],
    [
      'a number for a text',
      good.replace('Hello.', '42'),
      /^billing\.yaml:3:11: greeting: .*expected string, received number/,
    ],
    [
      'a truth for a text',
      good.replace('Knows bills', 'yes\nx: true').replace('yes\nx: ', ''),
      /^billing\.yaml:2:14: description: .*received boolean/,
    ],
    [
      'a text for a list',
      `${good}tools: opening-hours\n`,
      /^billing\.yaml:5:8: tools: .*expected array, received string/,
    ],
    ['a text for a map', `${good}voice: Jenny\n`, /^billing\.yaml:5:8: voice: .*expected object, received string/],
    [
      'a bad name',
      good.replace('billing', 'Billing Desk'),
      /^billing\.yaml:1:7: name: use lower-case letters, digits and dashes/,
    ],
    [
      'another agent’s name',
      good.replace('billing', 'desk'),
      /^billing\.yaml:1:7: name is "desk" but the file is called billing/,
    ],
    [
      'a bad rate',
      `${good}voice:\n  rate: fast\n`,
      /^billing\.yaml:6:9: voice\.rate: write a percentage such as \+10%/,
    ],
    [
      'a bad locale',
      `${good}speech:\n  language: english\n`,
      /^billing\.yaml:6:13: speech\.language: write a locale such as en-US/,
    ],
    ['a number out of range', `${good}model:\n  temperature: 3\n`, /^billing\.yaml:6:16: model\.temperature: .*<=2/],
    [
      'an empty phrase',
      `${good}speech:\n  phrases:\n    - ok\n    - ''\n`,
      /^billing\.yaml:8:7: speech\.phrases\.1: .*>=1/,
    ],
    [
      'Jinja in the greeting',
      good.replace('Hello.', "'Hello {{ x }}'"),
      /^billing\.yaml:3:11: greeting is spoken as it stands/,
    ],
    [
      'Jinja in a hold word',
      `${good}hold:\n  words: [One moment., 'Wait {{ name }}.']\n`,
      /^billing\.yaml:6:24: hold\.words\.1 is spoken as it stands/,
    ],
    [
      'a mistyped policy',
      `${good}turns: { policy: grade }\n`,
      /^billing\.yaml:5:18: turns\.policy: did you mean graded\? Known: graded, eager, patient\.$/,
    ],
    [
      'a foreign expectation',
      `${good}turns: { expects: horoscope }\n`,
      /^billing\.yaml:5:19: turns\.expects: write one of anything, digits, email, address, spelling, yes-no\.$/,
    ],
    [
      'a mistyped key of turns',
      `${good}turns: { stopwords: [halt] }\n`,
      /^billing\.yaml:5:10: "stopwords" is no key of turns; did you mean stopWords\?/,
    ],
    [
      'a mistyped section',
      `${good}silenc: { afterMs: 2000 }\n`,
      /^billing\.yaml:5:1: "silenc" is no key of an agent; did you mean silence\?/,
    ],
    [
      'a silence that is too long',
      `${good}silence: { afterMs: 5000 }\n`,
      /^billing\.yaml:5:21: silence\.afterMs: .*<=4000/,
    ],
    ['a part of a millisecond', `${good}hold: { afterMs: 1500.5 }\n`, /^billing\.yaml:5:18: hold\.afterMs: .*int/],
    ['no re-prompt at all', `${good}silence: { reprompts: [] }\n`, /^billing\.yaml:5:23: silence\.reprompts: .*>=1/],
    [
      'a statement without words',
      `${good}mustBeHeard:\n  - Fees apply.\n  - '...'\n`,
      /^billing\.yaml:7:5: mustBeHeard\.1: write words that can be spoken/,
    ],
    ['an apology that is a number', `${good}apology: 1\n`, /^billing\.yaml:5:10: apology: .*expected string/],
    [
      'a silent greeting',
      good.replace('Hello.', '"👋"'),
      /^billing\.yaml:3:11: greeting: write words that can be spoken/,
    ],
    ['too many guesses', `${good}speculation: { tries: 4 }\n`, /^billing\.yaml:5:23: speculation\.tries: .*<=3/],
    ['a path as a tool', `${good}tools: [../../etc/passwd]\n`, /^billing\.yaml:5:9: tools\.0: use lower-case letters/],
    [
      'an unknown tool',
      `${good}tools:\n  - no-such\n`,
      /^billing\.yaml:6:5: Tool "no-such" is not built in and has no file in tools\. Known: call-back, /,
    ],
    [
      'a known greeting without the name',
      `${good}knownGreeting: Hello again.\n`,
      /^billing\.yaml:5:16: knownGreeting: say \{name\} where the name of the caller belongs/,
    ],
    [
      'Jinja in the known greeting',
      `${good}knownGreeting: 'Hello {name}, {{ x }}'\n`,
      /^billing\.yaml:5:16: knownGreeting is spoken as it stands/,
    ],
    [
      'a variable that is no name',
      `${good}variables: { my-company: x }\n`,
      /^billing\.yaml:5:14: "my-company" cannot be a key of variables: begin with a small letter; use letters, digits and _\.$/,
    ],
    [
      'a variable that is no text',
      `${good}variables: { size: 12 }\n`,
      /^billing\.yaml:5:20: variables\.size: .*expected string, received number/,
    ],
    [
      'another language without a voice',
      `${good}speech: { others: [{ language: de-DE }] }\n`,
      /^billing\.yaml:5:20: speech\.others\.0\.voice is missing/,
    ],
    [
      'a mistyped key of another language',
      `${good}speech: { others: [{ language: de-DE, vioce: x }] }\n`,
      /^billing\.yaml:5:39: "vioce" is no key of speech\.others\.0; did you mean voice\?/m,
    ],
    ['a tool twice', `${good}tools: [no, no]\n`, /^billing\.yaml:5:13: tool "no" is named a second time/m],
  ])('%s', async (_, text, message) => {
    expect((await problemsOf(text)).join('\n')).toMatch(message);
  });

  test('every mistake of a file is told at once', async () => {
    const problems = await problemsOf(
      'name: Billing\ndescription: 1\ngreeting: Hello.\ngreeting: Hi.\nprompt: "{{ caler.country }}"\nvoise: {}\ntools: [none-such]\n',
    );
    expect(problems.map(problem => problem.split(': ')[0])).toEqual([
      'billing.yaml:4:1',
      'billing.yaml:1:7',
      'billing.yaml:2:14',
      'billing.yaml:6:1',
      'billing.yaml:5:13',
      'billing.yaml:7:9',
    ]);
  });
});
