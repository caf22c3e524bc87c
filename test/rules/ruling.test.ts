import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Place } from '../../src/rules/path-rule.ts';
import { rulingOn } from '../../src/rules/ruling.ts';
import { layersFor, policyRecord, type ToolUse } from '../../src/state/permissions.ts';
import { type PermissionSettings, settingsSchema } from '../../src/state/settings.ts';

const WORKTREE = '/data/wt/claude-1';

/** A place without links, where what is said is what is. */
const placed = (subject: string): Place => ({
  worktree: WORKTREE,
  real: { worktree: WORKTREE, path: resolve(WORKTREE, subject) },
});

const ruled = (rules: PermissionSettings, tool: string, subject: string, more: Partial<ToolUse> = {}) =>
  rulingOn([{ place: 'permissions', rules }], { tool, subject, whole: true, ...more }, placed(subject)).decision;

const bash = (allow: readonly string[], command: string) => ruled({ allow: [...allow] }, 'Bash', command);

test.each([
  ['npm test', 'allow'],
  ['npm test -- --run x', 'allow'],
  ['npm testing', 'ask'],
  ['npm test 2>&1', 'allow'],
  ['npm test >/dev/null 2>&1', 'allow'],
  ['npm test && npm test', 'allow'],
  ['npm test | git status', 'allow'],
  ['npm test "a; b" \'c | d\' e\\;f', 'allow'],
  ['npm test; rm -rf /', 'ask'],
  ['npm test && curl x', 'ask'],
  ['npm test & curl x', 'ask'],
  ['npm test\ncurl x', 'ask'],
  ['npm test | sh', 'ask'],
  ['npm test $(curl x)', 'ask'],
  ['npm test "$(curl x)"', 'ask'],
  ['npm test `curl x`', 'ask'],
  ['npm test "`curl x`"', 'ask'],
  ['npm test <(curl x)', 'ask'],
  ['npm test > src/a.ts', 'ask'],
  ['npm test >/dev/nullx', 'ask'],
  ['npm test 2>&1x', 'ask'],
  ['npm test <<EOF', 'ask'],
  ["npm test $'\\x3b'", 'ask'],
  ['npm test "', 'ask'],
  ["npm test '", 'ask'],
  ['npm test \\', 'ask'],
  ['(npm test)', 'allow'],
  ['LD_PRELOAD=x npm test', 'ask'],
  ['sudo npm test', 'ask'],
  ['', 'ask'],
])('with Bash(npm test:*) and Bash(git status) allowed the command %j is answered by %s', (command, decision) => {
  expect(bash(['Bash(npm test:*)', 'Bash(git status)'], command)).toBe(decision);
});

test.each([
  ['git push', 'deny'],
  ['git push --force', 'deny'],
  ['cd x && git push', 'deny'],
  ['echo $(git push)', 'deny'],
  ['FOO=1 BAR="a b" git push', 'deny'],
  ['sudo -n git push', 'deny'],
  ['env X=1 git push', 'deny'],
  ['ls | xargs git push', 'deny'],
  ['/usr/bin/git push', 'deny'],
  ['GIT push', 'deny'],
  ['git -C x push', 'deny'],
  ['git -c a.b=c --no-pager push', 'deny'],
  ["'git' pu\\sh", 'deny'],
  ["$'git' push", 'deny'],
  ['bash -c "ls; git push"', 'deny'],
  ['bash -c "bash -c \'git push\'"', 'deny'],
  ["echo 'git push' | sh", 'deny'],
  ['sh <<EOF\ngit push\nEOF', 'deny'],
  ['f() { git push; }; f', 'deny'],
  ['alias p="git push"; p', 'deny'],
  ['find . -exec git push ";"', 'deny'],
  ['$X push', 'deny'],
  ['git $X', 'deny'],
  ['git {push,pull}', 'deny'],
  ['eval "$X"', 'deny'],
  ['bash -c "$X"', 'deny'],
  ["ls # it's\ngit push\n# '", 'deny'],
  ['npm test "', 'ask'],
  ['git pull', 'allow'],
  ['echo git push', 'allow'],
  ['echo "$X"', 'allow'],
  ['git commit -m "then git push"', 'allow'],
])('where every command is allowed and Bash(git push:*) denied, %j is answered by %s', (command, decision) => {
  expect(ruled({ policy: 'allow', deny: ['Bash(git push:*)'] }, 'Bash', command)).toBe(decision);
});

