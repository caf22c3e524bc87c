// Measures how many lines `drover parse -` reads on one core, beside a program that only takes lines apart and puts
// them together: `npm run bench:parse [-- --lines 200000] [--assert]`. One JSON document on stdout; with --assert exit 1
// when the limit is missed.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { limited, rounded } from './figures.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const LINES_PER_SECOND = 20_000;

// Other programs want the cores as well: what counts is the time that the program itself had one.
const TELL_CPU = `data:text/javascript,${encodeURIComponent(
  `import{writeSync}from'node:fs';process.on('exit',()=>writeSync(3,JSON.stringify(process.cpuUsage())))`,
)}`;
const BASELINE = `
let rest = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin) {
  const lines = (rest + chunk).split('\\n');
  rest = lines.pop();
  const answers = lines.map((text) => JSON.stringify(JSON.parse(JSON.stringify({ text, ok: true }))) + '\\n').join('');
  if (!process.stdout.write(answers)) await new Promise((go) => process.stdout.once('drain', go));
}`;

/** Checks each answer against the line that it answers. */
const checking = (lines) => {
  let at = 0;
  const check = (answer) => {
    const { text, ok, action, error } = JSON.parse(answer);
    if (text !== lines[at]) throw new Error(`line ${at + 1} was answered with ${answer}`);
    if (action === undefined && error === undefined && ok !== true) throw new Error(`no answer in ${answer}`);
    at += 1;
  };
  return { check, count: () => at };
};

/** Runs a program on all lines; seconds on the clock and on the core, start of the program included. */
const run = async (args, lines) => {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', TELL_CPU, ...args], {
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  const ended = new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const cpu = [];
  child.stdio[3].on('data', (data) => cpu.push(data));
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${lines.join('\n')}\n`);
  const { check, count } = checking(lines);
  let rest = '';
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout) {
    const answers = (rest + chunk).split('\n');
    rest = answers.pop();
    for (const answer of answers) check(answer);
  }
  const code = await ended;
  if (code !== 0 || count() !== lines.length) throw new Error(`${args} ended with ${code} after ${count()} answers`);
  const { user, system } = JSON.parse(Buffer.concat(cpu).toString());
  return { wall_s: (performance.now() - started) / 1000, cpu_s: (user + system) / 1e6 };
};

const { values } = parseArgs({
  options: { lines: { type: 'string', default: '200000' }, assert: { type: 'boolean', default: false } },
});
const wanted = Number(values.lines);
if (!Number.isInteger(wanted) || wanted < 1) throw new Error('--lines takes a number.');
const corpus = readFileSync(here('../test/fixtures/protocol-corpus.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).text);
const lines = Array.from({ length: wanted }, (_, at) => corpus[at % corpus.length]);

const load_before = loadavg()[0];
const baseline = await run(['--input-type=module', '-e', BASELINE], lines);
const parse = await run([here('../bin/drover.js'), 'parse', '-'], lines);
const figures = ({ wall_s, cpu_s }) => ({
  ...{ wall_s: rounded(wall_s), cpu_s: rounded(cpu_s) },
  ...{ lines_per_wall_second: Math.round(wanted / wall_s), lines_per_cpu_second: Math.round(wanted / cpu_s) },
});
const limit = limited('core time of a line', (parse.cpu_s / wanted) * 1e6, 1e6 / LINES_PER_SECOND, 'µs');
const machine = {
  node: process.version,
  platform: process.platform,
  cores: cpus().length,
  load_before: rounded(load_before),
};
process.stdout.write(
  `${JSON.stringify(
    {
      at: new Date().toISOString(),
      machine,
      lines: wanted,
      different: corpus.length,
      limits: [{ measurement: 'parse', ...limit }],
      results: { parse: figures(parse), baseline: figures(baseline), ratio: rounded(parse.cpu_s / baseline.cpu_s) },
    },
    null,
    2,
  )}\n`,
);
process.exitCode = values.assert && !limit.ok ? 1 : 0;
