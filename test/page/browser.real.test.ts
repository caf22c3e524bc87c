import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { InstanceStateName } from '../../src/state/instances.ts';
import { BY_BACKGROUND } from '../../src/tui/theme/themes.ts';
import { COLOUR, RGB } from '../../src/tui/compositor/cell.ts';
import { lookMappingFor } from '../../src/tui/theme/look-mapping.ts';
import { INSTANCE_MARKS } from '../../src/tui/model/state-marks.ts';
import { until } from '../daemon/until.ts';
import { whileBusy } from '../helpers/busy.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { browserProgram, openBrowser, openPage, serveWeb, type Watched } from './browser.ts';

if (!browserProgram) console.warn('No Chromium is here: the page is not tried in a browser.');

const VIEWS = ['agents', 'tasks', 'alerts', 'worktrees', 'review', 'metrics', 'log', 'settings'] as const;
/** What people look at on a phone. */
const ON_THE_WAY: ReadonlySet<string> = new Set(['agents', 'tasks', 'alerts']);
const EVIL = '<img src=x onerror=alert(1)>';

/** What axe finds on the page that is serious. */
const seriousIn = async (page: Page): Promise<readonly string[]> => {
  const found = await page.evaluate(`${axe.source}; axe.run(document, { resultTypes: ['violations'] })`);
  return (found as { violations: { id: string; impact: string; nodes: { html: string }[] }[] }).violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
};

