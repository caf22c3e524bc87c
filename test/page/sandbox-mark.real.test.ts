import { describe, expect, test } from 'vitest';
import { noSandbox } from '../helpers/sandbox.ts';
import { openSwarm } from '../helpers/swarm.ts';
import { browserProgram, openBrowser, openPage, serveWeb } from './browser.ts';

const lack = browserProgram ? noSandbox : 'no Chromium is here';

describe.skipIf(lack !== undefined)(`sandboxes on the page (${lack ?? 'there is one'})`, () => {
  test('[SEC-9] a card and a terminal say in which sandbox their agent is, also on a phone, and nothing of one that has none', async () => {
    await using swarm = await openSwarm({
      settings: {
        agent: 'inner',
        agents: { inner: { command: ['cat'], sandbox: 'strict' }, outer: { command: ['cat'] } },
      },
    });
    await swarm.say('launch 1 inner instance');
    await swarm.say('launch 1 outer instance');
    const browser = await openBrowser();
    const server = await serveWeb(swarm, '--port', '0');
    try {
      const { page } = await openPage(browser, server.link, { viewport: { width: 360, height: 800 } });
      const marks = () =>
        page
          .locator('.card')
          .evaluateAll((all) =>
            all.map((card) => [
              card.getAttribute('data-instance'),
              card.querySelector('.sandbox')?.textContent ?? null,
            ]),
          );
      await expect.poll(marks).toEqual([
        ['inner-1', '▣ strict'],
        ['outer-1', null],
      ]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
        0,
      );
      await page.locator('.card[data-instance="inner-1"] h2 a').click();
      const told = page.locator('.agent-panel .sandbox');
      await expect.poll(() => told.getAttribute('title')).toBe('in a sandbox (strict)');
    } finally {
      await server.end();
      await browser.close();
    }
  });
});
