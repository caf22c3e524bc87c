import { writeFileSync } from 'node:fs';
import { expect, onTestFailed, test } from 'vitest';
import type { AppEvent } from '../../src/state/index.ts';
import { until } from '../commands/stage.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { performed } from './performed.ts';

/** What happened to an instance and its task, in words that are the same for every agent. */
const wordOf = ({ type, data }: AppEvent): string | undefined => {
  if (type === 'instance.started') return 'started';
  if (type === 'run.started') return 'given';
  if (type === 'run.claimed') return 'claimed';
  if (type === 'run.verified') return 'done';
  if (type !== 'instance.moved') return undefined;
  const words: Readonly<Record<string, string>> = { idle: 'ready', verifying: 'verifying' };
  return words[data.state] ?? data.state;
};

const sequenceOf = async (swarm: Swarm): Promise<string[]> => {
  const events = (await swarm.say('list events limit=500')).data as AppEvent[];
  const words = events.toSorted((a, b) => a.seq - b.seq).flatMap((event) => wordOf(event) ?? []);
  return words.filter((word, at) => word !== words[at - 1]);
};

const AGENTS: Readonly<Record<string, object>> = {
  rehearsal: {},
  claude: performed('claude'),
  codex: performed('codex'),
  opencode: performed('opencode'),
  gemini: performed('gemini'),
  kiro: performed('kiro'),
  mine: {
    ...performed('custom'),
    ready: '^agent>',
    idle: String.raw`^turn over\s+agent>`,
    question: String.raw`^Sure\? \[y/n\]`,
  },
};

const FILES = {
  '.kiro/steering/x.md': 'Use tabs.\n',
  '.claude/settings.json': '{"permissions":{"allow":["Bash(ls)"]}}\n',
  '.claude/commands/x.md': 'Do x.\n',
  '.mcp.json': '{"mcpServers":{}}\n',
  'opencode.json': '{}\n',
};

test.each(Object.entries(AGENTS))(
  '[AGT-8] the agent %s goes from its start to the verified commit through the same events as every other',
  async (agent, settings) => {
    await using swarm = await openSwarm({
      settings: { agent, agents: { [agent]: settings } },
      files: FILES,
    });
    const id = `${agent}-1`;
    let seen = '';
    onTestFailed(() => console.error(seen));
    const look = async (): Promise<void> => {
      const { transitions } = (await swarm.state()).instances[id] ?? {};
      seen = `${swarm.tmux('capture-pane', '-p', '-t', `=r-${id}:`)}${JSON.stringify(transitions, null, 1)}`;
    };
    await swarm.say(
      'create task "Make a file" id=t1 description="rehearse: ask Shall I?" check="test -f .kiro/steering/x.md && test -f .mcp.json"',
    );
    await swarm.say('run task t1');
    const asked = await until(swarm, ({ instances }) => instances[id]?.state.kind === 'waiting').catch(
      async (error) => {
        await look();
        throw error;
      },
    );
    expect(asked.alerts[`waiting:${id}`]).toBeDefined();
    expect(await swarm.say(`approve ${id}`)).toMatchObject({ exit: 0, data: [{ confirmed: true }] });
    // One that has no more to do may have ended before anybody looked.
    if (agent !== 'rehearsal') await until(swarm, ({ instances }) => instances[id]?.state.kind === 'working');
    writeFileSync(`${swarm.env['HOME']}/seen`, '');
    await until(swarm, ({ tasks }) => tasks['t1']?.state === 'done');
    expect(await sequenceOf(swarm)).toEqual([
      ...['started', 'ready', 'given', 'working', 'waiting', 'working', 'claimed', 'verifying', 'done', 'ready'],
    ]);
    const { workspace_path: worktree } = asked.instances[id]!;
    expect(
      swarm
        .git('-C', worktree, 'ls-files', ...Object.keys(FILES))
        .split('\n')
        .toSorted(),
    ).toEqual(Object.keys(FILES).toSorted());
  },
);
