import { expect, test } from 'vitest';
import type { ConflictTrial } from '../../../src/text/conflict-trial.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runMain } from '../../helpers/io.ts';

/** Seven runs of agents, one after the other on a machine that has no time. */
const PATIENCE_MS = 180_000;

test(
  '[QUA-5] conflicts made on purpose are resolved or handed over by strategy, and no marker is committed',
  async () => {
    using folder = temporaryFolder('conflicts');
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder.path, LANG: 'C.UTF-8' };
    const { exit, stdout } = await runMain(['rehearse', '--conflicts', 'agent', '--json'], {
      cwd: folder.path,
      env,
    });
    const { rows, markers } = JSON.parse(stdout) as ConflictTrial;
    expect([exit, markers]).toEqual([0, 0]);
    const alone = ['package-lock.json', 'package.json', 'src/count.js', 'CHANGELOG.md'].map((one) => [
      'agent',
      one,
      'by itself',
    ]);
    const table = rows.map(({ strategy, fixture, outcome }) => [strategy, fixture, outcome]);
    expect(table).toEqual([...alone, ['agent', 'image.bin', 'resolved'], ['agent', 'src/app.txt', 'resolved']]);
  },
  PATIENCE_MS,
);
