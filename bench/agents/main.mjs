// Plays scenarios with a real agent and the built Drover, and compares what Drover says with what is true:
// `npm run bench:agents [-- --only NAME] [--json FILE] [--agent claude] [--briefs 200] [--races 100] [--sandbox worktree] [--assert]`. See README.md beside this file.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { parseArgs } from 'node:util';
import { rounded } from '../figures.mjs';
import { closeAll } from '../sandbox.mjs';
import { briefScenarios, countBriefs } from './briefs.mjs';
import { claude } from './claude.mjs';
import { codex } from './codex.mjs';
import { gemini } from './gemini.mjs';
import { judge, together } from './judge.mjs';
import { kiro, kiroV3 } from './kiro.mjs';
import { opencode } from './opencode.mjs';
import { countRaces, raceScenarios } from './races.mjs';
import { scenarios } from './scenarios/index.mjs';
import { scenariosOf } from './scenarios/others.mjs';
import { play } from './stage.mjs';
import { line, summary } from './table.mjs';

const other = (program) => ({ program, scenarios: scenariosOf(program) });
const AGENTS = {
  claude: { program: claude, scenarios },
  codex: other(codex),
  gemini: other(gemini),
  kiro: other(kiro),
  'kiro-v3': other(kiroV3),
  opencode: other(opencode),
};

const { values: options } = parseArgs({
  options: {
    agent: { type: 'string', default: 'claude' },
    only: { type: 'string', multiple: true },
    json: { type: 'string' },
    briefs: { type: 'string' },
    races: { type: 'string' },
    sandbox: { type: 'string', default: 'off' },
    verbose: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
  },
});

/** What counts as certain: see README.md. */
const GOAL = { right_percent: 99.5, transition_ms: 200 };

const played = () => {
  const { program, scenarios: usual } = AGENTS[options.agent];
  if (options.briefs) return briefScenarios(Number(options.briefs));
  return options.races ? raceScenarios(program, Number(options.races)) : usual;
};

const wanted = () => {
  const all = played();
  const only = (options.only ?? []).flatMap((value) => value.split(','));
  return only.length === 0 ? all : all.filter(({ name }) => only.some((part) => name.includes(part)));
};

const told = (error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  if (error?.told) process.stderr.write(`${error.told.screen}\n${JSON.stringify({ ...error.told, screen: '' })}\n`);
};

const one = async (scenario) => {
  const { name } = scenario;
  const started = performance.now();
  try {
    const { samples, changes, truth, found, calls } = await play(
      AGENTS[options.agent].program,
      scenario,
      options.sandbox,
    );
    const judged =
      scenario.judged === false ? { samples: [], changes: [], truth: truth.slice(0, 1) } : { samples, changes, truth };
    const result = { name, ...judge(judged), found };
    result.took_s = rounded((performance.now() - started) / 1000, 1);
    process.stderr.write(line(result));
    if (options.verbose) {
      const from = truth[0].at;
      const since = (list) => list.map(({ at, ...rest }) => [rounded(at - from, 0), ...Object.values(rest)].join(' '));
      process.stderr.write(`  truth:  ${since(truth).join(' | ')}\n  drover: ${since(changes).join(' | ')}\n`);
      for (const { at, ...rest } of globalThis.reg ?? [])
        process.stderr.write(`  reg at ${at - from} arrived ${rest.arrived - from} ${rest.status}\n`);
      globalThis.reg = [];
      for (const { began, ended, ...rest } of calls)
        process.stderr.write(`  call ${began - from} ${ended - from} ${JSON.stringify(rest).slice(0, 300)}\n`);
    }
    return result;
  } catch (error) {
    told(error);
    return { name, error: String(error?.message ?? error), samples: 0, wrong: 0, missed: 0, transitions: [] };
  }
};

for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 }))
  process.once(signal, () => void closeAll().finally(() => process.exit(code)));

const results = [];
for (const scenario of wanted()) results.push(await one(scenario));
await closeAll();
const machine = { node: process.version, release: release(), cores: cpus().length, load: rounded(loadavg()[0]) };
const report = {
  at: new Date().toISOString(),
  agent: options.agent,
  sandbox: options.sandbox,
  machine,
  total: together(results),
  briefs: countBriefs(results),
  races: countRaces(results),
  results,
};
if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
process.stderr.write(summary(report));
// Where nothing was judged there are no transitions.
const late = (report.total.transition_ms?.p95 ?? 0) > GOAL.transition_ms;
const missed = report.total.right_percent < GOAL.right_percent || late;
process.exitCode =
  results.some(({ error }) => error !== undefined) || (options.assert && (missed || report.races.unseen > 0)) ? 1 : 0;
