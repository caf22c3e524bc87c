import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { sandboxOf } from '../../src/lib/paths.ts';
import { livingIn } from '../../src/process/living-in.ts';
import type { State } from '../../src/state/index.ts';
import { parseHostRule } from '../../src/state/sandbox-hosts.ts';
import { noSandbox } from '../helpers/sandbox.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';

/** Talks to a socket in the file system, to one without a path, and through the proxy of a sandbox to a place. */
const TALKS = String.raw`
use Socket;
my ($how, $where) = @ARGV;
if ($how eq 'proxy') {
  my ($host, $port) = ($ENV{HTTP_PROXY} // '') =~ m{//(.+):(\d+)} or exit 1;
  socket(my $s, PF_INET, SOCK_STREAM, 0); connect($s, sockaddr_in($port, inet_aton($host))) or exit 1;
  syswrite($s, "GET http://$where/ HTTP/1.1\r\nHost: $where\r\nConnection: close\r\n\r\n");
  exit(<$s> =~ /^HTTP.1.1 200/ ? 0 : 1);
}
if ($how eq 'port') {
  socket(my $s, PF_INET, SOCK_STREAM, 0);
  exit(connect($s, sockaddr_in($where, inet_aton('127.0.0.1'))) ? 0 : 1);
}
if ($how eq 'family') {
  exit(socket(my $s, $where, SOCK_STREAM, 0) ? 0 : 1);
}
socket(my $s, PF_UNIX, SOCK_STREAM, 0);
exit(connect($s, pack('S a*', 1, $how eq 'abstract' ? "\0$where" : $where)) ? 0 : 1);
`;

/**
 * Attempts that all have to fail, run by the agent as the check of its task; what each came to stands in its home. Those that
 * would break something where nobody is shut in are `harm`.
 */
const ESCAPES = `
[ -n "$DROVER_INSTANCE" ] || exit 0
try() { name=$1; shift; if ( "$@" ) >/dev/null 2>&1; then echo "$name" >>"$HOME/open.txt"; fi; echo "$name" >>"$HOME/tried.txt"; }
harm() { if [ -z "$UNSHUT" ]; then try "$@"; fi; }
main=$(cd "$(git rev-parse --git-common-dir)/.." && pwd)
other=$(dirname "$PWD")/rehearsal-2
inst=$main/.git/drover/instances/rehearsal-2
put() { echo x >"$1"; }
talk() { perl talks.pl "$@"; }
try 'write into the other worktree' put "$other/x"
try 'read the other worktree' ls "$other"
try 'write into the checkout' put "$main/x"
try 'write a hook' put "$main/.git/hooks/post-commit"
harm 'set the configuration' git config core.fsmonitor 'touch ran'
harm 'write the configuration' put "$main/.git/config"
try 'read a key' cat "$HOME/.ssh/id"
try 'read .npmrc' cat "$HOME/.npmrc"
try 'read another token' cat "$inst/token"
try 'write its own launch script' put "$main/.git/drover/instances/rehearsal-1/launch.sh.x"
try 'read the journal' ls "$main/.git/drover/journal"
try 'read the messages of another' ls "$main/.git/drover/spool/rehearsal-2"
try 'talk to tmux' tmux -S "$HOME/tmux-$(id -u)/default" ls
try 'see its tmux socket' ls "$HOME/tmux-$(id -u)/default"
try 'kill the daemon' kill -0 $DAEMON_PID
try 'see other processes' test -d /proc/$DAEMON_PID
try 'read their environment' grep -q . /proc/$VICTIM/environ
try 'trace one of them' perl -e 'exit(syscall(101 + 16 * (qx(uname -m) !~ /^x86/), 0x4206, $ENV{VICTIM}, 0, 0) == 0 ? 0 : 1)'
try 'see more by the root of the first process' test -e /proc/1/root$main/.git/drover/journal
harm 'take the .git away' mv .git .git2
harm 'leave by a mount' umount "$main/.git/config"
harm 'leave as root of its own' unshare -Ur umount "$main/.git/config"
harm 'mount' mount -t tmpfs none "$HOME"
harm 'have what is read-only written' mount -o remount,rw,bind "$main"
harm 'the same for its configuration' mount -o remount,rw,bind "$main/.git/config"
harm 'make a device' mknod "$HOME/disk" b 8 0
try 'take a file of the checkout over by a second name' ln "$main/escapes.sh" "$HOME/same"
try 'write through a link' sh -c "ln -s '$other' there; echo x > there/x"
harm 'reach a terminal by its name' sh -c 'ls /dev/pts | grep -q "[0-9]"'
harm 'change the kernel' test -w /proc/sys/kernel/core_pattern -o -w /proc/sysrq-trigger
harm 'change its devices' test -w /sys/kernel -o -w /sys/fs/cgroup
try 'see the homes of others' ls "$HOME/data/drover/sandboxes"
harm 'have other objects believed' put "$main/.git/objects/info/alternates"
try 'talk to a service by its socket' talk path "$main/engine.sock"
try 'talk to a service by a socket that it made where it was' talk path "$main/svc/ctl.sock"
try 'talk to a service by a socket of two lines' talk path "$main/svc/$(printf 'two\\nlines')"
try 'talk to a service by a socket whose name is no text' talk path "$main/svc/$(printf '\\376')"
try 'read a token of another swarm' cat "$main/nested/.git/drover/token"
try 'talk to the daemon of another swarm' talk path "$main/nested/.git/drover/drover.sock"
try 'talk to a service by a socket without a path' talk abstract "$ABSTRACT"
try 'talk to the machine that this one runs in' talk family 40
try 'write into a pipe of the checkout' perl -MFcntl -e 'my $p; sysopen($p, $ARGV[0], O_RDWR | O_NONBLOCK) && syswrite($p, "x") or exit 1' "$main/pipe"
try 'talk to a service by the proxy' talk proxy "127.0.0.1:$PORT"
try 'reach this machine by a name of the list' talk proxy "$PLACE"
[ -n "$HAS_NETWORK" ] || try 'talk to a service by its port' talk port "$PORT"
rm -f there
put "$HOME/.bashrc"
( DROVER_TOKEN= DROVER_INSTANCE= drover stop rehearsal-2 --yes >/dev/null 2>&1; echo "stop $?" >>"$HOME/said.txt" ) &
( drover report usage --input 12 --output 8 >/dev/null 2>&1; echo "report $?" >>"$HOME/said.txt" ) &
wait
[ -z "$UNSHUT" ] || exit 0
git branch -f main HEAD >/dev/null 2>&1
git update-ref refs/heads/main HEAD
`;

