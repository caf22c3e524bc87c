// Photographs the real page: the built program in a scratch repository with rehearsal agents, `drover web` on a free port,
// Chromium as it is installed; what a person would see is written to docs/screens/web-*.png. Build first.
// Usage: node scripts/screens-web.mjs [folder]. Everything that it starts ends with it.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = process.env['DROVER_BIN'] ?? `${root}bin/drover.js`;
const folder = resolve(process.argv[2] ?? `${root}docs/screens`);
const browserPath = process.env['CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

const home = realpathSync(mkdtempSync(join(tmpdir(), 'drover-screens-')));
const place = join(home, 'weather-station');
const env = {
  PATH: process.env['PATH'],
  HOME: home,
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  TMUX_TMPDIR: home,
  XDG_DATA_HOME: join(home, 'data'),
  XDG_RUNTIME_DIR: home,
  DROVER_REHEARSAL_TASK_MS: '14000..24000',
  DROVER_REHEARSAL_SEED: 'screens',
};
const run = (file, ...args) => execFileSync(file, args, { cwd: place, env, encoding: 'utf8', stdio: 'pipe' });
const drover = (...words) => run(process.execPath, bin, ...words);

const prepare = () => {
  mkdirSync(join(place, '.drover'), { recursive: true });
  writeFileSync(join(place, '.drover/config.json'), '{ "agent": "rehearsal", "rehearsal": { "plans": true } }\n');
  cpSync(`${root}assets/demo-plan`, join(place, '.kiro/specs/weather-station'), { recursive: true });
  writeFileSync(join(place, 'station.js'), 'export const station = {\n  name: "roof",\n};\n');
  run('git', 'init', '-q', '-b', 'main');
  run('git', 'config', 'user.name', 'Ada');
  run('git', 'config', 'user.email', 'ada@example.org');
  run('git', 'add', '-A');
  run('git', 'commit', '-q', '-m', 'A weather station');
  drover('import', 'spec', '.kiro/specs/weather-station');
  drover(
    'do',
    'create task "Choose the units" id=9 description="rehearse: ask Which unit shall the wind have? 1) m/s 2) km/h"',
  );
  drover('launch', '5', 'instances', 'agent=rehearsal');
  drover('run', 'all', 'ready', 'tasks');
};

/** Starts `drover web`; gives the link that lets one in, and the way to end it. */
const serve = async () => {
  const server = spawn(process.execPath, [bin, 'web', '--port', '0', '--jsonl'], { cwd: place, env, stdio: 'pipe' });
  server.stderr.pipe(process.stderr);
  for await (const line of createInterface(server.stdout)) {
    const { link } = JSON.parse(line);
    return { link, end: () => server.kill('SIGTERM') };
  }
  throw new Error('drover web said nothing');
};

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };

/** What is photographed, in order: name, view, what must be there first, and how it is looked at. */
const SHOTS = [
  ['web-agents', '#/agents', '[data-state="waiting"] .question', {}],
  ['web-agents-light', '#/agents', '[data-state="waiting"] .question', { scheme: 'light' }],
  ['web-terminal', '#/agents/rehearsal-2', '.terminal .xterm-rows span', {}],
  ['web-tasks', '#/tasks', '[data-task]', {}],
  ['web-task', '#/tasks/9', '[data-open-task]', {}],
  ['web-plan', '#/tasks', '[data-task]', { press: 'Plan', next: '.plan-row' }],
  ['web-alerts', '#/alerts', '.need', {}],
  ['web-worktrees', '#/worktrees/rehearsal-1', '.code-table, .change .empty', {}],
  ['web-log', '#/log', '[data-log-line]', {}],
  ['web-phone', '#/agents', '[data-state="waiting"] .question', { size: PHONE }],
  ['web-phone-tasks', '#/tasks', '[data-task]', { size: PHONE }],
  ['web-settings', '#/settings', '[data-setting]', {}],
  ['web-metrics', '#/metrics', '.timeline-bar.verified', {}],
  ['web-metrics-light', '#/metrics', '.timeline-bar.verified', { scheme: 'light' }],
  ['web-review', '#/review', '.review-row', { open: '.review-row', next: '.decision' }],
];

/** Those that the documents show; `SHOTS=all`, or some by their names, for looking at others. */
const DOCUMENTED = 'web-agents,web-tasks,web-phone,web-metrics-light';
const wanted = process.env['SHOTS'] === 'all' ? undefined : (process.env['SHOTS'] ?? DOCUMENTED).split(',');

const shoot = async (page, [name, hash, ready, { scheme = 'dark', size = DESK, press, open, next }]) => {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: scheme });
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
  await page.waitForSelector(ready, { timeout: 60_000 });
  if (press) await page.getByText(press, { exact: true }).first().click();
  if (open) await page.locator(open).first().click();
  if (next) await page.waitForSelector(next, { timeout: 60_000 });
  await pause(1200);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  process.stdout.write(`${name}.png\n`);
};

const take = async () => {
  const server = await serve();
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ deviceScaleFactor: 1 });
    page.on('console', (message) => {
      if (message.type() === 'error') process.stderr.write(`console: ${message.text()}\n`);
    });
    page.on('pageerror', (error) => process.stderr.write(`page: ${error.stack ?? error.message}\n`));
    await page.goto(server.link);
    for (const shot of SHOTS) {
      if (wanted && !wanted.includes(shot[0])) continue;
      await shoot(page, shot).catch(async (error) => {
        await page.screenshot({ path: join(folder, `${shot[0]}-failed.png`) });
        process.stderr.write(`${shot[0]}: ${error.message}\n`);
        process.exitCode = 1;
      });
    }
  } finally {
    await browser.close();
    server.end();
  }
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

mkdirSync(folder, { recursive: true });
try {
  prepare();
  await take();
} finally {
  tidy();
}
