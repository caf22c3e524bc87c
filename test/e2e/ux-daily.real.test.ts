import { execFileSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { daemonRepository } from '../helpers/daemon.ts';
import { openShell } from './shell.ts';
import { BIN } from './terminal.ts';

test('[QUA-10] a day’s work, from opening the view over assigning, answering and merging to coming back, takes at most 12 inputs', async () => {
  await using repository = daemonRepository({ env: { DROVER_REHEARSAL_TASK_MS: '100..200' } });
  const { root, env, git } = repository;
  const person = openShell({ cwd: root, env });
  const { input, see } = person;
  await input('drover launch 2 instances && drover\r');
  await see('○ 2 idle');

  await input('create task "Sort the list. rehearse: ask Which order?"\r');
  await see('Created t1');
  await input('assign t1 to rehearsal-2\r');
  await see('rehearsal-2 gets t1');
  await input('run t1\r');
  await see('? Which order?');
  await see(/\? rehearsal-2 asks: Which order\?.* Ctrl-G /);
  await input('\u0007');
  await see('? rehearsal-2 asks');
  await input('ascending\r');
  await see('✔ Sent "ascending" to rehearsal-2');
  await see('tasks ▰▰▰▰▰▰▰▰▰▰ 1/1');
  await input('merge completed branches\r');
  await see(/✔ .*1 branch.*merged|✔ .*[Mm]erged 1 branch/);
  expect(git('log', '--merges', '--format=%s', 'drover/integration')).toContain('t1');
  await input('\u001B');
  await see('q leave');
  await input('q');
  await see('2 agents keep running.');

  await input('drover\r');
  await see('○ 2 idle');
  await see('tasks ▰▰▰▰▰▰▰▰▰▰ 1/1');
  await input('\u0003\u0003');
  await see(/2 agents keep running\..*\s+me@home>/);
  expect(person.inputs()).toBeLessThanOrEqual(12);
}, 120_000);

const CTRL_G = '\u0007';

/** The plan of a day; its first task asks. */
const PLAN = [
  '- [ ] 1. Sort the list. rehearse: ask Which order?',
  '- [ ] 2. Count the words',
  '- [ ] 3. Greet by name',
  '- [ ] 4. Show the date',
];

/** Fails as long as the task is done for the first time, whether its agent runs it or Drover does, and then never again. */
const FAILS_FIRST =
  'cd "$(git rev-parse --git-common-dir)" && if mkdir once 2>&- || mkdir twice 2>&-; then echo "expected 3 words, got 2"; exit 1; fi';

/** A shell in a repository with a plan of so many tasks and two agents, where nobody has begun anything. */
const openDay = ({ root, env }: { readonly root: string; readonly env: Record<string, string> }) => {
  const drover = (...argv: readonly string[]): string =>
    execFileSync(process.execPath, [BIN, ...argv], { cwd: root, env, encoding: 'utf8' });
  drover('do', 'import spec .kiro/specs/day');
  drover('do', `set task 2 check=${JSON.stringify(FAILS_FIRST)}`);
  drover('do', 'launch 2 instances');
  return openShell({ cwd: root, env });
};

const dayOf = (tasks: number) =>
  daemonRepository({
    settings: { agent: 'rehearsal', checks: { task: 'true' } },
    env: { DROVER_REHEARSAL_TASK_MS: '100..200' },
    files: { '.kiro/specs/day/tasks.md': `# Day\n\n${PLAN.slice(0, tasks).join('\n')}\n` },
  });

/** Opens the view and has all tasks done, by the keys that the screen names: one asks, and one fails and is tried again. */
const runAll = async (person: ReturnType<typeof openShell>, tasks: number): Promise<void> => {
  const { input, see, screen } = person;
  await input('drover\r');
  await see(/Ctrl-G {2}run all ready tasks/u);
  await input(CTRL_G);
  await see(/Which order\?.* Ctrl-G /u);
  await input(CTRL_G);
  await see('? rehearsal-1 asks');
  await input('ascending\r');
  await see(/Ctrl-G {2}show failure 2/u);
  await input(CTRL_G);
  await see('expected 3 words, got 2');
  await see(/\d {4}retry task 2/u);
  await input(/(?<digit>\d) {4}retry task 2/u.exec(screen())!.groups!['digit']!);
  await see(`${tasks} tasks done, to review`);
};

/** Says yes to the open question as soon as it takes one, which its lit button shows. */
const sayYes = async ({ input, see, screen, terminal }: ReturnType<typeof openShell>): Promise<void> => {
  await see('y yes');
  await vi.waitUntil(
    () => {
      const rows = screen().split('\n');
      const row = rows.findIndex((line) => line.includes('[ No ]'));
      const { active } = terminal.buffer;
      return active
        .getLine(active.baseY + row)
        ?.getCell(rows[row]?.indexOf('[ No ]') ?? 0)
        ?.isInverse();
    },
    { timeout: 10_000 },
  );
  await input('y');
};

/** Brings all that is merged to the branch of the person, and leaves. */
const deliverAndLeave = async (person: ReturnType<typeof openShell>): Promise<void> => {
  const { input, see } = person;
  await see(/to deliver to main.* merge completed branches to=main/u);
  await input(CTRL_G);
  await sayYes(person);
  await see(/✔ .*main/u);
  await input('q');
  await see('2 agents keep running.');
};

test('[QUA-10] a whole day takes at most 12 inputs: a plan run, a question answered, a failure tried again, a work approved, all merged and delivered', async () => {
  await using repository = dayOf(3);
  const { root, env, git } = repository;
  const person = openDay({ root, env });
  const { input, see } = person;
  await runAll(person, 3);
  await input(CTRL_G);
  await see('A approve');
  await input('A');
  await see('2 of 3');
  await input('M');
  await deliverAndLeave(person);
  expect(person.inputs()).toBeLessThanOrEqual(12);
  expect(git('log', '--merges', '--format=%s', 'main').split('\n')).toHaveLength(3);
}, 120_000);

test('[QUA-10] a whole day with four works reviewed takes at most 20 inputs', async () => {
  await using repository = dayOf(4);
  const { root, env, git } = repository;
  const person = openDay({ root, env });
  const { input, see } = person;
  await runAll(person, 4);
  await input(CTRL_G);
  for (const task of [1, 2, 3, 4]) {
    await see(`review of ${task}  ${task} of 4`);
    await see('A approve');
    await input('A');
  }
  await see(/4 tasks to merge.* merge completed branches · asks first/u);
  await input(CTRL_G);
  await sayYes(person);
  await deliverAndLeave(person);
  expect(person.inputs()).toBeLessThanOrEqual(20);
  expect(git('log', '--merges', '--format=%s', 'main').split('\n')).toHaveLength(4);
}, 120_000);
