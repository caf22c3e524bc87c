import { expect, test } from 'vitest';
import { configText } from '../../../src/git/private/config-text.ts';

const text = (settings: Readonly<Record<string, string>>): string =>
  configText(Object.entries(settings).map(([key, value]) => ({ key, value })));

test('[SEC-9] the configuration inside says who commits and how git behaves, and holds no key', () => {
  const written = text({
    'user.name': 'Ada "L"',
    'user.signingkey': 'ABCD',
    'core.repositoryformatversion': '0',
    'core.autocrlf': 'input',
    'core.fsmonitor': '/x',
    'core.worktree': '/elsewhere',
    'credential.helper': 'store',
    'http.https://x.org.extraheader': 'AUTHORIZATION: secret',
    'url.https://token@x.org/.insteadof': 'https://x.org/',
    'remote.origin.url': 'https://ada:secret@x.org/a.git',
    'remote.origin.fetch': '+refs/heads/*:refs/remotes/origin/*',
    'remote.origin.proxy': 'http://ada:secret@proxy',
    'include.path': '/secret',
    'branch.a\nb.merge': 'x',
    'alias.two': 'line\n\tnext',
  });
  expect(written).toContain('[user]\n\tname = "Ada \\"L\\""\n');
  expect(written).toContain('[core]\n\tautocrlf = "input"\n');
  expect(written).toContain('[remote "origin"]\n\turl = "https://x.org/a.git"\n');
  expect(written).toContain('[alias]\n\ttwo = "line\\n\\tnext"\n');
  expect(written).toContain('repositoryformatversion = 0\n');
  for (const word of ['secret', 'ABCD', 'fsmonitor', 'elsewhere', 'credential', 'token', 'proxy', 'include', 'a\nb'])
    expect(written).not.toContain(word);
});

test('a sparse checkout is one inside as well, and that of the person’s own checkout is not', () => {
  const own = [{ key: 'core.sparsecheckout', value: 'true' }];
  expect(configText(own)).not.toMatch(/sparse/iu);
  const sparse = '[core]\n\tsparseCheckout = true\n\tsparseCheckoutCone = false\n';
  expect(configText(own, { cone: false, patterns: '/*\n' }).split(sparse)).toHaveLength(2);
});

test('a repository of another kind of ids is one inside as well', () => {
  const written = text({ 'core.repositoryformatversion': '1', 'extensions.objectformat': 'sha256' });
  expect(written).toContain('[extensions]\n\tobjectformat = "sha256"\n');
  expect(written).toContain('repositoryformatversion = 1\n');
  expect(text({ 'extensions.worktreeconfig': 'true' })).not.toContain('worktreeconfig');
});
