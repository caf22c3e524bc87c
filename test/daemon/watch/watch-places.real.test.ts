import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { ask } from '../../../src/client/request.ts';
import { connectOrStart } from '../../../src/client/start.ts';
import type { Paths } from '../../../src/lib/paths.ts';
import { alive, daemonRepository } from '../../helpers/daemon.ts';

const view = { columns: 80, color: false };

test.each<[string, (paths: Paths) => void, RegExp]>([
  ['its lock is removed', ({ lock }) => rmSync(lock), /lock\.db was removed or replaced/u],
  ['its socket is removed', ({ socket }) => rmSync(socket), /the socket was removed or replaced/u],
  [
    'its journal is moved away',
    ({ journal }) => {
      renameSync(journal, `${journal}.away`);
      mkdirSync(journal);
    },
    /\.jsonl was removed or replaced/u,
  ],
])('a daemon that rests ends itself when %s, and says why in its log', async (_what, harm, words) => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  (await connectOrStart(paths, env)).close();
  const pid = repository.pid()!;
  harm(paths);
  await vi.waitUntil(() => !alive(pid));
  expect(readFileSync(paths.daemonLog, 'utf8')).toMatch(words);
});

test('[STO-2] two daemons never write one journal: the one whose lock was taken away records nothing any more', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  const say = (text: string) => ask(paths, env, { text, actor: 'cli', view });
  await say('create task "First" id=first');
  const pid = repository.pid()!;
  rmSync(paths.lock);
  rmSync(paths.socket);
  expect(await say('create task "Second" id=second')).toMatchObject({ exit: 0 });
  await vi.waitUntil(() => !alive(pid));
  expect(repository.pid()).not.toBe(pid);
  await repository.crash();
  expect((await say('list tasks')).data).toMatchObject([{ id: 'first' }, { id: 'second' }]);
});
