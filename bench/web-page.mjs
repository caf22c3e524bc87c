import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { inBusySwarm, LINES } from './busy.mjs';
import { limited, rounded } from './figures.mjs';
import { holdOpen } from './sandbox.mjs';
import { inServer } from './web-server.mjs';

const AGENTS = 10;
const MINUTES = 3;
const MB = 1024 * 1024;
const SIZE = { width: 1440, height: 900 };

const browserPath = () =>
  [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));

const inBrowser = async (work) => {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error('there is no Chromium here; CHROMIUM=PATH names one');
  const args = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-dev-shm-usage'] : [];
  const browser = await chromium.launch({ executablePath, args });
  const release = holdOpen({ close: () => browser.close() });
  try {
    return await work(browser);
  } finally {
    await browser.close();
    release();
  }
};

/** The page of somebody who is logged in, and what its browser tells of it. */
const openPage = async (browser, { origin, session }) => {
  const context = await browser.newContext({ viewport: SIZE });
  const [name, value] = session.cookie.split('=');
  await context.addCookies([{ name, value, url: origin }]);
  const page = await context.newPage();
  await page.goto(origin);
  await page
    .locator('.card')
    .nth(AGENTS - 1)
    .waitFor();
  const whole = await browser.newBrowserCDPSession();
  const own = await context.newCDPSession(page);
  await own.send('Performance.enable');
  /** Seconds of CPU so far: of the page itself, and of all processes of the browser, which draws without a graphics card. */
  const cpu = async () => {
    const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
    const sum = (some) => some.reduce((all, { cpuTime }) => all + cpuTime, 0);
    return { page: sum(processInfo.filter(({ type }) => type === 'renderer')), browser: sum(processInfo) };
  };
  return {
    go: async (hash, ready) => {
      await page.evaluate((to) => {
        window.location.hash = to;
      }, hash);
      await page.waitForSelector(ready);
    },
    /** The share of a core within a time, in percent. */
    share: async (ms) => {
      const [before, started] = [await cpu(), performance.now()];
      await pause(ms);
      const [after, took] = [await cpu(), (performance.now() - started) / 1000];
      const part = (name) => rounded(((after[name] - before[name]) / took) * 100, 1);
      return { page: part('page'), browser: part('browser') };
    },
    /** What the page keeps in memory, in MB. */
    heap: async () => {
      await own.send('HeapProfiler.collectGarbage');
      const { metrics } = await own.send('Performance.getMetrics');
      const of = (wanted) => metrics.find(({ name }) => name === wanted).value;
      return { heap: rounded(of('JSHeapUsedSize') / MB, 1), nodes: of('Nodes') };
    },
  };
};

const VIEWS = [
  ['cards', '#/agents', '.card'],
  ['terminal', '#/agents/rehearsal-1', '.xterm-rows span'],
  ['log', '#/log', '[data-log-line]'],
  ['metrics', '#/metrics', '.figures'],
];

/** A page in a real browser: what each view takes while all agents print, and what is kept while it is looked at for long. */
export const page = {
  title: `a page in Chromium while ${AGENTS} agents print ${LINES} lines a second`,
  measure: ({ quick, minutes = MINUTES }) =>
    inBusySwarm(AGENTS, ({ box }) =>
      inServer(box, (server) =>
        inBrowser(async (browser) => {
          const shown = await openPage(browser, server);
          const shares = {};
          for (const [name, hash, ready] of VIEWS) {
            await shown.go(hash, ready);
            await pause(quick ? 500 : 3000);
            shares[name] = await shown.share(quick ? 2000 : 15_000);
          }
          await shown.go('#/log', '[data-log-line]');
          // The log keeps 20,000 lines: only what is more than those would grow for ever.
          const full = quick ? 2000 : Math.min(minutes * 30_000, (25_000 / (AGENTS * LINES)) * 1000);
          await pause(full);
          const before = await shown.heap();
          await pause(quick ? 2000 : Math.max(0, minutes * 60_000 - full));
          const after = await shown.heap();
          return {
            limits: [
              limited('CPU of the page with the lines of all agents', shares.log.page, 50, '% of a core'),
              limited('CPU of the page with one of the terminals', shares.terminal.page, 50, '% of a core'),
              limited('growth of what the page keeps, once its log is full', after.heap - before.heap, 10, 'MB'),
            ],
            figures: { percent_of_a_core: shares, minutes, heap_mb: { before, after } },
          };
        }),
      ),
    ),
};
