import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { openStore } from '../../../src/state/store/open.ts';
import { until } from '../../commands/stage.ts';
import { performed } from '../../contract/performed.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

const open = (agent: string, permissions: object, more: object = {}): Promise<Swarm> =>
  openSwarm({ settings: { agent, agents: { [agent]: performed(agent) }, permissions, ...more } });

const begin = async (swarm: Swarm): Promise<void> => {
  writeFileSync(`${swarm.env['HOME']}/seen`, '');
  await swarm.say('create task "Make a file" id=t1');
  await swarm.say('run task t1');
};

const RULE = 'permissions.allow: Bash(git branch:*)';

test.each(['claude', 'codex', 'gemini'])(
  'a rule answers the permission that %s asks for at once, and nobody is called',
  async (agent) => {
    await using swarm = await open(agent, { allow: ['Bash(git branch:*)'] });
    const raised: string[] = [];
    await begin(swarm);
    const state = await until(swarm, ({ tasks }) => tasks['t1']?.state === 'done');
    const events = (await swarm.say('list events limit=500')).data as { type: string; data: { id?: string } }[];
    raised.push(...events.filter(({ type }) => type === 'alert.raised').map(({ data }) => data.id!));
    expect(raised.filter((id) => id.startsWith('waiting:'))).toEqual([]);
    expect(state.instances[`${agent}-1`]!.answers).toEqual([
      expect.objectContaining({ tool: 'Bash', subject: 'git branch other', decision: 'allow', rule: RULE }),
    ]);
    const shown = await swarm.say(`show instance ${agent}-1`);
    expect(shown.text).toContain('asked:     given: Bash(git branch:*); else a person is asked for a permission');
    expect(shown.text).toContain(`answered:  allowed Bash git branch other by ${RULE}`);
  },
);

test('what no rule answers is asked of a person, and the question outlives the daemon', async () => {
  await using swarm = await open('claude', { allow: ['Bash(npm test:*)'] });
  await begin(swarm);
  const waits = (s: Swarm) => until(s, ({ instances }) => instances['claude-1']?.requests?.length === 1);
  const state = await waits(swarm);
  expect(state.alerts['waiting:claude-1']).toMatchObject({
    text: 'claude-1 asks: May it use Bash: git branch other?',
    suggestion: 'approve claude-1',
  });
  await swarm.reopen();
  await waits(swarm);
  expect(await swarm.say('approve claude-1')).toMatchObject({ exit: 0, data: [{ confirmed: true }] });
  const after = await until(swarm, ({ tasks }) => tasks['t1']?.state === 'done');
  expect(after.instances['claude-1']!.answers).toEqual([
    expect.objectContaining({ decision: 'allow', rule: null, tool: 'Bash' }),
  ]);
  expect(after.instances['claude-1']!.requests ?? []).toEqual([]);
});

/** Its dialog hears Enter alone, so that a denial never arrives. */
const openDeaf = async (): Promise<Swarm> => {
  const swarm = await open('codex', { policy: 'deny' });
  await begin(swarm);
  const state = await until(swarm, ({ instances }) => instances['codex-1']?.requests?.length === 1);
  expect(state.alerts['waiting:codex-1']).toBeUndefined();
  return swarm;
};

test('where the answer of a rule does not arrive a person is called, also by the next daemon', async () => {
  await using swarm = await openDeaf();
  await swarm.reopen();
  const state = await until(swarm, ({ alerts }) => alerts['waiting:codex-1'] !== undefined);
  expect(state.alerts['waiting:codex-1']).toMatchObject({
    text: 'codex-1 asks: May it use Bash: git branch other?',
    suggestion: 'attach instance codex-1',
  });
  expect(swarm.tmux('capture-pane', '-p', '-t', '=r-codex-1:')).not.toContain('No, not that');
});

test('a person is called where the rule is gone that was about to answer', async () => {
  await using swarm = await openDeaf();
  await swarm.close();
  const file = `${swarm.root}/.drover/config.json`;
  writeFileSync(file, readFileSync(file, 'utf8').replace('"policy":"deny"', '"policy":"ask"'));
  await swarm.reopen();
  const state = await until(swarm, ({ alerts }) => alerts['waiting:codex-1'] !== undefined);
  expect(state.instances['codex-1']!.state.kind).toBe('waiting');
});

const ASK = 'claude-1-9-0.ask';

