import { existsSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ask } from '../../../src/client/request.ts';
import type { Reply } from '../../../src/ports/swarm.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { testRepository } from '../../helpers/swarm.ts';
import { startDaemon } from '../process.ts';

test('a daemon that cannot record any more answers with that, says it in its log, and ends', async () => {
  using repository = testRepository();
  const { paths, env } = repository;
  // Files may grow to 64 blocks of 512 bytes: as good as a full disk.
  await using daemon = await startDaemon(repository, 'ulimit -f 64');
  const view = { columns: 80, color: false };
  const created: string[] = [];
  let refused: Reply | undefined;
  for (let n = 1; n < 200 && !refused; n += 1) {
    const id = `t${n}`;
    const text = `create task "Fill" id=${id} description="${'x'.repeat(1000)}"`;
    const reply = await ask(paths, env, { text, actor: 'cli', view });
    if (reply.exit === 0) created.push(id);
    else refused = reply;
  }
  expect(refused).toMatchObject({ exit: 1, data: { code: 'store/failed' } });
  expect(refused!.message).toContain('the file may not grow any further');
  const [code] = await daemon.exited;
  expect(code).toBe(1);
  // What it said last may come after its end.
  await expect.poll(daemon.log).toContain('ended, because nothing could be recorded any more');
  expect(daemon.log()).toMatch(
    /the daemon ends: nothing more can be recorded in .*: the file may not grow any further\. Raise/u,
  );
  expect(existsSync(paths.socket)).toBe(false);
  expect(statSync(paths.state).isDirectory() && readFileSync(`${paths.state}/communication.log`, 'utf8')).toContain(
    't1',
  );
  await using store = await openStore({ paths, now: () => new Date().toISOString() });
  expect(created.filter((id) => !store.state.tasks[id])).toEqual([]);
});
