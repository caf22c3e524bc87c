import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const bin = fileURLToPath(new URL('../../bin/drover.js', import.meta.url));

/** The browser of this machine; undefined where there is none. */
export const browserProgram = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: browserProgram!,
    // Its own cage needs rights that root in a container lacks.
    args: process.getuid?.() === 0 ? ['--no-sandbox', '--disable-dev-shm-usage'] : [],
  });

type Served = {
  readonly url: string;
  readonly port: number;
  readonly link: string;
  end(how?: NodeJS.Signals): Promise<void>;
};
type Place = { readonly root: string; readonly env: Readonly<Record<string, string>> };

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()));

/** Starts the built `drover web`; resolves once it serves. */
export const serveWeb = async ({ root, env }: Place, ...options: readonly string[]): Promise<Served> => {
  const child = spawn(process.execPath, [bin, 'web', '--jsonl', ...options], { cwd: root, env, stdio: 'pipe' });
  let trouble = '';
  child.stderr.on('data', (text) => {
    trouble += text;
  });
  for await (const line of createInterface(child.stdout)) {
    const told = JSON.parse(line) as Omit<Served, 'end'>;
    return {
      ...told,
      end: (how = 'SIGTERM') => {
        child.kill(how);
        return ended(child);
      },
    };
  }
  throw new Error(`drover web did not start: ${trouble}`);
};

export type Watched = { readonly page: Page; readonly context: BrowserContext; readonly faults: string[] };

/** A page that keeps what went wrong on it: errors, what its policy refused, and requests to others than its server. */
export const openPage = async (
  browser: Browser,
  url: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Watched> => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults: string[] = [];
  const { host } = new URL(url);
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/ERR_CONNECTION|WebSocket connection/u.test(message.text()))
      faults.push(message.text());
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const to = new URL(request.url());
    if (to.protocol.startsWith('http') && to.host !== host) faults.push(`request to ${to.host}`);
  });
  await page.goto(url);
  return { page, context, faults };
};