test.each([
  ['Edit(src/**)', 'Write', `${WORKTREE}/src/a/b.ts`, 'allow'],
  ['Edit(src/**)', 'Edit', 'src/a.ts', 'allow'],
  ['Edit(src/**)', 'Edit', `${WORKTREE}/src/../.git/config`, 'ask'],
  ['Edit(src/**)', 'Edit', '/etc/src/a.ts', 'ask'],
  ['Edit(src/**)', 'Edit', `${WORKTREE}-2/src/a.ts`, 'ask'],
  ['Edit(src/**)', 'Edit', '', 'ask'],
  ['Edit(src/*.ts)', 'Edit', 'src/a.ts', 'allow'],
  ['Edit(src/*.ts)', 'Edit', 'src/deep/a.ts', 'ask'],
  ['Edit(src/**/a.ts)', 'Edit', 'src/a.ts', 'allow'],
  ['Edit(src/**/a.ts)', 'Edit', 'src/x/y/a.ts', 'allow'],
  ['Edit(./src/?.ts)', 'Edit', 'src/a.ts', 'allow'],
  ['Edit(*.md)', 'Edit', 'docs/deep/a.md', 'allow'],
  ['Edit(/etc/hosts)', 'Edit', '/etc/hosts', 'allow'],
  ['Edit(/etc/*)', 'Edit', '/etc/deep/hosts', 'ask'],
  ['Write(src/**)', 'Edit', 'src/a.ts', 'ask'],
  ['Read(src/**)', 'Edit', 'src/a.ts', 'ask'],
  ['WebFetch(domain:docs.rs)', 'WebFetch', 'https://docs.rs/x', 'allow'],
  ['WebFetch(domain:docs.rs)', 'WebFetch', 'https://docs.rs:443?x', 'allow'],
  ['WebFetch(domain:docs.rs)', 'WebFetch', 'https://docs.rs.evil.example/x', 'ask'],
  ['WebFetch(domain:docs.rs)', 'WebFetch', 'https://docs.rs@evil.example/x', 'ask'],
  ['WebFetch(domain:*.org)', 'WebFetch', 'https://a.ORG', 'allow'],
  ['mcp__github__*', 'mcp__github__search', '', 'allow'],
  ['mcp__github__*', 'mcp__other__search', '', 'ask'],
  ['Bash', 'Bash', 'anything > at; all', 'allow'],
  ['Bash(*)', 'Bash', 'anything > at; all', 'allow'],
  ['Bash(git * main)', 'Bash', 'git push origin main', 'allow'],
  ['WebSearch(cats*)', 'WebSearch', 'cats and dogs', 'allow'],
  ['*', 'Whatever', '', 'allow'],
])('the rule %s answers %s on %j by %s', (rule, tool, subject, decision) => {
  expect(ruled({ allow: [rule] }, tool, subject)).toBe(decision);
});

test('a command of which only the beginning is known is not allowed by its beginning', () => {
  expect(ruled({ allow: ['Bash(npm test:*)'] }, 'Bash', 'npm test', { whole: false })).toBe('ask');
  expect(ruled({ allow: ['Bash'] }, 'Bash', 'npm test', { whole: false })).toBe('allow');
});

test('a question to the person is asked, whatever the policy', () => {
  expect(ruled({ policy: 'allow', allow: ['*'] }, 'AskUserQuestion', '')).toBe('ask');
});

test('rules say where they stand; what denies beats what allows, and the nearest policy holds', () => {
  const settings = settingsSchema.parse({
    permissions: { allow: ['Bash(ls:*)', 'Bash(rm:*)'] },
    agents: { claude: { permissions: { deny: ['Bash(rm:*)'] } } },
    modes: { calm: { permissions: { policy: 'deny', allow: ['Read'] } } },
  });
  const layers = layersFor(settings, { agent: 'claude', mode: 'calm' });
  const on = (tool: string, subject: string) => rulingOn(layers, { tool, subject, whole: true }, placed(subject));
  expect(on('Bash', 'ls x')).toEqual({ decision: 'allow', rule: 'permissions.allow: Bash(ls:*)' });
  expect(on('Bash', 'ls; rm x')).toEqual({ decision: 'deny', rule: 'agents.claude.permissions.deny: Bash(rm:*)' });
  expect(on('Read', '/x')).toEqual({ decision: 'allow', rule: 'modes.calm.permissions.allow: Read' });
  expect(on('Write', '/x')).toEqual({ decision: 'deny', rule: 'modes.calm.permissions.policy: deny' });
  expect(policyRecord(layers)).toEqual({
    policy: 'deny',
    allow: ['Read', 'Bash(ls:*)', 'Bash(rm:*)'],
    deny: ['Bash(rm:*)'],
  });
  const nobody = layersFor(settings, { agent: 'constructor', mode: null });
  expect(rulingOn(nobody, { tool: 'Write', subject: '/x', whole: true }, placed('/x'))).toEqual({
    decision: 'ask',
    rule: null,
  });
});

test('a rule that is no rule is refused where it is written', () => {
  expect(settingsSchema.safeParse({ permissions: { allow: ['Bash(npm test:*'] } }).success).toBe(false);
  expect(settingsSchema.safeParse({ permissions: { allow: ['Bash (x)'] } }).success).toBe(false);
});

test('what is allowed by prefixes never runs another program, whatever is put behind it', () => {
  const evil = fc.constantFrom(';', '&&', '||', '|', '&', '\n', '$(', '`', '<(', '>', '{', '(');
  fc.assert(
    fc.property(evil, fc.string(), fc.string(), (operator, before, after) => {
      const plain = before.replaceAll(/['"\\#]/gu, '');
      const command = `npm test ${plain} ${operator} curl evil ${after.replaceAll(/['"\\]/gu, '')}`;
      expect(bash(['Bash(npm test:*)'], command)).toBe('ask');
    }),
  );
});

test('a command of a megabyte is judged at once, and never allowed past a rule that denies', () => {
  const rules: PermissionSettings = { policy: 'allow', deny: ['Bash(git push:*)'] };
  expect(ruled(rules, 'Bash', `sudo ${'a '.repeat(500_000)}`)).toBe('ask');
  expect(ruled(rules, 'Bash', `echo ${'a '.repeat(500_000)}; git push`)).toBe('deny');
  expect(ruled(rules, 'Bash', `sudo ${'a '.repeat(300)}git push`)).not.toBe('allow');
  expect(ruled(rules, 'Bash', '('.repeat(500_000))).toBe('ask');
});
