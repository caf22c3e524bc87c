import { expect, test } from 'vitest';
import { forecast } from '../../src/tui/prompt/prompt-forecast.ts';
import { language, settings } from '../fixtures/signatures.ts';
import { openSwarm } from '../helpers/swarm.ts';
import { instanceIs } from './stage.ts';

/** What is said, and whether that is asked about. */
const lines: readonly (readonly [line: string, asked: boolean])[] = [
  ['remove worktree scratch', true],
  ['remove instance rehearsal-1', true],
  ['scale instances to 0', true],
  ['stop all instances', true],
  ['merge completed branches to=main', true],
  ['merge branch ant to=main', true],
  ['merge completed branches to=main dry-run', false],
  ['rollback batch-1', true],
  ['sync branch main', true],
  ['sync branch main dry-run', false],
  ['sync branch drover/integration', false],
  ['git push', true],
  ['sync worktree scratch direction=up', true],
  ['sync worktree scratch', false],
  ['set config sandbox.mode off', true],
  ['set config checks.task true', false],
  ['clean worktrees dry-run', false],
  ['import task todo.jsonl', true],
  ['import task todo.jsonl dry-run', false],
];

test('[TUI-2] whatever the daemon asks about before it is done is foretold to ask first', async () => {
  const file = '{"title":"Two","check":"true"}\n';
  await using swarm = await openSwarm({ files: { 'todo.jsonl': file }, env: { DROVER_REHEARSAL_TASK_MS: '20' } });
  await swarm.say('launch 2 instances');
  for (const id of ['rehearsal-1', 'rehearsal-2']) await instanceIs(swarm, id, 'idle');
  await swarm.say('create worktree scratch');
  await swarm.say('create task One id=ant');
  await swarm.say('run task ant wait=true');
  for (const [line, asked] of lines) {
    if (line.startsWith('rollback')) await swarm.say('merge completed branches');
    const known = forecast(line, { state: await swarm.state(), settings }, language);
    const reply = await swarm.propose(line);
    expect([line, reply.exit === 5], reply.message).toEqual([line, asked]);
    const told = known.kind === 'ok' && (known.asks !== undefined || known.mayAsk === true);
    expect([line, told], JSON.stringify(known)).toEqual([line, asked]);
    expect(forecast(`${line} yes`, { state: await swarm.state(), settings }, language)).not.toHaveProperty('asks');
  }
});

/** What is refused by the state alone. */
const refused: readonly string[] = [
  ...['show group "nobody"', 'show plan "nobody"', 'show alert "a1"', 'show integration batch-1', 'show race ant'],
  ...[
    'show result ant',
    'review task ant',
    'create task Two deps=t99',
    'answer rehearsal-1 "yes"',
    'launch 99 instances',
  ],
  ...['scale instances to 99', 'rollback last integration', 'attach instances rehearsal-1, rehearsal-2'],
];

test('[TUI-2] what the daemon refuses by the state alone is foretold in its words', async () => {
  await using swarm = await openSwarm({});
  await swarm.say('launch 1 instance');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  await swarm.say('create task One id=ant');
  for (const line of refused) {
    const known = forecast(line, { state: await swarm.state(), settings }, language);
    const { message, hint: help, exit } = await swarm.propose(line);
    expect([line, known]).toEqual([line, { kind: 'error', message, help, understood: true }]);
    expect(exit, line).toBeGreaterThan(0);
  }
});
