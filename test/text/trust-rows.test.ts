import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visible } from '../../src/lib/text.ts';
import { fullText, powerLines, trustQuestion, withheldSentence } from '../../src/text/trust-rows.ts';

const withheld = (asked: Record<string, unknown>, trusted: Record<string, unknown> = {}) => ({
  hash: '0123456789abcdef',
  asked,
  trusted,
});

test('[SEC-8] nothing in what is asked for is hidden: control, bidi and invisible characters are written out', () => {
  const task = 'make test \u202E\u2066#\u200B\u00AD\u00A0\u3164\u{E0041}\u001B[2J\u009B\rrm -rf /';
  const [line] = powerLines({}, { checks: { task } });
  expect(line).toBe(
    '  + checks.task (runs): "make test \\u202e\\u2066#\\u200b\\u00ad\\u00a0\\u3164\\udb40\\udc41\\u001b[2J\\u009b\\u000drm -rf /"',
  );
});

test('[SEC-8] whatever a value holds, a reader sees every character of it, and two values never look the same', () => {
  const unit = fc.constantFrom(
    'a',
    '\\',
    '"',
    'u',
    '{',
    '}',
    '\n',
    '\t',
    ' ',
    '\u202E',
    '\u200B',
    '\u2028',
    '\u001B',
    'é',
  );
  const text = fc.string({ unit });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(visible(a)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      if (a !== b) expect(fullText(a)).not.toBe(fullText(b));
    }),
  );
});

test('a command of several lines is shown in its lines', () => {
  expect(powerLines({}, { checks: { task: 'a\n\u001Bb' } })).toEqual([
    '  + checks.task (runs):',
    '      | a',
    '      | \\u001bb',
  ]);
});

test('the question names what goes and what comes, names of agents included, and cuts nothing', () => {
  const long = 'x'.repeat(3000);
  const asked = { agents: { a: { env: { 'L\u202ED': long } } }, permissions: { policy: 'allow' } };
  const text = trustQuestion('/r/.drover/config.json', withheld(asked, { checks: { task: 'make test' } }));
  expect(text.split('\n')).toEqual([
    '/r/.drover/config.json wants to run or allow this:',
    '  - checks.task (runs): "make test"',
    `  + agents.a.env.L\\u202eD (runs): "${long}"`,
    '  + permissions.policy (allows): "allow"',
    'Trust it? It holds at once, for this repository, until it changes.',
  ]);
});

test('what is off is said in a sentence with the names of the settings', () => {
  expect(withheldSentence('/r/c.json', withheld({ checks: { task: 'x' } }))).toBe(
    'Off until you trust it: checks.task, which can run or allow something, in /r/c.json.',
  );
  const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, { command: ['x'] }]));
  expect(withheldSentence('c', withheld({ agents: many }, { checks: { task: 'x' } }))).toContain(
    'Off until you trust it: agents.a.command, agents.b.command, agents.c.command, agents.d.command and 2 more; until then as you trusted it before: checks.task. All of it can run or allow something, in c.',
  );
  // A key that is new beside what was trusted was never trusted itself.
  const robot = { agents: { robot: { command: ['robot'] } } };
  const checks = { checks: { task: 'x' } };
  expect(withheldSentence('c', withheld({ ...checks, ...robot }, checks))).toBe(
    'Off until you trust it: agents.robot.command, which can run or allow something, in c.',
  );
});
