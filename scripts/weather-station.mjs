// The scratch repository that is photographed: the bundled plan, rehearsal agents, and nothing of whoever runs it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const bin = process.env['DROVER_BIN'] ?? `${root}bin/drover.js`;

const home = realpathSync(mkdtempSync(join(tmpdir(), 'drover-screens-')));
export const place = join(home, 'weather-station');
export const env = {
  PATH: process.env['PATH'],
  HOME: home,
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  COLORTERM: 'truecolor',
  TMUX_TMPDIR: home,
  XDG_DATA_HOME: join(home, 'data'),
  XDG_RUNTIME_DIR: home,
  DROVER_REHEARSAL_TASK_MS: '6000..10000',
  DROVER_REHEARSAL_SEED: 'screens',
};
const run = (file, ...args) => execFileSync(file, args, { cwd: place, env, encoding: 'utf8', stdio: 'pipe' });
export const drover = (...words) => run(process.execPath, bin, ...words);

const plan = join(place, '.kiro/specs/weather-station');

/** Whoever takes a task of the fourth group stays at it: from then on nothing changes, however fast the machine is. */
const standStill = () => {
  const file = join(plan, 'tasks.md');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/^ +- \[ \] 4\.\d .*$/gmu, '$&\n    - rehearse: hang'));
};

const prepare = (question) => {
  mkdirSync(join(place, '.drover'), { recursive: true });
  writeFileSync(join(place, '.drover/config.json'), '{ "agent": "rehearsal", "rehearsal": { "plans": true } }\n');
  cpSync(`${root}assets/demo-plan`, plan, { recursive: true });
  standStill();
  writeFileSync(join(place, 'station.js'), 'export const station = {\n  name: "roof",\n};\n');
  run('git', 'init', '-q', '-b', 'main');
  run('git', 'config', 'user.name', 'Ada');
  run('git', 'config', 'user.email', 'ada@example.org');
  run('git', 'add', '-A');
  run('git', 'commit', '-q', '-m', 'A weather station');
  drover('import', 'spec', '.kiro/specs/weather-station');
  drover('do', `create task "Choose the units" id=9 description="rehearse: ask ${question}"`);
};

/** Ends all that was started, in the order in which nothing starts anything again. */
const tidy = () => {
  for (const step of [
    () => drover('do', 'stop swarm force', '--yes'),
    () => drover('down', '--yes'),
    () => run('tmux', 'kill-server'),
  ])
    try {
      step();
    } catch {
      // It had ended already.
    }
  rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
};

/** Makes the repository, in which one agent will ask this question, has its pictures taken into the folder, and ends all. */
export const photograph = async (folder, question, take) => {
  mkdirSync(folder, { recursive: true });
  try {
    prepare(question);
    await take();
  } finally {
    tidy();
  }
};
