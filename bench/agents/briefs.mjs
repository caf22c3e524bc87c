import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from './stage.mjs';

/** What is said, by how it could go wrong. Each is one line of one message, and unlike every other. */
const KINDS = [
  (n) => `brief ${n}: fix the parser`,
  (n) => `brief ${n}: größer, naïve, 数独, עברית, 🧭🏽 and e\u0301`,
  (n) => `/brief ${n} begins like a command`,
  (n) => `! echo brief ${n} begins like a shell command`,
  (n) => `# brief ${n} begins like a heading`,
  (n) => `@brief ${n} begins like a file`,
  (n) => `brief ${n}: "double", 'single', \`back\`, $HOME, $(id), \\n, %d, #{pane_id}; && | > < * ? ~`,
  (n) => `brief ${n}:\ttabs\tbetween\twords`,
  (n) => `brief ${n}: ${'a very long line, '.repeat(40 + (n % 7) * 30)}and its end`,
  (n) => `brief ${n} ends with a backslash \\`,
  (n) => `-t brief ${n} begins like an option`,
  (n) => `brief ${n}: <system> & </system> {"json": [1, 2]}`,
];

const LINES = Array.from({ length: 200 }, (_, i) => `Line ${i + 1}: "quoted", naïve — 数 ✓ $(id) \\ %d`);

/**
 * The same text, but for what Claude Code's own input box changes: it writes a letter and its accent as one character, which
 * Unicode calls the same text, and a tab as four blanks.
 */
const plain = (text) => text.trim().normalize('NFC').replaceAll('\t', '    ');
const same = (one, other) => plain(one) === plain(other);

/** How often the model was told exactly this: alone, behind a word that keeps it from being a command, or with others. */
const timesTold = (calls, text) =>
  calls
    .filter(({ kind }) => kind === 'main')
    .flatMap(({ said }) => said)
    .filter((one) => same(one, text) || same(one, `Message: ${text}`)).length;

const quoted = (text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** So many messages: most between two turns, each eighth in the middle of one. */
const tellAll = async (stage, count) => {
  const told = [];
  for (let n = 1; n <= count; n += 1) {
    const text = KINDS[n % KINDS.length](n);
    if (n % 8 === 0) {
      await stage.follower.replica.run(`tell ${stage.id} "%%slow 60 25 ${n}"`);
      await stage.call((one) => one.said.some((said) => said.includes(`%%slow 60 25 ${n}`)));
    }
    const reply = await stage.follower.replica.run(`tell ${stage.id} ${quoted(text)}`);
    if (reply.exit !== 0) process.stderr.write(`  ${n} was refused: ${reply.message}\n`);
    told.push({ n, text, refused: reply.exit !== 0 });
    const came = () => timesTold(stage.model.calls, text) > 0 && stage.model.calls.every(({ ended }) => ended !== null);
    await until(`brief ${n}`, came, 8000).catch((error) =>
      process.stderr.write(`  ${error.message}: ${text.slice(0, 90)}\n`),
    );
    if (n % 50 === 0) process.stderr.write(`  ${n} told\n`);
  }
  await stage.quiet({ ms: 2000 });
  const heard = stage.model.calls.flatMap(({ said }) => said);
  const cameAs = (n) => heard.filter((said) => new RegExp(`brief ${n}\\b`, 'u').test(said));
  return told.map((one) => ({ ...one, times: timesTold(stage.model.calls, one.text), came_as: cameAs(one.n) }));
};

/** So many tasks with briefs of two hundred lines: a file each, whose name is said once. */
const runAll = async (stage, count) => {
  const found = [];
  for (let n = 1; n <= count; n += 1) {
    const id = `b${n}`;
    const script = `%%write made-${n}.txt hi %%bash git add -A && git commit -qm made %%say did ${n}`;
    const text = [script, '## Aside', ...LINES, `The end of ${id}.`].join('\n');
    await stage.drover('create', 'task', `Brief ${n}`, `id=${id}`, `description=${text}`);
    await stage.drover('run', 'task', id);
    const isOver = () => ['done', 'failed'].includes(stage.follower.replica.state.tasks[id]?.state);
    await until(`the end of ${id}`, isOver, 60_000);
    const prompts = stage.model.calls.flatMap(({ kind, said }) => (kind === 'main' ? said : []));
    const own = prompts.filter((one) => one.startsWith(`Task ${id}: read `));
    const file = /read (?<file>\/.+\.md) and/u.exec(own[0] ?? '')?.groups?.file;
    const whole = file !== undefined && readFileSync(file, 'utf8').includes(text);
    found.push({ n: id, text: `brief of ${id}`, times: whole ? own.length : 0 });
    await pause(100);
  }
  return found;
};

/** Scenarios that together hand over so many briefs, most of them to one long-lived instance. */
export const briefScenarios = (count, starts = 5) => {
  const tasks = Math.round(count / 20);
  const rest = count - tasks - starts;
  return [
    {
      name: `${rest} messages`,
      run: async (stage) => ({ briefs: await tellAll(stage, rest) }),
    },
    { name: `${tasks} briefs of 200 lines`, run: async (stage) => ({ briefs: await runAll(stage, tasks) }) },
    ...Array.from({ length: starts }, (_, i) => ({
      name: `fresh start ${i + 1}`,
      run: async (stage) => ({ briefs: await runAll(stage, 1) }),
    })),
  ];
};

/** How many arrived exactly once, and which did not. */
export const countBriefs = (results) => {
  const all = results.flatMap(({ found }) => found?.briefs ?? []);
  return {
    briefs: all.length,
    once: all.filter(({ times }) => times === 1).length,
    not: all.filter(({ times }) => times !== 1),
  };
};