/** Leaves the message of a hook that asks whether a branch may be made, and is gone. */
const leaveQuestion = ({ paths }: Swarm): string => {
  const token = readFileSync(`${paths.instances}/claude-1/token`, 'utf8');
  const body = { hook_event_name: 'PermissionRequest', tool_name: 'Bash', tool_input: { command: 'git branch x' } };
  const file = `${paths.spool}/claude-1/x.json`;
  writeFileSync(`${file}.tmp`, JSON.stringify({ instance: 'claude-1', source: 'hook', token, ask: ASK, body }));
  renameSync(`${file}.tmp`, file);
  return file;
};

test('where the hook that asked is gone, what a rule decided is asked of a person', async () => {
  await using swarm = await open('claude', { allow: ['Bash(git branch:*)'] });
  await swarm.say('launch claude');
  leaveQuestion(swarm);
  const state = await until(swarm, ({ alerts }) => alerts['waiting:claude-1'] !== undefined);
  expect(state.instances['claude-1']).toMatchObject({ question: 'May it use Bash: git branch x?' });
});

test('[STO-2] what a rule has answered is not asked when the daemon was killed before it had put the message away', async () => {
  await using swarm = await open('claude', { allow: ['Bash(git branch:*)'] });
  await swarm.say('launch claude');
  await swarm.close();
  {
    await using store = await openStore({ paths: swarm.paths, now: () => new Date().toISOString() });
    const decided = { tool: 'Bash', subject: 'git branch x', decision: 'allow', rule: RULE, ask: ASK } as const;
    const data = { instance_id: 'claude-1', ...decided };
    await store.append([{ type: 'instance.answered', data }], { actor: 'daemon', corr: 'd-1' });
  }
  const file = leaveQuestion(swarm);
  await swarm.reopen();
  await vi.waitUntil(() => !existsSync(file));
  const { alerts, instances } = await swarm.state();
  expect([instances['claude-1']!.state.kind, alerts['waiting:claude-1']]).toEqual(['idle', undefined]);
  // It was decided once.
  expect(instances['claude-1']!.answers).toHaveLength(1);
});

test('[STO-2] a question that is read twice, because the daemon was killed in between, is asked once', async () => {
  await using swarm = await open('claude', { policy: 'ask' });
  await swarm.say('launch claude');
  for (let times = 0; times < 2; times += 1) {
    const file = leaveQuestion(swarm);
    await vi.waitUntil(() => !existsSync(file));
  }
  expect((await swarm.state()).instances['claude-1']).toMatchObject({ requests: [{ ask: ASK }] });
  expect((await swarm.state()).instances['claude-1']!.requests).toHaveLength(1);
});

test('what is left of hooks that nobody knows of is put away when the daemon starts', async () => {
  await using swarm = await openSwarm();
  await swarm.close();
  const pipe = `${swarm.paths.spool}/claude-1-1-0.ask`;
  const young = `${swarm.paths.spool}/claude-1-2-0.ask`;
  execFileSync('mkfifo', [pipe, young]);
  utimesSync(pipe, 1, 1);
  await swarm.reopen();
  await vi.waitUntil(() => !readdirSync(swarm.paths.spool).includes('claude-1-1-0.ask'));
  expect(readdirSync(swarm.paths.spool)).toContain('claude-1-2-0.ask');
});

test('the modes and the instances tell what is answered for a person', async () => {
  await using swarm = await openSwarm({
    settings: {
      agent: 'rehearsal',
      permissions: { deny: ['Bash(git push:*)'] },
      modes: { calm: { permissions: { policy: 'deny', allow: ['Read'] } } },
    },
  });
  const shown = await swarm.say('show mode calm');
  expect(shown.data).toMatchObject({
    permissions: { policy: 'deny', allow: ['Read'], deny: ['Bash(git push:*)'] },
  });
  expect(shown.text).toContain('refused: Bash(git push:*); given: Read; else every permission is refused');
  await swarm.say('launch rehearsal mode=calm');
  expect((await swarm.say('show instance rehearsal-1')).data).toMatchObject({ permissions: { policy: 'deny' } });
  expect(await swarm.propose('set config permissions.policy "allow"')).toMatchObject({ exit: 5 });
  expect(await swarm.propose('set config modes.calm.permissions.policy "allow"')).toMatchObject({ exit: 5 });
});