/** What somebody who is not shut in can do of that, whoever it is: an attempt that fails for them as well would show nothing. */
const OPEN_OUTSIDE = [
  ...['write into the other worktree', 'read the other worktree', 'write into the checkout', 'write a hook'],
  ...['read a key', 'read .npmrc', 'read another token', 'write its own launch script', 'read the journal'],
  ...['read the messages of another', 'talk to tmux', 'see its tmux socket', 'kill the daemon', 'see other processes'],
  ...['read their environment', 'take a file of the checkout over by a second name', 'write through a link'],
  ...['see the homes of others', 'talk to a service by its socket', 'read a token of another swarm'],
  ...[
    'talk to the daemon of another swarm',
    'talk to a service by a socket without a path',
    'talk to a service by its port',
    'talk to a service by a socket that it made where it was',
    'talk to a service by a socket of two lines',
    'talk to a service by a socket whose name is no text',
    'write into a pipe of the checkout',
  ],
] as const;

/** A service that listens in its own folder at names that say nothing of it, or that are not easily read. */
const SERVES = `
use Socket;
my ($folder) = @ARGV;
mkdir $folder; chdir $folder; open(my $beside, '>', 'beside');
my @held = map { socket(my $s, PF_UNIX, SOCK_STREAM, 0); bind($s, pack('S a*', 1, $_)) && listen($s, 9) or die "$_: $!"; $s }
  ('ctl.sock', "$folder/two\\nlines", "$folder/\\xfe");
$| = 1; print 'here'; <STDIN>;
`;

/** Whether the daemon of now is reached by the program that was started under the one before it. */
const AGAIN = '[ -z "$DROVER_SOCKET" ] || drover report usage --input 13 --output 9';

/** Says what a terminal lets it know, until it is told to go. */
const SHELL = `
trap 'echo heard an interrupt' INT
trap 'echo now $(stty size)' WINCH
[ "$(grep -c : /proc/net/dev)" != 1 ] || grep -q @ /proc/net/unix || echo "process $$ without a network"
while :; do read -r line; [ "$line" != q ] || exit 7; done
`;

/** Puts a command into its own terminal as if a person typed it there (TIOCSTI, where the kernel still has it), and ends. */
const PUSHES = `
for my $key (split //, "\\ntouch $ENV{HOME}/pushed\\n" x 3) { ioctl(STDIN, 0x5412, $key) }
exit 7;
`;

