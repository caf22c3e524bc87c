import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { parseSpoolFile } from '../../src/agents/spool-message.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const HOOK = resolve('assets/ask-hook.sh');
const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['sh']].filter(
  ([shell]) => spawnSync('sh', ['-c', `command -v ${shell}`]).status === 0,
);
const BODY = '{"hook_event_name":"PermissionRequest","tool_name":"Bash","tool_input":{"command":"rm \\"a b\\""}}';

const named = (folder: string, end: string): string[] => readdirSync(folder).filter((name) => name.endsWith(end));

/** A hook that was asked something and waits at its pipe. */
const asking = async (
  folder: string,
  [shell, ...args]: readonly string[] = ['sh'],
  env: Record<string, string> = {},
) => {
  const hook: ChildProcess = spawn(shell!, [...args, HOOK], {
    env: { PATH: process.env['PATH']!, DROVER_SPOOL: folder, DROVER_INSTANCE: 'claude-1', DROVER_TOKEN: 't', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [hook.stdout!, hook.stderr!]) stream.on('data', (text) => (said += String(text)));
  const ended = new Promise<number | null>((done) => hook.on('close', done));
  hook.stdin!.end(BODY);
  await vi.waitUntil(() => named(folder, '.json').length > 0);
  return { hook, ended, said: () => said };
};

describe.each(shells)('ask-hook.sh in %s', (...shell) => {
  test('leaves what is asked with the pipe for the answer, and prints the answer that comes through it', async () => {
    using folder = temporaryFolder('ask');
    const { ended, said } = await asking(folder.path, shell);
    const [file] = named(folder.path, '.json');
    const message = parseSpoolFile(readFileSync(`${folder.path}/${file}`, 'utf8'))!;
    expect(message).toMatchObject({ instance: 'claude-1', source: 'hook', token: 't', body: JSON.parse(BODY) });
    const pipe = `${folder.path}/${message.ask}`;
    expect([statSync(pipe).isFIFO(), statSync(pipe).mode & 0o777]).toEqual([true, 0o600]);
    writeFileSync(pipe, '{"say":"it\'s $(id) \\\\n ü"}\n');
    expect(await ended).toBe(0);
    expect(said()).toBe('{"say":"it\'s $(id) \\\\n ü"}\n');
    expect(named(folder.path, '.ask')).toEqual([]);
  });

  test('prints nothing when it is let go', async () => {
    using folder = temporaryFolder('ask');
    const { ended, said } = await asking(folder.path, shell);
    writeFileSync(`${folder.path}/${named(folder.path, '.ask')[0]}`, '\n');
    expect([await ended, said()]).toEqual([0, '']);
  });
});

test('ask-hook.sh ends with the agent that asked, and puts its pipe away', async () => {
  using folder = temporaryFolder('ask');
  const agent = spawn('sleep', ['60']);
  const { ended, said } = await asking(folder.path, ['sh'], { CLAUDE_PID: String(agent.pid) });
  agent.kill();
  await ended;
  expect(said()).toBe('');
  await vi.waitUntil(() => named(folder.path, '.ask').length === 0);
});

test('a pipe of an ask-hook.sh that was ended is put away', async () => {
  using folder = temporaryFolder('ask');
  const { hook, ended } = await asking(folder.path);
  hook.kill();
  await ended;
  await vi.waitUntil(() => named(folder.path, '.ask').length === 0);
});

test.each([
  ['an instance that is no name', { DROVER_INSTANCE: '../x' }],
  ['a token with a line feed', { DROVER_TOKEN: 'a\nb' }],
  ['a folder that is not there', { DROVER_SPOOL: '/nowhere/at/all' }],
  ['none of its variables', { DROVER_SPOOL: '', DROVER_INSTANCE: '' }],
])('ask-hook.sh does not wait and says nothing with %s', (_name, wrong) => {
  using folder = temporaryFolder('ask');
  const env = {
    PATH: process.env['PATH']!,
    DROVER_SPOOL: folder.path,
    DROVER_INSTANCE: 'a-1',
    DROVER_TOKEN: 't',
    ...wrong,
  };
  expect(spawnSync('sh', [HOOK], { input: BODY, env, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(readdirSync(folder.path)).toEqual([]);
});

test('ask-hook.sh does not wait where nobody has read for long, or no pipe can be made', () => {
  using folder = temporaryFolder('ask');
  const spool = `${folder.path}/spool`;
  mkdirSync(spool);
  for (let n = 0; n < 401; n += 1) writeFileSync(`${spool}/${n}.json`, '');
  const env = { PATH: process.env['PATH']!, DROVER_SPOOL: spool, DROVER_INSTANCE: 'a-1' };
  expect(spawnSync('sh', [HOOK], { input: BODY, env, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
  expect(readdirSync(spool)).toHaveLength(401);
  expect(existsSync(HOOK) && statSync(HOOK).mode & 0o111).toBe(0o111);
});
