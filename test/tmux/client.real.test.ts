import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { tmuxKey } from '../../src/cli/screen/typed-keys.ts';
import { exitUnattached, folderMissing, nameTaken, paneDead, targetMissing } from '../../src/tmux/errors.ts';
import { openTmux } from '../../src/tmux/client.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { testProcesses } from '../helpers/processes.ts';
import { testServer } from './server.ts';

const HOSTILE = `
set -g base-index 1
setw -g pane-base-index 1
set -g destroy-unattached on
setw -g remain-on-exit off
set -g renumber-windows on
set -g detach-on-destroy off
set -g default-command false
set -g default-shell /bin/false
set -g default-terminal vt52
set -g status off
setw -g window-size smallest
setw -g automatic-rename on
setw -g synchronize-panes on
set -g update-environment 'A B'
set -g prefix C-q
unbind -a
set-hook -g session-created 'kill-session'
set-hook -g pane-died 'respawn-pane'
set -s command-alias[50] list-panes=kill-server
set -s command-alias[51] set-option=kill-server
set -s command-alias[52] new-session=kill-server
`;

const shows = (capture: () => Promise<string>, text: string) =>
  vi.waitUntil(async () => (await capture()).includes(text), { timeout: 30_000, interval: 30 });
const logText = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.log'))
        .sort()
        .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
        .join('')
    : '';
const spooled = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name): unknown => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')));

test('[TMX-1] an agent belongs to the tmux server and lives on when whoever started it is gone', async () => {
  await using server = testServer();
  const { pid } = await server.tmux.create(server.spec('r-kiro-1', 'exec cat'));
  const serverPid = Number(await server.raw('display-message', '-p', '#{pid}'));
  const parent = execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' });
  expect(Number(parent)).toBe(serverPid);
  // The server has a session of its own, so no signal to our terminal or process group reaches it.
  const session = (of: number) => execFileSync('ps', ['-o', 'sid=', '-p', String(of)], { encoding: 'utf8' }).trim();
  expect(session(serverPid)).not.toBe(session(process.pid));
  await server.raw('has-session', '-t', '=r-kiro-1');
});

test('[TMX-3] sessions are found and ended by their exact mark only', async () => {
  await using server = testServer();
  const { tmux } = server;
  await tmux.create(server.spec('r-kiro-10', 'exec cat'));
  await server.raw('new-session', '-d', '-s', 'mine', 'cat');
  for (const mark of ['/repo/r-kiro-1', '/repo/r-kiro-1*', '/repo/mine', 'mine', '']) await tmux.kill(mark);
  expect(await tmux.sessionNames()).toEqual(['mine', 'r-kiro-10']);
  expect((await tmux.list('/repo/')).map(({ session, droverId }) => [session, droverId])).toEqual([
    ['r-kiro-10', '/repo/r-kiro-10'],
  ]);
  expect(await tmux.list('/other/')).toEqual([]);
  await tmux.kill('/repo/r-kiro-10');
  expect(await tmux.sessionNames()).toEqual(['mine']);
});

test('a mark with characters that mean something to a format is compared as it is', async () => {
  await using server = testServer();
  const droverId = '/a,b}#{x}##(c)/it-1';
  await server.tmux.create(server.spec('odd', 'exec cat', { droverId }));
  expect(await server.tmux.list('/a,b}#{x}##(c)/')).toMatchObject([{ session: 'odd', droverId }]);
  await server.tmux.kill(droverId);
  expect(await server.tmux.sessionNames()).toEqual([]);
});

test('a server that is kept without a session is as none, and takes the next one', async () => {
  await using server = testServer('set -g exit-empty off');
  const { tmux, raw, spec } = server;
  await tmux.create(spec('one', 'exec sleep 100'));
  await tmux.kill('/repo/one');
  expect(await raw('show-options', '-gv', 'exit-empty')).toBe('off\n');
  expect(await tmux.list('/repo/')).toEqual([]);
  expect(await tmux.sessions('/repo/')).toEqual([]);
  expect(await tmux.sessionNames()).toEqual([]);
  await tmux.kill('/repo/one');
  await tmux.create(spec('two', 'exec sleep 100'));
  expect(await tmux.sessionNames()).toEqual(['two']);
});

test('without a server there is nothing to list and nothing to end, and the version is the program’s', async () => {
  await using server = testServer();
  expect(await server.tmux.list('')).toEqual([]);
  expect(await server.tmux.sessionNames()).toEqual([]);
  await server.tmux.kill('x');
  await server.tmux.nudge();
  expect(await server.tmux.version()).toMatch(/^\d+\.\d+/u);
});

