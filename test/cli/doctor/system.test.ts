import { describe, expect, test } from 'vitest';
import { type DiskFacts, judgeDisk, mountOf, parseMounts } from '../../../src/cli/doctor/disk.ts';
import { boundProcesses, USUAL_PATIENCE_MS } from '../../../src/cli/doctor/examination.ts';
import { commandLine, findingOf } from '../../../src/cli/doctor/finding.ts';
import { installCommand } from '../../../src/cli/doctor/install-command.ts';
import { judgeClock, judgeLimits, judgeLogout, judgeNode, limitIn } from '../../../src/cli/doctor/system.ts';
import { judgeTerminal, type TerminalFacts } from '../../../src/cli/doctor/terminal.ts';
import { withDeadline } from '../../../src/cli/patience.ts';
import { defineError } from '../../../src/lib/errors.ts';
import type { Processes } from '../../../src/ports/index.ts';
import { exit, faults } from './findings.ts';

describe('the terminal', () => {
  const facts: TerminalFacts = {
    columns: 120,
    rows: 40,
    env: { TERM: 'xterm-256color', LANG: 'C.UTF-8', COLORTERM: 'truecolor' },
    terminfo: 'xterm-256color|xterm,',
    synchronized: true,
  };
  test.each<[Partial<TerminalFacts>, readonly string[]]>([
    [{}, []],
    [{ columns: 60 }, ['warning terminal.small']],
    [{ rows: 20 }, ['warning terminal.small']],
    [{ env: { ...facts.env, LC_ALL: 'C' } }, ['warning terminal.not-utf8']],
    [{ env: { TERM: 'foot', LC_CTYPE: 'C' } }, ['warning terminal.not-utf8', 'note terminal.few-colours']],
    [{ env: { TERM: 'foot', LANG: 'de_DE.UTF-8' }, terminfo: 'foot,\n\tTc,' }, []],
    [{ env: { ...facts.env, TERM: 'dumb' } }, ['warning terminal.dumb']],
    [{ env: { ...facts.env, TERM: '' } }, ['warning terminal.dumb']],
    [{ env: { ...facts.env, TMUX: '/x,1,0' } }, ['warning terminal.term-in-tmux']],
    [{ env: { ...facts.env, TMUX: '/x,1,0', TERM: 'tmux-256color' } }, []],
    [{ terminfo: null }, ['warning terminal.unknown']],
    [{ terminfo: undefined }, []],
    [{ synchronized: false }, ['note terminal.flicker']],
    [{ synchronized: null }, []],
  ])('is judged by what the screen needs: %#', (more, expected) => {
    expect(faults(judgeTerminal({ ...facts, ...more }))).toEqual(expected);
  });
});

describe('the disk', () => {
  const facts: DiskFacts = {
    what: 'state',
    path: '/r',
    mount: { point: '/', type: 'ext4', options: ['rw'] },
    freeBytes: 5e10,
    freeFiles: 1e6,
    limitMb: 500,
    writable: true,
  };
  const mount = (type: string, ...options: string[]) => ({ mount: { point: '/mnt/a b', type, options } });
  test.each<[Partial<DiskFacts>, readonly string[]]>([
    [{}, []],
    [{ mount: undefined, freeFiles: null }, []],
    [{ freeFiles: 0 }, ['warning disk.files']],
    [{ freeBytes: 3e8 }, ['warning disk.space']],
    [{ freeBytes: 1e7 }, ['error disk.space']],
    [{ freeFiles: 12 }, ['warning disk.files']],
    // With less than this nothing is launched; with 0 it is not looked at.
    [{ what: 'worktrees', limitMb: 100_000 }, ['warning disk.limit']],
    [{ what: 'worktrees', limitMb: 0 }, []],
    [{ what: 'worktrees', limitMb: 500, freeBytes: 3e8 }, ['warning disk.space', 'warning disk.limit']],
    [{ writable: false }, ['error disk.read-only']],
    [mount('nfs4'), ['error disk.remote']],
    [{ ...mount('9p'), what: 'worktrees' }, ['warning disk.remote']],
    [mount('fuse.sshfs'), ['error disk.remote']],
    [mount('overlay'), ['note disk.fleeting']],
    [mount('tmpfs'), ['note disk.fleeting']],
    [{ ...mount('tmpfs'), what: 'worktrees' }, []],
    [mount('ext4', 'rw', 'noexec'), ['warning disk.noexec']],
    [{ ...mount('ext4', 'noexec'), what: 'worktrees' }, ['warning disk.noexec']],
  ])('is judged by room, kind and rights: %#', (more, expected) => {
    expect(faults(judgeDisk({ ...facts, ...more }))).toEqual(expected);
  });

  test('the mount of a path is the deepest one, with blanks in its name', () => {
    const mounts = parseMounts(
      '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 22 0:9 / /mnt/a\\040b rw,noexec shared:1 - nfs4 srv:/x rw\n\n',
    );
    expect(mounts).toHaveLength(2);
    expect(mountOf('/mnt/a b/c', mounts)).toEqual({ point: '/mnt/a b', type: 'nfs4', options: ['rw', 'noexec'] });
    expect(mountOf('/mnt/a bc', mounts)?.type).toBe('ext4');
    expect(mountOf('/', [])).toBeUndefined();
  });
});

