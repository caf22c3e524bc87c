import { expect, test } from 'vitest';
import { parse } from '../../../src/protocol/parse.ts';
import { language } from '../../fixtures/signatures.ts';
import { markedCommits, openConflict } from '../../helpers/conflict-stage.ts';
import type { Swarm } from '../../helpers/swarm.ts';
import { until } from '../stage.ts';

/** The tasks as the first batch left them: the one that was merged, and the one that conflicts with it. */
const afterFirstBatch = async (swarm: Swarm): Promise<{ merged: string; aside: string }> => {
  expect((await swarm.say('merge completed branches')).exit).toBe(6);
  const [first] = (await swarm.state()).batches['batch-1']!.merged;
  return { merged: first!.task, aside: first!.task === 't1' ? 't2' : 't1' };
};

type Shown = { readonly suggestions: readonly { readonly command: string }[] };

test('[GIT-5] of three conflicts the lock file and the blanks are solved, and the real one is shown with what gets it out of the way', async () => {
  await using swarm = await openConflict(['package-lock.json', 'src/count.js', 'src/app.txt']);
  const { merged, aside } = await afterFirstBatch(swarm);
  const [theirs, ours] = aside === 't2' ? ['evening', 'morning'] : ['morning', 'evening'];
  const { message, data } = await swarm.say(`show conflict ${aside}`);
  expect((await swarm.say(`show conflict batch-1/${aside}`)).message).toBe(message);
  expect(message).toContain(`batch-1/${aside}: conflict with ${merged} in src/app.txt (1 line)`);
  expect(message).toContain(`  ours     ${merged}  `);
  expect(message).toContain('src/count.js: resolved, one side changed blanks alone');
  expect(message).toContain(
    [
      '  src/app.txt: both sides changed the same lines',
      '    line 2',
      '           | title',
      '    base   | greeting: hello',
      `    ours   | greeting: good ${ours}`,
      `    theirs | greeting: good ${theirs}`,
      '           | end',
    ].join('\n'),
  );
  const commands = (data as Shown).suggestions.map(({ command }) => command);
  expect(commands.length).toBeGreaterThanOrEqual(2);
  for (const command of commands) {
    expect([command, parse(command, language).ok]).toEqual([command, true]);
    expect(await swarm.say(`preview "${command.replaceAll('"', String.raw`\"`)}"`)).toMatchObject({ exit: 0 });
  }
  const { alerts } = await swarm.state();
  expect(Object.values(alerts).map(({ suggestion }) => suggestion)).toContain(`show conflict ${aside}`);
  expect(markedCommits(swarm)).toEqual([]);
});

test('[GIT-5] a side that is chosen is merged as far as the gates pass, and what was resolved is over', async () => {
  const checks = { merge: 'test -f src/app.txt' };
  await using swarm = await openConflict(['src/app.txt'], { checks });
  const { merged, aside } = await afterFirstBatch(swarm);
  const none = await swarm.say(`resolve conflict ${merged} ours`);
  // Whether its worktree was seen to conflict by now, which is no conflict of a batch, is a matter of moments.
  expect(none.exit === 3 || none.message.includes('is no conflict of a batch'), none.message).toBe(true);
  expect((await swarm.say(`resolve conflict ${aside} ours theirs`)).exit).toBe(2);
  expect((await swarm.say(`resolve conflict ${aside} auto wait=true`)).exit).toBe(6);
  const reply = await swarm.say(`resolve conflict batch-2/${aside} theirs`);
  expect([reply.exit, reply.message]).toEqual([
    0,
    `batch-3 merges ${aside} with ${merged} in src/app.txt (1 line): where nothing else resolves it, what the branch has stands. 1 gate judges that first.`,
  ]);
  const { batches } = await until(swarm, (state) => state.batches['batch-3']?.state === 'finished');
  expect(batches['batch-3']).toMatchObject({ side: 'theirs', merged: [{ task: aside }] });
  expect(batches['batch-3']!.checks).toHaveLength(1);
  expect(swarm.git('show', 'drover/integration:src/app.txt')).toContain(aside === 't2' ? 'evening' : 'morning');
  expect((await swarm.say(`show conflict batch-2/${aside}`)).message).toContain('merged later in batch-3 (over)');
  const over = await swarm.say(`resolve conflict ${aside} ours`);
  expect([over.exit, over.message]).toEqual([
    6,
    `batch-2/${aside} is merged in batch-3; it is not in the way any more.`,
  ]);
  expect(await swarm.say('resolve conflicts auto')).toMatchObject({
    exit: 6,
    message: 'No conflict is in the way of a merge.',
  });
  expect(markedCommits(swarm)).toEqual([]);
});

test('[GIT-5] a side for all conflicts at once is asked about first, and says whose lines are lost where', async () => {
  await using swarm = await openConflict(['src/app.txt']);
  const { merged, aside } = await afterFirstBatch(swarm);
  const asked = await swarm.propose('resolve conflicts ours');
  expect([asked.exit, asked.message]).toEqual([
    5,
    `This resolves 1 conflict with ours: the branches lose what they changed where they meet: ${aside} with ${merged} in src/app.txt (1 line).`,
  ]);
  expect(await swarm.say('resolve conflicts ours wait=true')).toMatchObject({
    exit: 0,
    message: 'batch-2: 1 branch merged into drover/integration.',
  });
});

test('conflict-resolve tries again what stays aside otherwise', async () => {
  await using swarm = await openConflict(['src/app.txt']);
  const { aside } = await afterFirstBatch(swarm);
  expect((await swarm.say('merge completed branches')).message).toContain('aside until they change');
  const again = await swarm.say('merge completed branches conflict-resolve');
  expect(again.exit).toBe(6);
  expect((await swarm.state()).batches['batch-2']).toMatchObject({ resolves: true, tasks: [aside] });
});
