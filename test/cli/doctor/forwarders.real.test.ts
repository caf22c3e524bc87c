import { describe, expect, test } from 'vitest';
import { doctorSchema } from '../../../src/cli/doctor/finding.ts';
import { checksFolder, spoolFolderOf } from '../../../src/lib/paths.ts';
import { lostForwarders } from '../../../src/process/lost-forwarders.ts';
import { openForwarded } from '../../helpers/forwarded.ts';
import { runMain } from '../../helpers/io.ts';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openSwarm, testRepository } from '../../helpers/swarm.ts';

const found = async ({ root, env }: Pick<ReturnType<typeof testRepository>, 'root' | 'env'>, ...more: string[]) => {
  const { stdout } = await runMain(['doctor', '--json', '--timeout', '20s', ...more], { cwd: root, env });
  return doctorSchema.parse(JSON.parse(stdout)).findings.filter(({ id }) => id === 'leftover.forwarder');
};

describe.skipIf(noSandbox !== undefined)(`forwarders that are left (${noSandbox ?? 'there is one'})`, () => {
  test('one whose program is gone is named, and ended by --fix; one that is needed is not', async () => {
    using repository = testRepository();
    const { paths } = repository;
    const left = await openForwarded(repository.root, spoolFolderOf(paths, 'rehearsal-1'));
    const needed = await openForwarded(repository.root, checksFolder(paths));
    expect(await found(repository)).toEqual([]);
    await left.endProgram();
    await expect.poll(() => lostForwarders([paths.spool])).toHaveLength(1);
    const [{ pid } = { pid: 0 }] = lostForwarders([paths.spool]);
    expect(await found(repository)).toMatchObject([
      {
        severity: 'warning',
        fixable: true,
        repair: `kill -KILL ${pid}`,
        cause: expect.stringContaining(`process ${pid}`),
      },
    ]);
    expect(await found(repository, '--fix')).toMatchObject([{ fixed: true }]);
    expect(await found(repository)).toEqual([]);
    await needed.endProgram();
    await expect.poll(() => lostForwarders([checksFolder(paths)])).toHaveLength(1);
  });

  test('the next daemon ends what an earlier one left, and says so in its log', async () => {
    await using swarm = await openSwarm();
    const { paths, root } = swarm;
    for (const folder of [spoolFolderOf(paths, 'rehearsal-1'), checksFolder(paths)])
      await (await openForwarded(root, folder)).endProgram();
    const places = [paths.spool, checksFolder(paths)];
    await expect.poll(() => lostForwarders(places)).toHaveLength(2);
    await swarm.reopen();
    await expect.poll(() => lostForwarders(places)).toEqual([]);
    expect(swarm.log.filter((line) => /^ended process \d+, which led a sandbox to /u.test(line))).toHaveLength(2);
  });
});
