import { execFile, execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BIN, openTerminal } from '../e2e/terminal.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain } from '../helpers/io.ts';
import { type Example, examplesOf } from './examples.ts';

const PLAN = ['1. Ground', '2. Pages', '3. Words', '4. Numbers']
  .flatMap((title, i) => [
    `- [ ] ${title}`,
    `  - [${i === 0 ? 'x' : ' '}] ${i + 1}.1 Begin`,
    `  - [ ] ${i + 1}.2 Go on`,
  ])
  .join('\n');

/** Documents that begin at the very beginning: their reader has not said `drover init` yet. */
const FROM_NOTHING = ['README.md', 'docs/guide.md'];

/** A repository as the reader of a document has it, with `drover` in the PATH; the plan is their own, unless the document writes it. */
const readersPlace = (file: string) => {
  const settings = { agent: 'rehearsal', rehearsal: { plans: false } };
  const isNew = FROM_NOTHING.includes(file);
  const repository = daemonRepository({ settings, trusted: !isNew, env: { DROVER_REHEARSAL_TASK_MS: '20..60' } });
  if (isNew) {
    repository.git('rm', '-rq', '.drover');
    repository.git('commit', '-qm', 'without Drover');
  }
  const bin = join(repository.root, '..', 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'drover'), `#!/bin/sh\nexec ${process.execPath} ${BIN} "$@"\n`, { mode: 0o755 });
  if (!readFileSync(file, 'utf8').includes('> .kiro/specs/feature/tasks.md')) {
    mkdirSync(join(repository.root, '.kiro/specs/feature'), { recursive: true });
    writeFileSync(join(repository.root, '.kiro/specs/feature/tasks.md'), PLAN);
    repository.git('add', '-A');
    repository.git('commit', '-q', '-m', 'plan');
  }
  const env = { ...repository.env, PATH: `${bin}:${repository.env['PATH']}` };
  return { ...repository, env };
};
type Place = ReturnType<typeof readersPlace>;

type Ended = { readonly exit: number; readonly stdout: string; readonly output: string };

const inShell = (text: string, { root, env }: Place): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile('bash', ['-c', text], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ exit: error ? Number(error.code ?? 1) : 0, stdout, output: `${stdout}${stderr}` }),
    );
    child.stdin?.end();
  });

/** The arguments of a line that says drover and nothing else to the shell: then no shell and no new process are needed. */
const argumentsOf = (text: string): string[] | undefined => {
  if (!text.startsWith('drover ') || /[|<>$`;&\\\n*?~]/u.test(text.replace(/'[^']*'/gu, ''))) return undefined;
  const words = execFileSync('sh', ['-c', `printf '%s\\0' ${text.replace(/^drover /u, '')}`], { encoding: 'utf8' });
  return words.split('\0').slice(0, -1);
};

const run = async (text: string, place: Place): Promise<Ended> => {
  const argv = argumentsOf(text);
  if (!argv) return inShell(text, place);
  const { exit, stdout, stderr } = await runMain(argv, { cwd: place.root, env: place.env });
  return { exit, stdout, output: `${stdout}${stderr}` };
};

/** Keys that leave what runs until somebody does, one press after the other. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  q: ['q'],
  'Esc q': ['\u001B', 'q'],
  'Ctrl-C': ['\u0003'],
  'Ctrl-B d': ['\u0002d'],
};

/** Runs it in a terminal as a reader would: looks, and leaves by the key that the document names. */
const inTerminal = async ({ text, leave = '' }: Example, { root, env }: Place): Promise<number | undefined> => {
  const program = openTerminal(['bash', '-c', text], { cwd: root, env });
  await program.see(/\S/u);
  expect(Object.keys(KEYS)).toContain(leave);
  if (text === 'drover') await program.see(/rehearsal-1/u);
  const [first, ...others] = KEYS[leave]!;
  program.type(first!);
  for (const key of others) {
    // The keys of the moment stand in the last line: what was pressed before has been taken.
    await program.see(new RegExp(`\\b${key}\\b`, 'u'));
    program.type(key);
  }
  return program.ended();
};

const DOCUMENTS = ['README.md', ...globSync('docs/*.md').toSorted()];

/** Runs every example of a document in its order; what did not end as the document says. */
const surprises = async (file: string, place: Place): Promise<string[]> => {
  const found: string[] = [];
  for (const example of examplesOf(file)) {
    const { text, exits, line, leave } = example;
    const { exit, output } =
      leave === undefined ? await run(text, place) : { exit: (await inTerminal(example, place)) ?? -1, output: '' };
    if (!exits.includes(exit)) found.push(`${file}:${line}: ${text}: exit ${exit}: ${output}`);
  }
  return found;
};

test('[INI-3] the quick start of the README goes from init to two tasks done and merged, as it stands', async () => {
  await using place = readersPlace('README.md');
  const texts = examplesOf('README.md').map(({ text }) => text);
  expect(texts.some((text) => text.startsWith('drover init'))).toBe(true);
  expect(await surprises('README.md', place)).toEqual([]);
  const tasks = JSON.parse((await run('drover tasks list --json', place)).stdout) as {
    state: string;
    batch: unknown;
  }[];
  expect(tasks.filter(({ state, batch }) => state === 'done' && batch !== null).length).toBeGreaterThanOrEqual(2);
});

test.each(DOCUMENTS.filter((file) => file !== 'README.md' && examplesOf(file).length > 0))(
  '[INI-3] every example of %s ends as the document says',
  async (file) => {
    await using place = readersPlace(file);
    expect(await surprises(file, place)).toEqual([]);
  },
);
