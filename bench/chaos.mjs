// Faults under load, from a seed: `npm run chaos -- [--minutes 5] [--seed 1] [--json FILE] [--keep DIR] [--steps N] [--kills N] [--only KIND]
// [--plan]`, or power cuts: `npm run chaos -- --cuts N [--unsynced]`. Exit 1 when something acknowledged was lost, done twice, or did
// not recover; with --assert also when clients had no answer for longer than the goal. See docs/chaos.md.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { parseArgs } from 'node:util';
import { againWithOwnMounts, hasOwnMounts } from './chaos/cuts/own-mounts.mjs';
import { runCuts } from './chaos/cuts/run.mjs';
import { FAULTS, firstOf } from './chaos/plan.ts';
import { runChaos } from './chaos/run.mjs';
import { isMissed, OUTAGE_GOAL_MS as GOAL_MS } from './chaos/outage.ts';
import { rounded, spread } from './figures.mjs';
import { closeAll } from './sandbox.mjs';

const USAGE = `Usage: npm run chaos -- [--minutes 5] [--seed 1] [--json FILE] [--keep DIR] [--steps N] [--kills N] [--only KIND,…] [--agents 3] [--clients 3] [--starters 20] [--suspend SECONDS] [--assert] [--plan]
       npm run chaos -- --cuts N [--unsynced] [--seed 1] [--json FILE] [--keep DIR] [--agents 3] [--clients 3]
Kinds: ${Object.keys(FAULTS).join(', ')}
`;

/** So many findings are printed; the document has all of them. */
const MOST_PRINTED = 40;
const NOT_TRIED = {
  'power cut': 'it takes a disk of its own: --cuts N',
};

const number = (name, value) => {
  const read = Number(value);
  if (value.trim() !== '' && Number.isFinite(read) && read > 0) return read;
  throw new Error(`--${name} ${value} is not a number above 0.`);
};

const readArguments = () => {
  const text = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  const { values } = parseArgs({
    options: {
      ...{
        minutes: text,
        seed: text,
        json: text,
        keep: text,
        steps: text,
        kills: text,
        only: { type: 'string', multiple: true },
      },
      ...{ agents: text, clients: text, cuts: text, starters: text, suspend: text },
      ...{ unsynced: flag, plan: flag, assert: flag, help: flag },
    },
  });
  const kinds = (values.only ?? []).flatMap((value) => value.split(','));
  const unknown = kinds.find((kind) => !Object.hasOwn(FAULTS, kind));
  if (unknown !== undefined) throw new Error(`There is no fault "${unknown}".`);
  const steps = values.kills ?? values.steps;
  const only = values.kills === undefined ? kinds : ['daemon-kill'];
  return {
    ...{ help: values.help, plan: values.plan, assert: values.assert, json: values.json, keep: values.keep },
    ...{ cuts: values.cuts && number('cuts', values.cuts), unsynced: values.unsynced },
    agents: number('agents', values.agents ?? '3'),
    talkers: number('clients', values.clients ?? '3'),
    starters: values.starters && number('starters', values.starters),
    suspend: values.suspend && number('suspend', values.suspend),
    seed: number('seed', values.seed ?? '1'),
    kinds: only.length > 0 ? only : undefined,
    steps: steps === undefined ? undefined : number(values.kills === undefined ? 'steps' : 'kills', steps),
    minutes: number('minutes', values.minutes ?? (steps === undefined ? '5' : '600')),
  };
};

const { platform } = process;
const machine = () => ({
  node: process.version,
  platform,
  release: release(),
  cores: cpus().length,
  load: rounded(loadavg()[0]),
});

let printed = 0;
const tell = ({ seed, step, finding, kind, skipped, missed, took_ms, outages }) => {
  if (finding) printed += 1;
  if (printed > MOST_PRINTED) return;
  const word = finding ? `FOUND with seed ${seed}: ${finding}` : `${kind} ${skipped ?? missed ?? `${took_ms} ms`}`;
  const waits = outages?.length > 0 ? `, answered again after ${outages.join(', ')} ms` : '';
  process.stderr.write(`${String(step).padStart(4)}  ${word}${waits}\n`);
};

/** The figures of a run, beside what it was. */
const summaryOf = ({ injections, ...rest }) => {
  const outages = injections.flatMap((one) => one.outages ?? []);
  const outage = outages.length > 0 ? { ...spread(outages, 0), goal_p95_ms: GOAL_MS } : null;
  const skipped = injections.filter((one) => one.skipped).map(({ kind, skipped: why }) => [kind, why]);
  return { ...rest, outage_ms: outage, left_out: { ...NOT_TRIED, ...Object.fromEntries(skipped) }, injections };
};

const faultsText = ({ outage_ms: outage, findings, injections, acknowledged, seed }) => {
  const end = `${findings.length} findings in ${injections.length} injections, ${acknowledged} changes acknowledged (seed ${seed}).\n`;
  if (!outage) return end;
  return `${end}Answered again after: p50 ${outage.p50}, p95 ${outage.p95} (goal ${GOAL_MS}), longest ${outage.max} ms, of ${outage.samples}.\n`;
};

const cutsText = ({ findings, seed, cuts, acknowledged, told, promises, lost, twice, git, refused }) =>
  `${findings.length} findings in ${cuts} power cuts (seed ${seed}), of which ${refused} brought no daemon back.
${acknowledged} changes acknowledged, ${told} events told: ${lost} lost, ${twice} made twice. ${promises} tasks and batches done: ${git} lost.
`;

let leaving = false;
const leave = (code) => {
  if (leaving) return;
  leaving = true;
  process.stderr.write('\nPutting away what was started …\n');
  void closeAll().finally(() => process.exit(code));
};

const run = async (options) => {
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }))
    process.on(signal, () => leave(code));
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error?.stack ?? error}\n`);
    leave(2);
  });
  const before = machine();
  const result = await (options.cuts ? runCuts : runChaos)({ ...options, tell });
  if (leaving) await new Promise(() => undefined);
  if (result.why) {
    process.stderr.write(`${result.why}\n`);
    process.exitCode = 2;
    return;
  }
  const summary = options.cuts ? result : summaryOf(result);
  const document = { at: new Date().toISOString(), machine: before, load_after: machine().load, ...summary };
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (options.json) writeFileSync(options.json, text);
  else process.stdout.write(text);
  process.stderr.write(options.cuts ? cutsText(document) : faultsText(document));
  const isLate = options.assert && isMissed(document.outage_ms);
  if (isLate) process.stderr.write(`The goal for outages is missed.\n`);
  process.exitCode = document.findings.length > 0 || isLate ? 1 : 0;
};

const main = async () => {
  const options = readArguments();
  if (options.help) process.stdout.write(USAGE);
  else if (options.plan)
    process.stdout.write(
      `${firstOf(options.seed, options.steps ?? 50, options.kinds)
        .map((one) => JSON.stringify(one))
        .join('\n')}\n`,
    );
  else if (options.cuts && !hasOwnMounts()) process.exitCode = await againWithOwnMounts();
  else await run(options);
};

try {
  await main();
} catch (error) {
  if (leaving) await new Promise(() => undefined);
  process.stderr.write(`${error?.stack ?? error}\n${USAGE}`);
  await closeAll();
  process.exitCode = 2;
}