test('an agent survives the most hostile configuration with its session, size, log and end intact', async () => {
  await using server = testServer(HOSTILE);
  const { tmux, path } = server;
  const pane = await tmux.create(
    server.spec('r-claude-1', 'printf "first words $TERM\\n"; read word; exit 7', { cols: 101, rows: 31 }),
  );
  expect(pane).toMatchObject({ session: 'r-claude-1', dead: false, cols: 101, rows: 31, title: 'r-claude-1' });
  await shows(() => tmux.capture(pane.pane), 'first words screen-256color');
  await tmux.type(pane.pane, 'go', { enter: true });
  await vi.waitUntil(async () => {
    await tmux.nudge();
    return (await tmux.list('/repo/'))[0]?.exitCode === 7;
  });
  expect(await tmux.list('/repo/')).toMatchObject([{ dead: true, exitCode: 7, exitSignal: null, pid: pane.pid }]);
  await vi.waitUntil(() => JSON.stringify(spooled(path('spool'))).includes('pane-died'));
  expect(spooled(path('spool'))).toContainEqual({
    ...{ instance: 'r-claude-1', source: 'tmux', token: null },
    body: { event: 'pane-died' },
  });
  await expect.poll(() => logText(path('logs/r-claude-1'))).toContain('first words');
});

test('no global option, hook or binding of the user changes', async () => {
  await using server = testServer(`${HOSTILE}\nset-hook -g client-attached 'display-message hello'`);
  await server.raw('start-server', ';', 'set', '-s', 'exit-empty', 'off');
  const everything = async () =>
    Promise.all([
      ...['-g', '-s', '-gw'].map((scope) => server.raw('show-options', scope)),
      server.raw('show-hooks', '-g'),
      server.raw('list-keys'),
    ]);
  const before = await everything();
  const { tmux } = server;
  const { pane } = await tmux.create(server.spec('a', 'exec cat'));
  await tmux.resize('a', 90, 30);
  await tmux.paste(pane, 'x');
  await tmux.checkpoint(pane, server.path('logs/a'), 2);
  expect(await everything()).toEqual(before);
});

test('a server that ends when nobody is attached is refused before anything is started', async () => {
  await using server = testServer('set -s exit-unattached on');
  const error = await server.tmux.create(server.spec('a', `touch ${server.path('ran')}`)).catch((e: unknown) => e);
  expect(exitUnattached.matches(error) && error.hint).toContain('set -s exit-unattached on');
  expect(existsSync(server.path('ran'))).toBe(false);
});

test('a name that a session of the user’s has is refused and that session is left alone', async () => {
  await using server = testServer();
  await server.raw('new-session', '-d', '-s', 'r-kiro-1', 'cat');
  const before = await server.raw('show-options', '-t', '=r-kiro-1:');
  const error = await server.tmux.create(server.spec('r-kiro-1', 'exec cat')).catch((e: unknown) => e);
  expect(nameTaken.matches(error) && error.exit).toBe(6);
  expect(await server.raw('show-options', '-t', '=r-kiro-1:')).toBe(before);
  expect(await server.tmux.list('')).toEqual([]);
});

test('a session that cannot be marked is taken down again and the reason told', async () => {
  await using server = testServer("set-hook -g after-new-session 'kill-session'");
  await server.raw('start-server', ';', 'set', '-s', 'exit-empty', 'off');
  await expect(server.tmux.create(server.spec('a', 'exec cat'))).rejects.toThrow();
  expect(await server.tmux.sessionNames()).toEqual([]);
  const missing = await server.tmux.create(server.spec('b', 'true', { cwd: server.path('no') })).catch((e) => e);
  expect(folderMissing.matches(missing)).toBe(true);
});

test('[SEC-7] folders, titles and names with quotes, formats and time signs are data', async () => {
  await using server = testServer();
  const odd = `it's "ü" #(touch pwned) #{pid} %H $(touch pwned) \`x\` ;`;
  const spec = server.spec('s', 'echo said', { logDir: server.path('logs', odd), title: odd, cwd: server.path() });
  const { title } = await server.tmux.create({ ...spec, spoolDir: server.path('spool') });
  expect(title).toBe(odd);
  await vi.waitUntil(() => logText(server.path('logs', odd)).includes('said'));
  expect(readdirSync(server.path('logs'))).toEqual([odd]);
  expect(existsSync(server.path('pwned'))).toBe(false);
});

test('[SEC-7] what an agent prints is in the log exactly as it was, control sequences included', async () => {
  await using server = testServer();
  await server.tmux.create(
    server.spec('s', String.raw`printf '\033]52;c;cHduZWQ=\007\033]2;title\007\033[31mred\033[m\n'`),
  );
  const expected = '\u001B]52;c;cHduZWQ=\u0007\u001B]2;title\u0007\u001B[31mred\u001B[m\r\n';
  await vi.waitUntil(() => logText(server.path('logs/s')) === expected);
  expect(await server.raw('list-buffers')).toBe('');
});