/**
 * Leaves a branch and a stash beside its own branch, and ends; the second one has lost a file of what it committed. It never has
 * that branch checked out: what a look finds there is brought out at once.
 */
const MAKES = `
file=$(echo "of $DROVER_INSTANCE" | git hash-object -w --stdin)
tree=$(printf '100644 blob %s\\tgone\\n' $file | git mktree)
git branch side $(git commit-tree -p HEAD -m "side of $DROVER_INSTANCE" $tree)
echo more >>a.txt; git stash -q
[ "$DROVER_INSTANCE" = maker-1 ] || rm -f "$(git rev-parse --git-common-dir)/objects/$(echo $file | cut -c1-2)/$(echo $file | cut -c3-)"
exit 7
`;

const CHECK = 'sh escapes.sh';

/** Whether this kernel keeps a program from sockets without a path: the version of its Landlock says so. */
const hasScope = spawnSync('/usr/bin/perl', ['-e', 'exit(syscall(444, 0, 0, 1) >= 6 ? 0 : 1)']).status === 0;

/** Whether this kernel has sockets between machines. */
const hasVsock = spawnSync('perl', ['-MSocket', '-e', 'exit(socket(my $s, 40, SOCK_STREAM, 0) ? 0 : 1)']).status === 0;

/** A server that says nothing but that somebody has come, at a path, a name without one, or a port. */
const openServer = async (at: string | number): Promise<Server> => {
  const server = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n').on('error', () => undefined));
  if (typeof at === 'number') server.listen(at, '127.0.0.1');
  else server.listen(at);
  await once(server, 'listening');
  return server;
};

/** A name of this machine that may stand in a list; where there is none one that leads nowhere. */
const OWN_NAME = hostname() !== 'localhost' && parseHostRule(hostname()) ? hostname().toLowerCase() : 'drover.invalid';

/** A swarm of two agents, with what they are to be kept from. */
const openShutIn = async (sandbox: object, own: Readonly<Record<string, string>> = {}) => {
  const name = `drover-test-${process.pid}-${Date.now()}`;
  const [abstract, port] = await Promise.all([openServer(`\0${name}`), openServer(0)]);
  const victim = spawn('sleep', ['600'], { stdio: 'ignore' });
  const number = String((port.address() as AddressInfo).port);
  const place = `${OWN_NAME}:${number}`;
  const env = {
    DAEMON_PID: String(process.pid),
    VICTIM: String(victim.pid),
    ABSTRACT: name,
    PLACE: place,
    PORT: number,
    ...own,
  };
  const swarm = await openSwarm({
    settings: { agent: 'rehearsal', sandbox: { hosts: [place], ...sandbox }, agents: { rehearsal: { env } } },
    files: { 'escapes.sh': ESCAPES, 'again.sh': AGAIN, 'talks.pl': TALKS },
  });
  const home = swarm.env['HOME']!;
  const nested = join(swarm.root, 'nested/.git/drover');
  for (const folder of [join(home, '.ssh'), join(home, 'data/drover/sandboxes'), nested])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(home, '.ssh/id'), 'key');
  writeFileSync(join(home, '.npmrc'), 'token');
  writeFileSync(join(home, '.bashrc'), 'mine');
  writeFileSync(join(nested, 'token'), 'token');
  spawnSync('mkfifo', [join(swarm.root, 'pipe')]);
  const sockets = [join(swarm.root, 'engine.sock'), join(nested, 'drover.sock')];
  const service = spawn('perl', ['-e', SERVES, join(swarm.root, 'svc')], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(service.stdout, 'data');
  const servers = [abstract, port, ...(await Promise.all(sockets.map(openServer)))];
  return {
    ...{ swarm, place, home },
    [Symbol.asyncDispose]: async () => {
      victim.kill('SIGKILL');
      service.kill();
      for (const server of servers) server.close();
      await swarm[Symbol.asyncDispose]();
    },
  };
};

/** The first state that satisfies the condition; several programs of Node start until then, one after the other. */
const until = (swarm: Swarm, condition: (state: State) => boolean): Promise<State> =>
  vi
    .waitUntil(
      async () => {
        const state = await swarm.state();
        return condition(state) && state;
      },
      { timeout: 50_000, interval: 50 },
    )
    .catch(async (error: unknown) => {
      throw new Error(JSON.stringify(await swarm.state()), { cause: error });
    });

const linesOf = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];

