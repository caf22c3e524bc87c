// Photographs the real page: the built program in a scratch repository with rehearsal agents, `drover web` on a free port,
// Chromium as it is installed; what a person would see is written to docs/screens/web-*.png. Build first.
// Usage: node scripts/screens-web.mjs [folder]. Everything that it starts ends with it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { bin, drover, env, photograph, place, root } from './weather-station.mjs';

const folder = resolve(process.argv[2] ?? `${root}docs/screens`);
const browserPath = process.env['CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

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

/** The tasks at which the agents stay. */
const STANDING = ['Draw a panel for the terminal', 'Serve a page for the living room', 'Warn before a storm'];

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
  ['web-graph', '#/tasks', '[data-task]', { press: 'Graph', next: '.node' }],
  ['web-graph-light', '#/tasks', '[data-task], .node', { press: 'Graph', next: '.node', scheme: 'light' }],
  ['web-phone-graph', '#/tasks', '[data-task], .node', { press: 'Graph', next: '.node', size: PHONE }],
  [
    'web-typing',
    '#/agents/rehearsal-2',
    '.terminal .xterm-rows span',
    { press: 'Type here', next: '[data-typing="on"]' },
  ],
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
    // The cards of the agents name their tasks: once these three are taken, nothing changes any more.
    for (const title of STANDING) await page.getByText(title).first().waitFor({ timeout: 120_000 });
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

await photograph(folder, 'Which unit shall the wind have? 1) m/s 2) km/h', async () => {
  drover('launch', '5', 'instances', 'agent=rehearsal');
  drover('run', 'all', 'ready', 'tasks');
  await take();
});