test('typed and pasted text arrives as it is, whatever it holds and however long it is', async () => {
  await using server = testServer();
  const { tmux } = server;
  const { pane } = await tmux.create(
    server.spec('t', 'stty raw -echo; echo ready; exec dd bs=65536 of=out 2>/dev/null'),
  );
  const out = () => (existsSync(server.path('out')) ? readFileSync(server.path('out'), 'utf8') : '');
  await shows(() => tmux.capture(pane), 'ready');
  const line = `-x 'q' "d" #{pid} #(id) $HOME ~ \\; ü 界 👩‍💻 end;`;
  await tmux.type(pane, line);
  await tmux.type(pane, ';', { enter: true });
  await tmux.press(pane, 'C-c', 'Escape');
  await tmux.press(pane);
  await tmux.press(pane, tmuxKey('alt+;')!);
  let expected = `${line};\r\u0003\u001B\u001B;`;
  await vi.waitUntil(() => out() === expected);
  const long = `${'0123456789;'.repeat(1500)}\n界;`;
  await tmux.type(pane, long.replace('\n', ' '));
  expected += long.replace('\n', ' ');
  await vi.waitUntil(() => out() === expected);
  await tmux.paste(pane, `${long}\u001B[20\u001B[201~1~tail;`);
  await tmux.paste(pane, '');
  expected += `${long}tail;`;
  await vi.waitUntil(() => out() === expected);
  expect(await server.raw('list-buffers')).toBe('');
});

test('text reaches the program although a person scrolls in copy mode, and a paste is marked where that was asked', async () => {
  await using server = testServer();
  const { tmux } = server;
  const script = String.raw`printf '\033[?2004h'; stty raw -echo; echo ready; exec dd bs=65536 of=out 2>/dev/null`;
  const { pane } = await tmux.create(server.spec('t', script));
  await shows(() => tmux.capture(pane), 'ready');
  await server.raw('copy-mode', '-t', pane);
  await tmux.type(pane, 'q', { enter: true });
  await tmux.paste(pane, 'two\nlines');
  await vi.waitUntil(
    () => existsSync(server.path('out')) && readFileSync(server.path('out'), 'utf8').endsWith('\u001B[201~'),
  );
  expect(readFileSync(server.path('out'), 'utf8')).toBe('q\r\u001B[200~two\nlines\u001B[201~');
});

test('an agent that is interrupted or fails is reported with the signal or the status that ended it', async () => {
  await using server = testServer();
  const { tmux } = server;
  const { pane } = await tmux.create(server.spec('a', 'echo ready; exec cat'));
  await tmux.create(server.spec('b', 'exit 42'));
  await shows(() => tmux.capture(pane), 'ready');
  await tmux.press(pane, 'C-c');
  const ends = async () => {
    await tmux.nudge();
    return (await tmux.list('')).map(({ exitCode, exitSignal }) => exitCode ?? exitSignal);
  };
  await vi.waitUntil(async () => JSON.stringify(await ends()) === '["SIGINT",42]', { timeout: 30_000, interval: 50 });
});

test('a dead or missing pane is said to be so, and the server lives', async () => {
  await using server = testServer();
  const { tmux } = server;
  const { pane } = await tmux.create(server.spec('d', 'kill -TERM $$'));
  await vi.waitUntil(async () => {
    await tmux.nudge();
    return (await tmux.list(''))[0]?.exitSignal === 'SIGTERM';
  });
  expect(paneDead.matches(await tmux.paste(pane, 'x').catch((e: unknown) => e))).toBe(true);
  await tmux.type(pane, 'x', { enter: true });
  expect(targetMissing.matches(await tmux.paste('%999', 'x').catch((e: unknown) => e))).toBe(true);
  expect(targetMissing.matches(await tmux.capture('%999').catch((e: unknown) => e))).toBe(true);
  expect(targetMissing.matches(await tmux.resize('nobody', 80, 24).catch((e: unknown) => e))).toBe(true);
  expect(targetMissing.matches(await tmux.checkpoint('%999', server.path('x'), 1).catch((e) => e))).toBe(true);
  expect(readdirSync(server.path('x'))).toEqual([]);
  expect(await server.raw('list-buffers')).toBe('');
  const seed = await tmux.checkpoint(pane, server.path('logs/d'), 2);
  expect(seed).toMatchObject({ segment: 2, cols: 80, rows: 24 });
});