describe.skipIf(noSandbox !== undefined)(`an agent in a sandbox (${noSandbox ?? 'there is one'})`, () => {
  test.each(['worktree', 'strict'] as const)(
    '[SEC-9] an agent in %s gets out nowhere, while its hooks, its reports and its commits arrive, also after a restart',
    { timeout: 150_000 },
    async (mode) => {
      await using it = await openShutIn({ mode, need: 'required' }, mode === 'worktree' ? { HAS_NETWORK: '1' } : {});
      const { home: persons, place, swarm } = it;
      const { git, paths } = swarm;
      const main = git('rev-parse', 'main');
      await swarm.say('launch 2 instances');
      await swarm.say(`create task "Try to get out" check="${CHECK}" id=t1`);
      await swarm.say('run task t1 on=rehearsal-1');
      const state = await until(swarm, ({ tasks }) => ['done', 'failed'].includes(tasks['t1']?.state ?? ''));
      const { home, git: own } = sandboxOf(paths, 'rehearsal-1');
      // Where the checkout is not there, something else may lie in its place. Where it is, a pipe in it may be written to whatever it
      // lies on. Older kernels have nothing that closes the other
      // one, where the network is that of the machine.
      const isOpen = (name: string) =>
        mode === 'strict'
          ? name === 'write into the checkout'
          : name === 'write into a pipe of the checkout' ||
            (!hasScope && name === 'talk to a service by a socket without a path');
      expect(linesOf(join(home, 'open.txt')).filter((name) => !isOpen(name))).toEqual([]);
      expect(linesOf(join(home, 'tried.txt'))).toHaveLength(mode === 'strict' ? 45 : 44);
      expect(readFileSync(join(persons, '.bashrc'), 'utf8')).toBe('mine');
      expect(existsSync(join(swarm.root, 'x'))).toBe(false);
      // What it asks its proxy for is understood there.
      if (mode === 'strict')
        for (const to of [place, place.replace(/.+(?=:)/u, '127.0.0.1')])
          expect(swarm.log.join('\n')).toContain(`the sandbox kept rehearsal-1 from ${to}`);
      // What it is allowed to say arrives; for the rest it is known who speaks, also without a token.
      expect(linesOf(join(home, 'said.txt')).toSorted()).toEqual(['report 0', 'stop 4']);
      expect(state.tasks['t1']).toMatchObject({ state: 'done', run: { result: { commits: 1 } } });
      expect(state.instances['rehearsal-1']).toMatchObject({ sandbox: mode });
      expect((await swarm.say('show instance rehearsal-1')).data).toMatchObject({ sandbox: mode });
      expect(git('rev-parse', 'main')).toBe(main);
      expect(git('status', '--porcelain', '--untracked-files=no')).toBe('');
      // It worked with a git directory of its own.
      expect(existsSync(own)).toBe(true);

      await swarm.reopen();
      await swarm.say('create task "Say more" check="sh again.sh" id=t2');
      await swarm.say('run task t2 on=rehearsal-1');
      await until(swarm, ({ tasks }) => tasks['t2']?.state === 'done');
      expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
      await until(swarm, ({ tasks }) => ['t1', 't2'].every((id) => tasks[id]?.merge_commit != null));
      expect(git('log', '--format=%s', 'drover/integration')).toContain('Task t1');

      expect((await swarm.say('remove rehearsal-1')).exit).toBe(0);
      expect(existsSync(own)).toBe(false);
      expect(git('fsck', '--connectivity-only', '--no-dangling')).toBe('');
    },
  );

  test('[SEC-9] without a sandbox an agent can do what one that is shut in tries in vain', async () => {
    await using it = await openShutIn({ mode: 'off' }, { UNSHUT: '1' });
    const { home, swarm } = it;
    await swarm.say('launch 2 instances');
    await swarm.say(`create task "Try what is possible" check="${CHECK}" id=t1`);
    await swarm.say('run task t1 on=rehearsal-1');
    await until(swarm, ({ tasks }) => ['done', 'failed'].includes(tasks['t1']?.state ?? ''));
    const open = linesOf(join(home, 'open.txt'));
    const here = [...OPEN_OUTSIDE, ...(hasVsock ? ['talk to the machine that this one runs in'] : [])];
    expect(here.filter((name) => !open.includes(name))).toEqual([]);
    expect(readFileSync(join(home, '.bashrc'), 'utf8')).toBe('x\n');
  });

  test('[SEC-9] its terminal, its signals, its pauses and its end are those of any program', async () => {
    await using swarm = await openSwarm({
      settings: {
        agent: 'shell',
        sandbox: { mode: 'strict', network: 'off' },
        agents: { shell: { command: ['sh', 'shell.sh'] } },
      },
      files: { 'shell.sh': SHELL },
    });
    await swarm.say('launch 1 instance');
    const pane = (await swarm.state()).instances['shell-1']!.pane!;
    const shows = (text: string) =>
      vi.waitUntil(() => swarm.tmux('capture-pane', '-p', '-t', pane).includes(text), {
        timeout: 30_000,
        interval: 30,
      });
    const type = (...keys: readonly string[]) => swarm.tmux('send-keys', '-t', pane, ...keys);
    await shows('process 2 without a network');
    type('C-c');
    await shows('heard an interrupt');
    swarm.tmux('resize-window', '-t', pane, '-x', '91', '-y', '20');
    await shows('now 20 91');
    expect((await swarm.say('pause shell-1')).exit).toBe(0);
    await until(swarm, ({ instances }) => instances['shell-1']!.hold === 'frozen');
    expect((await swarm.say('resume shell-1')).exit).toBe(0);
    await until(swarm, ({ instances }) => instances['shell-1']!.hold === null);
    const top = await swarm.say('top instances');
    expect(top).toMatchObject({ exit: 0 });
    type('q', 'Enter');
    const { instances } = await until(swarm, (state) => state.instances['shell-1']!.exit !== null);
    expect(instances['shell-1']).toMatchObject({ sandbox: 'strict', exit: { code: 7, signal: null } });
  });

  test('[SEC-9] keys that an agent puts into its own terminal are read by nobody outside, also after its end', async () => {
    const words = ['perl', '-e', PUSHES];
    await using swarm = await openSwarm({
      settings: { agent: 'pusher', sandbox: { mode: 'worktree' }, agents: { pusher: { command: words } } },
    });
    const pushed = join(swarm.env['HOME']!, 'pushed');
    await swarm.say('launch 1 instance');
    for (const times of [1, 2]) {
      const ended = ({ instances }: State) => instances['pusher-1']!.exit !== null;
      expect((await until(swarm, ended)).instances['pusher-1']).toMatchObject({ exit: { code: 7, signal: null } });
      if (times === 1) expect(await swarm.say('restart pusher-1')).toMatchObject({ exit: 0 });
    }
    // A shell of the person in the same session reads what the person types there, and nothing else.
    expect(swarm.tmux('list-windows', '-a', '-F', '#{window_name}').split('\n')).toContain('shell');
    expect(existsSync(pushed)).toBe(false);
  });

  test('[SEC-9] what an agent has beside its branch goes into the archive with its worktree, or keeps that where it is', async () => {
    await using swarm = await openSwarm({
      settings: {
        agent: 'maker',
        sandbox: { mode: 'worktree' },
        agents: { maker: { command: ['sh', 'makes.sh'] } },
      },
      files: { 'makes.sh': MAKES, 'a.txt': 'one\n' },
    });
    const at = (name: string) => join(swarm.paths.worktrees, name);
    await swarm.say('launch 2 instances');
    await until(swarm, ({ instances }) => ['maker-1', 'maker-2'].every((id) => instances[id]?.exit?.code === 7));
    await swarm.say('stop all instances');
    // What the sessions began needs a moment to leave the folders.
    await expect.poll(async () => (await Promise.all(['maker-1', 'maker-2'].map(at).map(livingIn))).flat()).toEqual([]);
    expect((await swarm.say('clean worktrees')).data).toMatchObject({
      removed: [{ worktree: 'maker-1' }],
      kept: [{ worktree: 'maker-2', why: expect.stringContaining('cannot be kept') }],
    });
    const kept = () => swarm.git('for-each-ref', '--format=%(subject)', 'refs/drover/archive/maker-1-inside-*');
    expect(kept()).toMatch(/side of maker-1/u);
    expect(kept()).toMatch(/^WIP on drover\/maker-1/mu);
    expect(swarm.git('for-each-ref', 'refs/drover/archive/maker-2-inside-*')).toBe('');
    expect([existsSync(at('maker-1')), existsSync(at('maker-2'))]).toEqual([false, true]);
    expect(await swarm.say('restore worktree maker-2')).toMatchObject({ exit: 3 });
    for (const how of ['', ' force'])
      expect(await swarm.say(`remove worktree maker-2${how}`)).toMatchObject({ exit: 6, data: { code: 'git/inside' } });
    const { folder, git: own } = sandboxOf(swarm.paths, 'maker-2');
    renameSync(own, join(folder, 'aside'));
    expect(await swarm.say('remove worktree maker-2')).toMatchObject({ exit: 0 });
    expect([existsSync(at('maker-2')), existsSync(join(folder, 'aside'))]).toEqual([false, true]);
  });
});
