import { expect, test } from 'vitest';
import { judgeKernel, judgeSandboxes, judgeTyping, type SandboxWish, wishIn } from '../../src/cli/doctor/sandbox.ts';
import type { Exit } from '../../src/ports/index.ts';
import { judgeSandbox, probeSandbox, type SandboxFacts } from '../../src/sandbox/probe.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { exit } from '../cli/doctor/findings.ts';

const refused = (stderr: string): Exit => exit('', { code: 1, stderr });
const GOOD: SandboxFacts = {
  system: 'linux',
  version: exit('bubblewrap 0.8.0\n'),
  plain: exit(''),
  offline: exit(''),
  nested: exit(''),
  signals: exit(''),
  switches: { apparmor: null, clone: null, namespaces: '96365\n' },
  container: null,
  isShutIn: false,
};
const INSTALL = 'sudo apt install bubblewrap';
const NOBODY: SandboxWish = { sandbox: false, network: false, open: false, firmly: false };
const FIRMLY: SandboxWish = { sandbox: true, network: false, open: true, firmly: true };
const judge = (more: Partial<SandboxFacts>) => judgeSandbox({ ...GOOD, ...more }, INSTALL);
const UID_MAP = refused('bwrap: setting up uid map: Permission denied\n');

test.each<[string, Partial<SandboxFacts>, string, string | null]>([
  ['another system', { system: 'freebsd' }, 'Linux alone', null],
  ['macOS', { system: 'darwin' }, 'macOS has none for agents; checks alone', null],
  ['a macOS that refuses', { system: 'darwin', plain: null }, 'sandbox-exec ended with nothing', null],
  ['no bubblewrap', { version: null, plain: null }, 'is not installed', INSTALL],
  ['an old one', { version: exit('bubblewrap 0.4.1\n') }, 'bubblewrap 0.4.1 is too old, 0.8 is needed', INSTALL],
  ['one that says nothing', { version: exit('') }, 'of an unknown version', INSTALL],
  ['one that hangs', { plain: exit('', { timedOut: true }) }, 'does not answer', INSTALL],
  [
    'an old Debian',
    { plain: refused('x'), switches: { ...GOOD.switches, clone: '0\n' } },
    'root alone',
    'sudo sysctl kernel.unprivileged_userns_clone=1',
  ],
  [
    'namespaces that are off',
    { plain: refused('(ENOSPC)'), switches: { ...GOOD.switches, namespaces: '0\n' } },
    'max_user_namespaces is 0',
    'sudo sysctl user.max_user_namespaces=15000',
  ],
  [
    'Ubuntu 24.04',
    { plain: UID_MAP, switches: { ...GOOD.switches, apparmor: '1\n' } },
    'in a namespace: bwrap: setting up uid map: Permission denied',
    expect.stringContaining('sudo apparmor_parser -r /etc/apparmor.d/bwrap'),
  ],
  [
    'a container, whatever the machine below it has',
    { plain: UID_MAP, container: 'docker', switches: { ...GOOD.switches, apparmor: '1\n' } },
    'the docker container',
    expect.stringContaining('docker run --security-opt seccomp=unconfined'),
  ],
  ['anything else', { plain: refused('bwrap: No space left\n') }, 'refuses one: bwrap: No space left', null],
  ['a death without a word', { plain: exit('', { code: null, signal: 'SIGSYS' }) }, 'bwrap ended with SIGSYS', null],
  [
    'an env of another kind',
    { signals: refused('unrecognized option') },
    '--default-signal',
    'sudo apt install coreutils',
  ],
  ['no env', { signals: null }, '--default-signal', 'sudo apt install coreutils'],
])('[INI-2] what keeps a machine from sandboxes is named with its repair: %s', (_name, more, cause, repair) => {
  const { lack } = judge(more);
  expect(lack).toMatchObject({ cause: expect.stringContaining(cause), repair });
  const asked = judgeSandboxes(judge(more), FIRMLY);
  expect([asked.severity, asked.repair ?? null]).toEqual(['error', repair]);
  const unasked = judgeSandboxes(judge(more), NOBODY);
  expect([unasked.severity, unasked.id]).toEqual(['ok', asked.id]);
  expect(unasked.cause).toContain(cause);
  expect(judgeSandboxes(judge(more), { ...FIRMLY, firmly: false }).severity).toBe('warning');
});

