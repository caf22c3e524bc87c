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
  ["sh <<<'git push'", 'deny'],
  ["bash -c$'git push'", 'ask'],
  ["env -S'git push'", 'ask'],
  ['xargs -a f git', 'deny'],
  ['sudo xargs git', 'deny'],
  ['find . -exec git {} +', 'deny'],
  ['find . -exec grep foo {} +', 'allow'],
  [`evil '${'a '.repeat(8000)}git push'`, 'ask'],
  ['git -c alias.p=push p', 'ask'],
  ['git --config-env=alias.p=X p', 'ask'],
  ['git p', 'ask'],
  ["git rebase -x 'git push' HEAD~1", 'ask'],
  ['git bisect run git push', 'ask'],
  ['git submodule foreach git push', 'ask'],
  ['npm exec -- git push', 'ask'],
  ['npm x git push', 'ask'],
  ['pnpm exec git push', 'ask'],
  ['pnpm dlx git push', 'ask'],
  ['uv run git push', 'ask'],
  ['poetry run git -C x push', 'ask'],
  ['mise exec -- /usr/bin/git push', 'ask'],
  ['direnv exec . git push', 'ask'],
  ['docker exec x git push', 'ask'],
  ['ssh-agent git push', 'deny'],
  ['tini git push', 'deny'],
  ['dumb-init git push', 'deny'],
  ['chpst git push', 'deny'],
  ['sem git push', 'deny'],
  ['faketime x git push', 'deny'],
  ["nix-shell --run 'git push'", 'deny'],
  ["nix-shell --run='GIT  push'", 'ask'],
  ["vim -c '!git push'", 'ask'],
  ['awk \'BEGIN{system("git push")}\'', 'ask'],
  ['python3 -c \'import os;os.system("git push")\'', 'ask'],
  ['python3 -c \'import subprocess as s; s.run(["git", "push"])\'', 'ask'],
  ["evil 'g'it pu\\sh", 'ask'],
  ['evil -xgit\\ push', 'ask'],
  ['evil <<EOF\ngit push\nEOF', 'ask'],
  ['npm test && npm run push', 'allow'],
  ['git -c color.ui=false log -3', 'allow'],
  ['cd a && git add . && git commit -m "then git push"', 'allow'],
  ['git commit -m "$(cat <<\'EOF\'\nthen git push\nEOF\n)"', 'allow'],
  ['grep -rn "git push" docs', 'allow'],
  ['ls | xargs grep g', 'allow'],
  ['gh pr create --title "a" --body "b"', 'allow'],
])(
  'a rule that denies git push answers a command that hands it on, %j, by %s, whatever is allowed',
  (line, decision) => {
    expect(ruled({ allow: ['Bash'], deny: ['Bash(git push:*)'] }, 'Bash', line)).toBe(decision);
  },
);

test.each([
  ['git push origin main', 'allow'],
  ['git push origin --force', 'deny'],
  ['uv run git push origin main', 'allow'],
  ['uv run git push origin --force', 'ask'],
])('a rule that denies some of what a program does leaves the rest alone: %j is answered by %s', (line, decision) => {
  expect(ruled({ allow: ['Bash'], deny: ['Bash(git push * --force)'] }, 'Bash', line)).toBe(decision);
});

test.each([
  ['https://docs.rs/x', 'allow'],
  ['https://evil.com/x', 'deny'],
  ['https://evil.com.:443/x', 'deny'],
  ['https://docs.rs@evil.com/x', 'ask'],
  ['https:\\\\evil.com', 'ask'],
  ['https://e%76il.com', 'ask'],
])('where an address is denied by its domain, %j is answered by %s', (address, decision) => {
  expect(ruled({ allow: ['WebFetch'], deny: ['WebFetch(domain:evil.com)'] }, 'WebFetch', address)).toBe(decision);
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
  ['WebFetch(domain:*.docs.rs)', 'WebFetch', 'https://evil.com;.docs.rs/', 'ask'],
  ['WebFetch(domain:*.docs.rs)', 'WebFetch', 'https://evil.com%2f.docs.rs/', 'ask'],
  ['WebFetch(domain:*.docs.rs)', 'WebFetch', 'https://a.docs.rs./x', 'allow'],
  ['Edit(**)', 'Write', '.git', 'ask'],
  ['Edit(**)', 'Write', '.git/config', 'ask'],
  ['Edit(**)', 'Edit', '.GIT/config', 'ask'],
  ['Edit(**)', 'Edit', 'vendor/x/.git/hooks/pre-commit', 'ask'],
  ['Edit(/data/**)', 'Edit', `${WORKTREE}/.git`, 'ask'],
  ['Edit(**)', 'Edit', '.gitignore', 'allow'],
  ['Edit(**)', 'Edit', '.github/workflows/a.yml', 'allow'],
  ['Edit(.git/info/*)', 'Edit', '.git/info/exclude', 'allow'],
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