describe('the machine', () => {
  const limits = { watches: 65_536, watchers: 128, openFiles: 4096, processes: 4096, instances: 10 };
  test('limits are measured by how many agents may run at once', () => {
    expect(faults(judgeLimits(limits))).toEqual([]);
    expect(faults(judgeLimits({ ...limits, instances: 100 }))).toEqual([
      'note system.inotify-watches',
      'note system.inotify-instances',
    ]);
    expect(faults(judgeLimits({ ...limits, instances: 1, openFiles: 256, processes: 50 }))).toEqual([
      'warning system.open-files',
      'warning system.processes',
    ]);
    const untold = { watches: undefined, watchers: undefined, openFiles: undefined, processes: undefined };
    expect(faults(judgeLimits({ ...untold, instances: 1 }))).toEqual([]);
    expect(
      limitIn('Max open files            1024                 4096                 files\n', 'Max open files'),
    ).toBe(1024);
    expect(
      limitIn('Max processes             unlimited            unlimited            processes\n', 'Max processes'),
    ).toBe(undefined);
  });

  test.each([
    [{ killsProcesses: true, lingers: false, remote: true }, 'error'],
    [{ killsProcesses: true, lingers: null, remote: false }, 'warning'],
    [{ killsProcesses: true, lingers: true, remote: true }, 'ok'],
    [{ killsProcesses: false, lingers: false, remote: true }, 'ok'],
    [{ killsProcesses: null, lingers: false, remote: true }, 'warning'],
    [{ killsProcesses: null, lingers: null, remote: true }, 'ok'],
  ])('what logging out does with %j is %s', (facts, severity) => {
    const finding = judgeLogout({ user: 'ada', ...facts });
    expect(finding.severity).toBe(severity);
    if (severity !== 'ok') expect(finding.repair).toBe('loginctl enable-linger ada');
    expect(judgeLogout({ ...facts, user: 'root' }).severity).toBe('ok');
  });

  test('an old Node and a clock that went back are found', () => {
    expect(judgeNode('24.1.0', '>=22.13').severity).toBe('ok');
    expect(judgeNode('22.13.0', '>=22.13').severity).toBe('ok');
    expect(judgeNode('22.12.9', '>=22.13').id).toBe('node.too-old');
    expect(judgeClock(0, null)).toEqual([]);
    expect(judgeClock(0, 59_000)).toEqual([]);
    expect(judgeClock(0, 600_000)).toMatchObject([{ id: 'system.clock', severity: 'warning' }]);
  });
});

describe('what a repair says', () => {
  test('a command can be pasted into any shell', () => {
    expect(commandLine('tmux', 'kill-session', '-t', "=it's")).toBe(`tmux kill-session -t '=it'\\''s'`);
    expect(commandLine('rm', '/a b/$(x)')).toBe("rm '/a b/$(x)'");
    expect(commandLine('tmux', '-t', '=r')).toBe("tmux -t '=r'");
  });

  test('programs are installed by the package manager that is there, or that the system is known for', () => {
    expect(installCommand('git', '/nowhere', 'ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toBe('sudo apt install git');
    expect(installCommand('git', '/nowhere', 'ID=arch\n')).toBe('sudo pacman -S git');
    expect(installCommand('git', '/nowhere', 'ID="opensuse-leap"\n')).toBe('sudo zypper install git');
    expect(installCommand('git', '/nowhere', '')).toBe('brew install git');
  });

  test('an error of ours is a finding with its hint, and a bug stays a bug', () => {
    const broken = defineError('doctor/broken', 1, () => ({ message: 'it broke', hint: 'Mend it.' }));
    expect(findingOf('git.refused', 'git', broken())).toMatchObject({
      cause: 'it broke. Mend it',
      repair: 'drover doctor',
      label: 'then',
    });
    expect(() => findingOf('git.refused', 'git', new TypeError('a bug'))).toThrow('a bug');
  });
});

describe('nobody waits for long', () => {
  test('what does not come in time is replaced', async () => {
    expect(await withDeadline(new Promise(() => undefined), 'late', 1)).toBe('late');
    expect(await withDeadline(Promise.resolve('there'), 'late', USUAL_PATIENCE_MS)).toBe('there');
    await expect(withDeadline(Promise.reject(new Error('no')), 'late', USUAL_PATIENCE_MS)).rejects.toThrow('no');
  });

  test('a program gets little time, whatever was asked for', async () => {
    const asked: (number | undefined)[] = [];
    const processes = {
      started: 3,
      run: async (request: { timeoutMs?: number }) => {
        asked.push(request.timeoutMs);
        return exit('');
      },
      [Symbol.asyncDispose]: async () => undefined,
    } as unknown as Processes;
    await using quick = boundProcesses(processes, 2000);
    await quick.run({ file: 'x', args: [] });
    await quick.run({ file: 'x', args: [], timeoutMs: 90_000 });
    await quick.run({ file: 'x', args: [], timeoutMs: 10 });
    expect([asked, quick.started]).toEqual([[1500, 1500, 10], 3]);
  });
});