test('a machine that has all of it says so, and is off until it is asked for', () => {
  expect(judge({})).toEqual({ lack: null, network: null, version: '0.8.0', nested: null });
  expect(judgeSandboxes(judge({}), { ...FIRMLY, network: true })).toMatchObject({
    id: 'sandbox.ready',
    severity: 'ok',
  });
  const kept = judgeSandboxes(judge({}), { ...FIRMLY, network: true, open: false });
  expect([kept.id, kept.cause]).toEqual(['sandbox.ready', 'by bubblewrap 0.8.0']);
  expect(judgeSandboxes(judge({}), NOBODY).cause).toBe('is off; it could be on here, by bubblewrap 0.8.0');
  const alone = judgeSandboxes(judge({ nested: refused('(ENOSPC)') }), FIRMLY);
  expect([alone.id, alone.severity]).toEqual(['sandbox.not-nested', 'warning']);
  expect(alone.cause).toContain('(ENOSPC)');
  expect(alone.cause).toContain('danger-full-access');
});

test.each<[string, Partial<SandboxFacts>, string, RegExp | undefined]>([
  [
    'too few namespaces',
    { switches: { ...GOOD.switches, namespaces: '2\n' } },
    'only 2 user namespaces',
    /^sudo sysctl /u,
  ],
  ['a container', { container: 'podman' }, 'the podman container', /^podman run --security-opt/u],
  ['AppArmor', { switches: { ...GOOD.switches, apparmor: '1\n' } }, 'AppArmor', /apparmor_parser/u],
  ['a sandbox around it', { isShutIn: true }, 'start Drover outside of it', undefined],
])('why agents have no sandbox of their own in ours is said, and what to do: %s', (_name, more, cause, repair) => {
  const found = judgeSandboxes(judge({ nested: refused('no'), ...more }), FIRMLY);
  expect(found).toMatchObject({ id: 'sandbox.not-nested', cause: expect.stringContaining(cause) });
  if (repair) expect(found.repair).toMatch(repair);
  else expect(found.repair).toBeUndefined();
});

test('that Drover runs in a sandbox itself is told from a machine that refuses them', async () => {
  const judged = (users: string) =>
    probeSandbox({
      system: 'linux',
      run: async (_file, args) => (args[0] === '--version' ? exit('bubblewrap 0.11.0') : refused('(ENOSPC)')),
      read: async (path) => (path === '/proc/self/uid_map' ? users : null),
    }).then((facts) => judgeSandbox(facts, INSTALL).lack);
  expect(await judged('      1000       1000          1\n')).toMatchObject({
    kind: 'shut-in',
    cause: expect.stringContaining('--disable-userns'),
  });
  expect(await judged('         0          0 4294967295\n')).toMatchObject({ kind: 'refused' });
});

test('a sandbox is asked for by the repository, an agent, a run profile or checks; without a network by whoever is kept from it', () => {
  const wish = (value: unknown) => wishIn(settingsSchema.parse(value));
  const all = { sandbox: true, network: true, open: true, firmly: false };
  expect(wish({})).toEqual(NOBODY);
  expect(wishIn(undefined)).toEqual(NOBODY);
  expect(wish({ sandbox: { mode: 'worktree', need: 'required', checks_network: 'on' } })).toEqual(FIRMLY);
  expect(wish({ sandbox: { mode: 'worktree' } })).toEqual(all);
  expect(wish({ sandbox: { mode: 'worktree', checks: 'off' } })).toEqual({ ...all, network: false });
  expect(wish({ sandbox: { checks: 'strict', checks_network: 'allow-list' } })).toEqual({ ...all, open: false });
  expect(wish({ agents: { codex: { sandbox: 'strict' } } })).toEqual({ ...all, open: false });
  expect(wish({ sandbox: { mode: 'worktree', network: 'off' } })).toEqual({ ...all, open: false });
  expect(wish({ sandbox: { mode: 'strict', network: 'on' } })).toEqual(all);
  expect(wish({ modes: { safe: { sandbox: 'worktree' } } })).toEqual(all);
  expect(wish({ modes: { safe: { sandbox: 'worktree' } }, sandbox: { checks_network: 'on' } })).toEqual({
    ...all,
    network: false,
  });
  expect(wish({ sandbox: { mode: 'strict', need: 'off', checks: 'worktree' } })).toEqual(NOBODY);
});