/** A page over the whole of it: real tmux, git and agents, the built program, a real browser. */
describe.skipIf(!browserProgram)('the page in a browser', () => {
  let swarm: Swarm;
  let server: Awaited<ReturnType<typeof serveWeb>>;
  let browser: Browser;
  let desk: Watched;

  beforeAll(async () => {
    [swarm, browser] = await Promise.all([
      openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '3000..3000' } }),
      openBrowser(),
    ]);
    await swarm.say('launch 5 instances agent=rehearsal');
    await swarm.say('create task "Ask" id=1 description="rehearse: ask Shall I use metres?"');
    await swarm.say(`create task "${EVIL}" id=2`);
    await swarm.say('create task "To be dragged" id=3');
    await until(swarm, ({ instances }) => Object.values(instances).every(({ state }) => state.kind === 'idle'));
    await swarm.say('run task 1');
    await until(swarm, ({ instances }) => Object.values(instances).some(({ state }) => state.kind === 'waiting'));
    server = await serveWeb(swarm, '--port', '0');
    desk = await openPage(browser, server.link, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
    await desk.page.locator('.card').nth(4).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.end();
    await swarm?.[Symbol.asyncDispose]();
  });

  const go = async (page: Page, view: string): Promise<void> => {
    await page.evaluate((to) => {
      window.location.hash = `#/${to}`;
    }, view);
    await page.locator(`main[aria-label="${view[0]!.toUpperCase()}${view.slice(1).split('/')[0]}"]`).waitFor();
  };

  test('[WEB-1] cards are those of the screen in number, state and colour, with a chart of what they take', async () => {
    const { instances } = await swarm.state();
    const { page } = desk;
    const look = lookMappingFor(BY_BACKGROUND.dark, 0x161a20, 3);
    const expected = Object.values(instances).map(({ instance_id: id, state, peacock_theme: { primary_color } }) => {
      const rgb = look({ fg: RGB | Number.parseInt(primary_color.slice(1), 16), bg: 0 }).fg & COLOUR;
      const [red, green, blue] = [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
      return [id, INSTANCE_MARKS[state.kind as InstanceStateName].word, `rgb(${red}, ${green}, ${blue})`];
    });
    const cards = () =>
      page.locator('.card').evaluateAll((all) =>
        all.map((card) => {
          const name = card.querySelector('.own')!;
          return [name.textContent, card.querySelector('.state-word')!.textContent, getComputedStyle(name).color];
        }),
      );
    await expect.poll(cards).toEqual(expected);
    const id = expected[0]![0]!;
    const measured = page.locator(`.card[data-instance="${id}"] .sparkline.memory`);
    await measured.waitFor();
    await vi.waitFor(async () => {
      const { data } = await swarm.say('top instances');
      const { memory_mb } = (data as { instance_id: string; memory_mb: number }[]).find(
        (row) => row.instance_id === id,
      )!;
      const last = Number(await measured.getAttribute('data-last'));
      expect(Math.abs(last - memory_mb)).toBeLessThanOrEqual(memory_mb * 0.05);
    });
  });

  test('[WEB-5] no view scrolls sideways on a phone, a tablet or a desk, and axe finds nothing serious', async () => {
    const { page } = desk;
    for (const width of [1440, 768, 360]) {
      await page.setViewportSize({ width, height: 800 });
      for (const view of VIEWS) {
        await go(page, view);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(over, `${view} at ${width}`).toBeLessThanOrEqual(0);
        if (width === 768 || (width === 360 && !ON_THE_WAY.has(view))) continue;
        expect(await seriousIn(page), `${view} at ${width}`).toEqual([]);
      }
    }
    await go(page, 'tasks');
    await page.getByText('Graph', { exact: true }).click();
    await page.locator('[data-node="3"]').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(await seriousIn(page), 'graph').toEqual([]);
    await page.locator('[data-node="3"]').click();
    await page.locator('[data-open-task="3"]').waitFor();
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('[WEB-1] no chart of the metrics is alone in its row with room beside it', async () => {
    const { page } = desk;
    await go(page, 'metrics');
    await page.locator('.chart').nth(2).waitFor();
    for (const width of [1600, 1440, 1200, 1024, 768, 360]) {
      await page.setViewportSize({ width, height: 900 });
      const room = await page.evaluate(() => {
        const around = document.querySelector('.charts')!.getBoundingClientRect();
        const ends = new Map<number, number>();
        for (const chart of document.querySelectorAll('.charts > .chart')) {
          const { top, right } = chart.getBoundingClientRect();
          ends.set(Math.round(top), Math.max(ends.get(Math.round(top)) ?? 0, right));
        }
        return [...ends.values()].map((right) => Math.round(around.right - right));
      });
      expect(room.length).toBeGreaterThan(1);
      expect(
        room.map((left) => Math.abs(left) <= 1),
        `${width}: ${room.join()}`,
      ).not.toContain(false);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('[WEB-4] what a command will do is told before it is sent, as in the prompt of the screen', async () => {
    const { page } = desk;
    await go(page, 'tasks');
    const line = page.locator('input[aria-label="command"]');
    const told = () => page.locator('.command .hint').textContent();
    const foretell = async (text: string, says: string) => {
      await line.fill(text);
      await expect.poll(told, { message: text }).toContain(says);
    };
    await foretell(
      'stop instances rehearsal-4,rehearsal-5',
      'asks first: ✔ stops 2 instances: rehearsal-4, rehearsal-5',
    );
    await foretell('stop instance rehearsal-99', '✖ ');
    expect(await told()).toContain('rehearsal-99');
    // What it would do follows the swarm while it stands there.
    await foretell('resume instance rehearsal-4', 'nothing changes');
    await swarm.say('pause instance rehearsal-4');
    await expect.poll(told).not.toContain('nothing changes');
    await swarm.say('resume instance rehearsal-4');
    await line.fill('');
    expect(await told()).toBe('');
    // Its keys are those of the page again.
    await line.blur();
  });

  test('[WEB-5] everything is done by the keyboard alone', async () => {
    const { page } = desk;
    await go(page, 'agents');
    await page.keyboard.press('2');
    await page.locator('main[aria-label="Tasks"]').waitFor();
    await page.keyboard.press(':');
    await page.keyboard.type('create task "By keys" id=4');
    await page.keyboard.press('Enter');
    const card = page.locator('[data-column="ready"] [data-task="4"]');
    await card.waitFor();
    await card.focus();
    await page.keyboard.press('ArrowRight');
    await until(swarm, ({ tasks }) => tasks['4']!.attempts > 0);
    await card.waitFor({ state: 'detached' });
  });

  test('[WEB-4] a card that is dragged to Running says run task; a viewer sees what he may not do, and gets 403', async () => {
    const { page } = desk;
    await go(page, 'tasks');
    await page.locator('[data-task="3"]').dragTo(page.locator('[data-column="running"]'));
    await until(swarm, ({ tasks }) => tasks['3']!.attempts > 0);
    await expect.poll(() => readFileSync(swarm.paths.communicationLog, 'utf8')).toContain('run task 3');
    const viewing = await serveWeb(swarm, '--port', '0', '--role', 'viewer');
    try {
      const viewer = await openPage(browser, viewing.link);
      const stop = viewer.page.locator('.card button[aria-label^="Stop"]').first();
      await stop.waitFor();
      await expect.poll(() => stop.isDisabled()).toBe(true);
      expect(await viewer.page.locator('.choice').first().isDisabled()).toBe(true);
      await go(viewer.page, 'tasks');
      expect(await viewer.page.locator('[data-task="2"]').getAttribute('draggable')).toBe('false');
      const status = await viewer.page.evaluate(async () => {
        const { csrf } = await (await fetch('/api/session')).json();
        const headers = { 'content-type': 'application/json', 'x-drover-csrf': csrf };
        return (await fetch('/api/command', { method: 'POST', headers, body: '{"line":"run task 2"}' })).status;
      });
      expect(status).toBe(403);
      await viewer.context.close();
    } finally {
      await viewing.end();
    }
  });

  test('[WEB-3] only lines with the words are shown while more come, and nothing of what agents print acts', async () => {
    const { page } = desk;
    await go(page, 'log');
    await page.locator('[data-log-line]').first().waitFor();
    await page.getByLabel('show only lines with').fill('ERROR');
    await swarm.say('tell rehearsal-5 "ERROR one"');
    await swarm.say('tell rehearsal-5 "all is fine"');
    await swarm.say('tell rehearsal-5 "<b>ERROR</b> two"');
    await page.locator('.log-text', { hasText: '<b>ERROR</b> two' }).first().waitFor();
    const lines = await page.locator('.log-text').allTextContents();
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toContain('ERROR');
    await go(page, 'tasks/2');
    await page.locator('[data-open-task="2"] h2', { hasText: EVIL }).waitFor();
    expect(await page.locator('main img, main b:has-text("ERROR")').count()).toBe(0);
  });

  test('[WEB-2] changes are on the page within a second, and all are there after the connection was gone', async () => {
    const { page } = desk;
    await go(page, 'tasks/2');
    const title = page.locator('[data-open-task="2"] h2');
    await title.waitFor();
    await page.evaluate(() => {
      const seen: Record<string, number> = {};
      Object.assign(window, { seen });
      const look = (): void => {
        const text = document.querySelector('[data-open-task="2"] h2')?.textContent ?? '';
        seen[text] ??= Date.now();
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    const said: number[] = [];
    for (let n = 0; n < 100; n += 1) {
      await swarm.say(`set task 2 title="change ${n}"`);
      said.push(Date.now());
    }
    await page.locator('[data-open-task="2"] h2', { hasText: 'change 99' }).waitFor();
    const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen);
    // A change that was overtaken by the next one within a frame was on the page with that.
    const at = (n: number): number => seen[`2 change ${n}`] ?? (n < 99 ? at(n + 1) : Number.POSITIVE_INFINITY);
    const late = said.map((when, n) => at(n) - when).toSorted((a, b) => a - b);
    expect(late[94]).toBeLessThanOrEqual(whileBusy(1000));

    await server.end('SIGKILL');
    await page.locator('[data-link="lost"]').waitFor();
    // Who opens the page meanwhile sees what was known last, and can say nothing.
    const other = await desk.context.newPage();
    await other.goto(server.url);
    await other.locator('[data-link="old"]').waitFor();
    expect(await other.locator('.card').count()).toBe(5);
    expect(await other.locator('.card button[aria-label^="Stop"]').first().isDisabled()).toBe(true);
    await other.close();
    await swarm.say('set task 2 title="while nobody heard"');
    server = await serveWeb(swarm, '--port', String(server.port));
    await page.locator('[data-open-task="2"] h2', { hasText: 'while nobody heard' }).waitFor();
    await page.locator('[data-link="live"]').waitFor();
  });

  test('[WEB-7] on a phone a question is answered by one tap', async () => {
    const storageState = await desk.context.storageState();
    const phone = await openPage(browser, server.url, {
      storageState,
      ...{ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
    });
    await phone.page.locator('.choice', { hasText: 'Yes' }).first().tap();
    await until(swarm, ({ instances }) => Object.values(instances).every(({ state }) => state.kind !== 'waiting'));
    await phone.page.locator('.question').waitFor({ state: 'detached' });
    const manifest = await phone.page.evaluate(async () => (await fetch('/manifest.webmanifest')).json());
    expect(manifest).toMatchObject({ display: 'standalone', start_url: '/' });
    expect(phone.faults).toEqual([]);
    await phone.context.close();
  });

  test('[WEB-4] the terminal of an agent is drawn, and typed into, under the policy of the page', async () => {
    const { page, faults } = desk;
    await go(page, 'agents/rehearsal-5');
    await page.locator('.xterm-rows', { hasText: 'Drover rehearsal' }).waitFor();
    await page.getByRole('button', { name: 'Type here' }).click();
    await page.locator('[data-typing="on"]').waitFor();
    // Neither is a key of the page meanwhile.
    for (const key of ['2', ':']) await page.keyboard.press(key);
    await page.keyboard.insertText('hére');
    await page.locator('.xterm-rows', { hasText: '2:hére' }).waitFor();
    await page.keyboard.press('Control+]');
    await page.locator('[data-typing="off"]').waitFor();
    await page.keyboard.press('2');
    await page.locator('main[aria-label="Tasks"]').waitFor();
    expect(faults).toEqual([]);
  });

  test('the page is there with 250 kB, and nothing of it comes from elsewhere', async () => {
    const html = await (await fetch(server.url)).text();
    const files = [...html.matchAll(/(?:src|href)="(?<path>\/assets\/[^"]+)"/gu)].map(({ groups }) => groups!['path']!);
    expect(files.length).toBeGreaterThan(1);
    const sizes = await Promise.all(
      files.map(
        async (path) => gzipSync(Buffer.from(await (await fetch(new URL(path, server.url))).arrayBuffer())).length,
      ),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(250_000);
  });

  test('[WEB-4] an open page offers what its reader may do, also once that has changed', async () => {
    const { page } = desk;
    await go(page, 'tasks');
    const offer = page.locator('button[data-line^="create task"]');
    await offer.waitFor();
    expect(await offer.isDisabled()).toBe(false);
    await swarm.say('set config security.localRole=viewer');
    await expect.poll(() => offer.isDisabled()).toBe(true);
    expect(await offer.getAttribute('title')).toMatch(
      /^It takes the role operator\. security\.localRole is viewer here; .* Yours is viewer\.$/u,
    );
    await page.locator('input[aria-label="command"]').fill('run task 2');
    await expect.poll(() => page.locator('.hint').textContent()).toContain('It takes the role operator.');
    expect(desk.faults).toEqual([]);
  });
});
