import { expect, test } from 'vitest';
import type { State } from '../../../src/state/index.ts';
import { isInstalled, openClaudeSwarm, until } from './place.ts';

const real = test.skipIf(!isInstalled('claude'));

const COMMIT = '%%bash git add -A && git commit -qm';
/** Does what is asked for, but for a file that the gate finds. */
const WORK = `%%write made.txt hi %%write broken.txt oh ${COMMIT} made %%say all done`;

/** A gate that is red while the file is there; the model does what is said in that line, and nothing else says it. */
const gateThatSays = (script: string): string =>
  `! test -e broken.txt || { echo 'checking the belt'; echo 'the belt is broken: ${script}'; exit 1; }`;

const isOver = (id: string) => (state: State) => state.batches[id]?.state === 'finished';

const asideIn = (state: State, batch: string) => state.batches[batch]!.set_aside[0];

real(
  '[GIT-7] a red gate goes back to the real Claude Code with what it printed, which mends it without a question, and it is merged by itself',
  async () => {
    const mend = `%%bash git merge -q --no-edit drover/integration %%bash rm broken.txt ${COMMIT} mended %%say mended it`;
    const settings = { checks: { merge: gateThatSays(mend) }, integration: { send_back: true } };
    await using place = await openClaudeSwarm(settings);
    const { swarm } = place;
    await place.begin(WORK);
    await place.taskIs('done');
    expect((await swarm.say('merge completed branches')).exit).toBe(6);
    // Whoever asks waits for a person, who is not there.
    const state = await until(
      swarm,
      (now) => isOver('batch-2')(now) || now.instances['claude-1']!.state.kind === 'waiting',
    );
    expect(state.instances['claude-1']!.question).toBeNull();
    expect(asideIn(state, 'batch-1')).toMatchObject({
      task: 't1',
      reason: 'gate',
      sent_back: { round: 1, to: 'claude-1' },
    });
    expect(state.batches['batch-2']).toMatchObject({ tasks: ['t1'], merged: [{ task: 't1' }], set_aside: [] });
    expect(state.tasks['t1']!.run).toMatchObject({
      instance: 'claude-1',
      summary: expect.stringContaining('mended it'),
    });
    expect(swarm.git('ls-tree', '--name-only', 'drover/integration').split('\n')).toContain('made.txt');
    expect(swarm.git('ls-tree', '--name-only', 'drover/integration')).not.toContain('broken.txt');
    expect(state.instances['claude-1']!.transitions.map(({ kind }) => kind)).not.toContain('waiting');
    expect(Object.keys(state.alerts).filter((id) => id.startsWith('aside:'))).toEqual([]);
  },
  120_000,
);

real(
  'work of the real Claude Code that never fits goes back so often as is allowed, and then to the person',
  async () => {
    const checks = { merge: gateThatSays('%%bash git commit -q --allow-empty -m tried %%say tried it') };
    await using place = await openClaudeSwarm({ checks, integration: { send_back: true, send_back_rounds: 1 } });
    const { swarm } = place;
    await place.begin(WORK);
    await place.taskIs('done');
    await swarm.say('merge completed branches');
    const state = await until(swarm, (now) => isOver('batch-2')(now) && now.tasks['t1']!.state === 'failed');
    expect(['batch-1', 'batch-2'].map((id) => asideIn(state, id)?.sent_back?.round)).toEqual([1, undefined]);
    expect(state.alerts['aside:t1']).toMatchObject({ severity: 'warning', suggestion: 'show integration batch-2' });
    expect(Object.keys(state.batches)).toHaveLength(2);
  },
  120_000,
);