test('that nothing can be kept from the network is an error for whoever wants that alone', () => {
  const verdict = judge({ offline: refused('bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted\n') });
  expect(verdict.lack).toBeNull();
  expect(verdict.network?.cause).toContain('RTM_NEWADDR');
  expect(judgeSandboxes(verdict, { ...FIRMLY, network: true }).id).toBe('sandbox.no-network');
  expect(judgeSandboxes(verdict, FIRMLY)).toMatchObject({
    id: 'sandbox.ready',
    cause:
      'by bubblewrap 0.8.0, but nothing can be kept from the network; its agents reach the network and the services of this machine as you do (sandbox.network)',
  });
});

test.each([
  [{ '/run/.containerenv': '' }, 'podman'],
  [{ '/.dockerenv': '' }, 'docker'],
  [{}, null],
])(
  'what fails is tried piece by piece, and files say where it runs: %j',
  async (files: Record<string, string>, container) => {
    const asked: string[] = [];
    const facts = await probeSandbox({
      system: 'linux',
      run: async (file, args) => {
        asked.push([file, ...args].join(' '));
        return args[0] === '--version' ? exit('bubblewrap 0.11.0') : file === 'env' ? null : refused('no');
      },
      read: async (path) => files[path] ?? null,
    });
    expect(facts).toMatchObject({ container, signals: null, plain: refused('no'), switches: { apparmor: null } });
    expect(asked).toHaveLength(6);
  },
);

test('[SEC-9] where the kernel lets a program type into its own terminal that is worth knowing for who wants a sandbox', () => {
  const found = judgeTyping('1\n', judge({}), FIRMLY);
  expect(found).toMatchObject([
    { id: 'sandbox.typing', severity: 'note', repair: 'sudo sysctl -w dev.tty.legacy_tiocsti=0' },
  ]);
  expect(judgeTyping('0\n', judge({}), FIRMLY)).toEqual([]);
  expect(judgeTyping(null, judge({}), FIRMLY)).toEqual([]);
  expect(judgeTyping('1\n', judge({}), NOBODY)).toEqual([]);
  expect(judgeTyping('1\n', judge({ version: null, plain: null }), FIRMLY)).toEqual([]);
});

test('a machine on which all of it works starts two programs, one without bubblewrap a single one, another system none', async () => {
  const asked: string[] = [];
  const probe = (system: string, there: boolean) =>
    probeSandbox({
      system,
      run: async (file, args) => {
        asked.push([file, ...args].join(' '));
        return there ? exit('bubblewrap 0.8.0') : null;
      },
      read: async () => null,
    });
  expect(judgeSandbox(await probe('linux', true), INSTALL)).toMatchObject({ lack: null, network: null, nested: null });
  expect(asked).toHaveLength(2);
  expect(judgeSandbox(await probe('linux', false), INSTALL).lack?.kind).toBe('missing');
  expect(judgeSandbox(await probe('freebsd', true), INSTALL).lack?.kind).toBe('system');
  expect(asked).toHaveLength(3);
  expect(judgeSandbox(await probe('darwin', true), INSTALL).lack?.kind).toBe('system');
  expect(asked.slice(3)).toEqual(['sandbox-exec -p (version 1)(allow default) true']);
});

test('[SEC-9] what a sandbox leaves open on this kernel is said, and nothing where it closes that', () => {
  const all = { filter: true, scope: true, hasPerl: true, abstract: [] };
  const found = (more: object) => judgeKernel({ ...all, ...more }, 'sudo apt install perl');
  expect([found({}), found({ filter: null, scope: null })]).toEqual([[], []]);
  expect(found({ filter: false })).toMatchObject([{ id: 'sandbox.keys', severity: 'note' }]);
  const abstract = ['@/tmp/.X11-unix/X0', '@a', '@b\nc', '@d', '@e', '@f'];
  expect(found({ scope: false, abstract })).toEqual([
    {
      ...{ id: 'sandbox.abstract', severity: 'note', name: 'sandbox', label: 'to close them' },
      cause:
        'agents in a sandbox reach sockets without a path (now @/tmp/.X11-unix/X0, @a, @b c, @d, @e and 1 more): the kernel closes none of them (Linux 6.12 does)',
      repair: 'drover config set sandbox.network allow-list',
    },
  ]);
  expect(found({ scope: false, hasPerl: false })).toMatchObject([
    {
      cause: expect.stringContaining('sockets without a path: /usr/bin/perl is missing'),
      repair: 'sudo apt install perl',
    },
  ]);
});
