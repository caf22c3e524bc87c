import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

/** What stands in the environment in which the daemon, and with it tmux, was started. */
const PERSONS = {
  GITHUB_TOKEN: 'ghp_of-the-person',
  AWS_SECRET_ACCESS_KEY: 'of-the-person',
  DROVER_SECRET_KEY: 'of-drover',
  DROVER_CA_SECRET: 'of-drover',
  SSH_AUTH_SOCK: '/tmp/agent',
};

/** The variables that the rehearsal agent of a swarm sees, and the folder that it works in, as it wrote them down itself. */
const dumped = async (agents: object) => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', agents }, env: PERSONS });
  await swarm.say('create task "Dump" description="rehearse: env" id=e1');
  await swarm.say('run task e1');
  const { instances } = await until(swarm, ({ tasks }) => tasks['e1']?.state === 'done');
  const { workspace_path } = instances['rehearsal-1']!;
  const lines = readFileSync(join(workspace_path, 'rehearsal/e1.env'), 'utf8').trimEnd().split('\n');
  const cwd = lines.pop();
  const names = lines.map((line) => line.slice(0, line.indexOf('=')));
  return { names, text: lines.join('\n'), cwd, worktree: `cwd ${realpathSync(workspace_path)}` };
};

test('[AGT-9] the rehearsal agent sees no secret of the person or of Drover, and works in its worktree', async () => {
  const { names, text, cwd, worktree } = await dumped({});
  expect(names.filter((name) => name in PERSONS || /SECRET/u.test(name))).toEqual([]);
  expect(text).not.toMatch(/of-the-person|of-drover/u);
  expect(names).toEqual(expect.arrayContaining(['PATH', 'HOME', 'DROVER_INSTANCE']));
  expect(cwd).toBe(worktree);
});

test('[AGT-9] it sees GITHUB_TOKEN, and nothing else more, where its settings allow that', async () => {
  const { names } = await dumped({ rehearsal: { pass_env: ['GITHUB_TOKEN'] } });
  expect(names.filter((name) => name in PERSONS)).toEqual(['GITHUB_TOKEN']);
});
