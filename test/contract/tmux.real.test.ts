import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { SessionSpec } from '../../src/ports/index.ts';
import { openTestTarget, TARGET_KINDS } from './target-kinds.ts';

const WAIT = { timeout: 30_000, interval: 30 };

const stage = async (kind: (typeof TARGET_KINDS)[number]) => {
  const opened = await openTestTarget(kind);
  const { target, root, tmux: rawTmux } = opened;
  await mkdir(target.paths.spool, { recursive: true });
  const spec = async (session: string, script: string, more: Partial<SessionSpec> = {}): Promise<SessionSpec> => {
    const launchFile = join(root, `${session}.sh`);
    writeFileSync(launchFile, `${script}\n`, { mode: 0o755 });
    const logDir = join(root, 'logs', session);
    return {
      ...{ session, droverId: `key/${session}`, cwd: root, launchFile, cols: 80, rows: 24, logDir },
      ...{ firstSegment: await target.logs.begin(logDir, { cols: 80, rows: 24 }), spoolDir: target.paths.spool },
      ...{ title: session, background: '#102030', foreground: '#ffffff', ...more },
    };
  };
  const { tmux } = target;
  const shows = (pane: string, text: string) =>
    vi.waitUntil(async () => (await tmux.capture(pane)).includes(text), WAIT);
  return { ...opened, rawTmux, tmux, spec, shows };
};

describe.each(TARGET_KINDS)('tmux of a %s target', (kind) => {
  test('where no server runs nothing is there, and that is no failure', async () => {
    await using it = await stage(kind);
    expect(await it.tmux.version()).toMatch(/^\d+\.\d+/);
    expect([await it.tmux.list('key/'), await it.tmux.sessions('key/'), await it.tmux.sessionNames()]).toEqual([
      ...[[], [], []],
    ]);
    expect(await it.tmux.look('key/', [])).toEqual({ panes: [], screens: new Map() });
    await it.tmux.kill('key/nobody');
    expect(await it.tmux.server()).toBeNull();
    await it.tmux.nudge();
  });

  test('a session is made, found by its mark, looked at, typed into and ended', async () => {
    await using it = await stage(kind);
    const { tmux } = it;
    const made = await tmux.create(await it.spec('one', 'printf "grün 🌱\\n"; exec cat'));
    expect(made).toMatchObject({ session: 'one', droverId: 'key/one', dead: false, exitCode: null });
    expect(await tmux.list('key/')).toEqual([expect.objectContaining({ pane: made.pane, pid: made.pid })]);
    expect(await tmux.list('other/')).toEqual([]);
    expect((await it.target.processes.lineages([made.pid])).get(made.pid)![0]!.parent).toBe((await tmux.server())?.pid);
    expect(made.server).toBe((await tmux.server())?.id);
    await it.shows(made.pane, 'grün 🌱');
    expect(await tmux.type(made.pane, '--héllo; "wörld"', { enter: true, once: 'a' })).toBe(true);
    expect(await tmux.type(made.pane, 'again', { enter: true, once: 'a' })).toBe(false);
    await it.shows(made.pane, '--héllo; "wörld"');
    expect(await tmux.reply(made.pane, ['text:by keys', 'Enter'], 'b')).toBe(true);
    expect(await tmux.reply(made.pane, ['Enter'], 'b')).toBe(false);
    await tmux.paste(made.pane, 'two\nlines');
    await tmux.press(made.pane, 'Enter');
    await it.shows(made.pane, 'lines');
    const { panes, screens } = await tmux.look('key/', [made.pane]);
    expect(panes).toHaveLength(1);
    expect(screens.get(made.pane)).toContain('by keys');
    await tmux.kill('key/another');
    expect(await tmux.sessionNames()).toEqual(['one']);
    await tmux.kill('key/one');
    expect(await tmux.sessionNames()).toEqual([]);
  });

  test('colours are told where they are asked for', async () => {
    await using it = await stage(kind);
    const { pane } = await it.tmux.create(await it.spec('one', 'printf "\\033[31mred\\033[0m\\n"; exec cat'));
    await it.shows(pane, 'red');
    expect(await it.tmux.capture(pane)).not.toContain('\u001B[');
    expect(await it.tmux.capture(pane, { styled: true })).toContain('\u001B[31mred');
  });

  test('what a program prints is in its log, and how it ended is known', async () => {
    await using it = await stage(kind);
    const spec = await it.spec('one', 'printf "\\377last words"; exit 7');
    await it.tmux.create(spec);
    // tmux may sleep through the end of a program: who watches for it wakes tmux up.
    const ended = async () => {
      await it.tmux.nudge();
      return (await it.tmux.list('key/')).find((one) => one.exitCode !== null);
    };
    const pane = await vi.waitUntil(ended, WAIT);
    expect(pane).toMatchObject({ dead: true, exitCode: 7, exitSignal: null });
    const bytes = async () => {
      const pieces: Uint8Array[] = [];
      for await (const piece of it.target.logs.read(spec.logDir, 1000)) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    await vi.waitUntil(async () => (await bytes()).equals(Buffer.from([0xff, ...Buffer.from('last words')])), WAIT);
  });

  test('a screen is photographed where a segment begins, and a window gets its size', async () => {
    await using it = await stage(kind);
    const spec = await it.spec('one', 'echo shown; exec cat');
    const { pane } = await it.tmux.create(spec);
    await it.shows(pane, 'shown');
    expect(await it.tmux.checkpoint(pane, spec.logDir, 2)).toMatchObject({
      ...{ segment: 2, cols: 80, rows: 24, text: expect.stringContaining('shown') },
    });
    await it.tmux.resize('one', 100, 30);
    expect(await it.tmux.list('key/')).toMatchObject([{ cols: 100, rows: 30 }]);
  });

  test('windows that are missing are made again, and those who look can be taken away', async () => {
    await using it = await stage(kind);
    const windows = [{ name: 'git', says: 'Enter', argv: ['cat'] }];
    await it.tmux.create(await it.spec('one', 'exec cat', { windows }));
    expect(await it.tmux.sessions('key/')).toMatchObject([{ session: 'one', windows: ['agent', 'git'], clients: [] }]);
    it.rawTmux('kill-window', '-t', '=one:git');
    expect(await it.tmux.layout({ session: 'one', droverId: 'key/one', cwd: it.root, windows })).toEqual(['git']);
    expect(await it.tmux.detach('one', 'key/one')).toBe(0);
  });

  test('a name that is taken and a pane that is not there reject with their codes', async () => {
    await using it = await stage(kind);
    await it.tmux.create(await it.spec('one', 'exec cat'));
    const again = await it.spec('one', 'exec cat', { droverId: 'key/other' });
    await expect(it.tmux.create(again)).rejects.toMatchObject({
      ...{ name: 'AppError', code: 'tmux/name-taken', exit: 6, hint: expect.stringMatching(/./) },
    });
    await expect(it.tmux.capture('%99')).rejects.toMatchObject({ code: 'tmux/not-found', exit: 3 });
  });
});
