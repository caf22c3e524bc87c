import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../../src/client/request.ts';
import { openDrover } from '../e2e/terminal.ts';
import { daemonRepository } from '../helpers/daemon.ts';

const TITLE = 'Safe \u202etxet\u2066 \u200bhidden';

test('[SEC-7] on the screen of a real terminal a title shows what is unseen in it as escapes', async () => {
  await using repository = daemonRepository();
  const { root, paths, env } = repository;
  writeFileSync(join(root, 'plan.json'), JSON.stringify([{ id: 'h-1', title: TITLE }]));
  const view = { columns: 80, color: false };
  expect(await ask(paths, env, { text: 'import task plan.json', actor: 'cli', view })).toMatchObject({ exit: 0 });
  const screen = openDrover([], { cwd: root, env });
  await screen.see('0/1');
  screen.type('list tasks\r');
  await screen.see(String.raw`Safe \u202etxet\u2066 \u200bhidden`);
  expect(screen.screen()).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/u);
});