test('windows and panes that a person opens beside the agent are not taken for it', async () => {
  await using server = testServer();
  const { tmux } = server;
  const { pane } = await tmux.create(server.spec('w', 'exec cat'));
  await server.raw('split-window', '-b', '-t', '=w:', 'cat');
  await server.raw('new-window', '-t', '=w:', 'cat');
  expect((await tmux.list('')).map((info) => info.pane)).toEqual([pane]);
  await tmux.resize('w', 90, 33);
  expect(await server.raw('display-message', '-p', '-t', pane, '#{window_width}x#{window_height}')).toBe('90x33\n');
  await server.raw('kill-pane', '-t', pane);
  await expect(tmux.resize('w', 80, 24)).rejects.toSatisfy(targetMissing.matches);
});

test('a missing tmux is reported with the way to install it', async () => {
  const { openTmux } = await import('../../src/tmux/client.ts');
  const { testProcesses } = await import('../helpers/processes.ts');
  const tmux = openTmux({ processes: testProcesses(), env: { PATH: '/nonexistent' }, socket: 'x', assets: '' });
  const error = await tmux.version().catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'tmux/missing', exit: 1 });
  expect(error).toHaveProperty('hint', expect.stringContaining('sudo apt install tmux'));
});

test('what is typed once is not typed again by a repetition, and the next words are', async () => {
  await using server = testServer();
  const { pane } = await server.tmux.create(server.spec('r-kiro-1', 'exec cat'));
  const words = 'say $HOME "a;b" #{pane_id} ~;';
  for (const once of ['t 1', 't 1', 't,}# 2', 't,}# 2', 't 1'])
    await server.tmux.type(pane, `${once}: ${words}`, { enter: true, once });
  await shows(() => server.tmux.capture(pane), `t,}# 2: ${words}`);
  await vi.waitUntil(async () => (await server.tmux.capture(pane)).split('t 1: ').length === 5);
  const lines = (await server.tmux.capture(pane)).split('\n').filter((line) => line !== '');
  expect(lines.toSorted()).toEqual(
    ['t 1', 't 1', 't 1', 't 1', 't,}# 2', 't,}# 2'].map((once) => `${once}: ${words}`).toSorted(),
  );
});

test('who was told and answered is remembered by the terminal itself, of many who were', async () => {
  await using server = testServer();
  const { tmux } = server;
  const { pane } = await tmux.create(server.spec('r-kiro-1', 'exec cat'));
  const told = (word: string, text: string) => tmux.type(pane, text, { enter: true, once: word, isMessage: true });
  expect([await told('c-1', 'one;'), await told('c-2', 'two #{pane_id}'), await told('c-1', 'again')]).toEqual([
    true,
    true,
    false,
  ]);
  await shows(() => tmux.capture(pane), 'two #{pane_id}');
  expect(await tmux.capture(pane)).not.toContain('again');
  // A text of several commands, the last of which has it remembered.
  const long = 'x'.repeat(3000);
  expect([await told('c-long', long), await told('c-long', long)]).toEqual([true, false]);
  expect(await tmux.reply(pane, ['text:y', 'Enter'], 'asked 1', 'c-3')).toBe(true);
  expect(await tmux.reply(pane, ['text:y', 'Enter'], 'asked 1', 'c-4')).toBe(false);
  await tmux.reply(pane, [], 'asked 2', 'c-5');
  await tmux.paste(pane, 'pasted', 'c-6');
  for (const n of Array.from({ length: 20 }, (_, i) => i)) await told(`c-m${n}`, 'm');
  const words = ['c-1', 'c-2', 'c-long', 'c-3', 'c-4', 'c-5', 'c-6', 'c-m19', 'c-m', 'c-.*'];
  const known = [];
  for (const word of words) if (await tmux.knows(pane, word)) known.push(word);
  expect(known).toEqual(['c-1', 'c-2', 'c-long', 'c-3', 'c-5', 'c-6', 'c-m19']);
  expect(await tmux.knows('%999', 'c-1')).toBe(false);
  for (const n of Array.from({ length: 200 }, (_, i) => i)) await tmux.reply(pane, [], 'x', `c-more-${n}`);
  expect((await server.raw('show-options', '-p', '-v', '-t', pane, '@drover_told')).length).toBeLessThan(1100);
});

test('a folder whose path is too long for a socket is named, with what to do', async () => {
  using folder = temporaryFolder('tmux');
  const long = join(folder.path, 'x'.repeat(100));
  mkdirSync(long);
  const env = { ...process.env, TMUX: undefined, TMUX_TMPDIR: long };
  const tmux = openTmux({ processes: testProcesses(), env, assets: '/nonexistent' });
  await expect(tmux.list('none')).rejects.toMatchObject({
    code: 'tmux/socket-too-long',
    message: expect.stringMatching(
      /^the path of the tmux socket is too long: ".*\/x{100}\/tmux-\d+\/default" has \d+ bytes/u,
    ),
  });
});
