import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openScriptedModel } from '../../models/anthropic.ts';
import { isInstalled, openClaudeSwarm } from './place.ts';

const real = test.skipIf(!isInstalled('claude') || noSandbox !== undefined);

const FREE = { modes: { beast: { enabled: true } } };
/** Claude Code lets root do everything only where it is told that this is a sandbox. */
const ROOT = { env: { IS_SANDBOX: '1' } };

real(
  '[SEC-9] the real Claude Code that may do everything is shut in without anybody’s word, and does its task',
  async () => {
    await using place = await openClaudeSwarm(FREE, ROOT);
    const { swarm } = place;
    const secret = join(swarm.env['HOME']!, '.ssh/id_test');
    mkdirSync(dirname(secret));
    writeFileSync(secret, 'a key');
    const look = `cat ${secret} > seen.txt; echo x > ${join(swarm.root, 'written.txt')}; git add -A && git commit -qm made`;
    await swarm.say(`create task "Make a file" id=t1 description="%%write made.txt hi %%bash ${look} %%say all done"`);
    await swarm.say('run task t1 mode=beast');
    const state = await place.taskIs('done');
    expect(state.instances['claude-1']).toMatchObject({ mode: 'beast', sandbox: 'worktree' });
    const git = (...args: string[]) => swarm.git(...args).trim();
    expect(git('show', `${state.tasks['t1']!.run!.branch}:made.txt`)).toContain('hi');
    expect(git('show', `${state.tasks['t1']!.run!.branch}:seen.txt`)).toBe('');
    expect(existsSync(join(swarm.root, 'written.txt'))).toBe(false);
    expect(state.alerts).toEqual({});
  },
);

real(
  '[SEC-9] the real Claude Code reaches in the strict sandbox its model, a service of this machine that the list names, and nothing else',
  async () => {
    await using other = await openScriptedModel();
    const strict = ({ url }: { readonly url: string }) => ({
      ...FREE,
      sandbox: { mode: 'strict', need: 'required', hosts: [new URL(url).host] },
    });
    await using place = await openClaudeSwarm(strict, ROOT);
    const { swarm } = place;
    const get = (url: string) => `curl -s -o /dev/null -w '%{http_code}' ${url}`;
    const proxied = `env -u NO_PROXY -u no_proxy ${get(other.url)}`;
    const look = `(ls ${swarm.root}; echo $(${get(other.url)}) $(${proxied}) $(${get('http://example.com/')})) > seen.txt 2>/dev/null`;
    const commit = 'git add -A && git commit -qm made';
    await swarm.say(
      `create task "Make a file" id=t1 description="%%write made.txt hi %%bash ${look}; ${commit} %%say all done"`,
    );
    await swarm.say('run task t1 mode=beast');
    const state = await place.taskIs('done');
    expect(state.instances['claude-1']).toMatchObject({ mode: 'beast', sandbox: 'strict' });
    const show = (path: string) => swarm.git('show', `${state.tasks['t1']!.run!.branch}:${path}`).trim();
    expect(show('made.txt')).toContain('hi');
    expect(show('seen.txt')).toBe('000 403 403');
    expect(other.calls).toEqual([]);
  },
);

real('[SEC-9] where a copy would end its login the real Claude Code is started without, and that is said', async () => {
  await using place = await openClaudeSwarm(FREE, { ...ROOT, login: {} });
  const { swarm } = place;
  const file = join(swarm.env['HOME']!, '.claude/.credentials.json');
  mkdirSync(dirname(file), { recursive: true });
  const claudeAiOauth = { accessToken: 'a', refreshToken: 'r', expiresAt: Date.now() + 86_400_000, scopes: [] };
  writeFileSync(file, JSON.stringify({ claudeAiOauth }));
  await swarm.say('launch claude mode=beast');
  const state = await swarm.state();
  expect(state.instances['claude-1']).toMatchObject({ mode: 'beast', sandbox: 'missing' });
  expect(state.alerts['sandbox:claude-1']).toMatchObject({
    severity: 'warning',
    text: expect.stringContaining(`the login in ${file} renews itself`),
  });
});
