import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLiveConfig } from '../../../src/daemon/config/live-config.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

test('a change of the repository’s settings is refused while the person’s own file is broken, and nothing is written', async () => {
  using folder = temporaryFolder('live-config');
  const env = { HOME: folder.path, XDG_STATE_HOME: join(folder.path, 'state') };
  const [config, configVersions] = [join(folder.path, 'r/.drover/config.json'), join(folder.path, 'versions')];
  const own = join(folder.path, '.config/drover/config.json');
  mkdirSync(join(folder.path, 'r'));
  mkdirSync(join(own, '..'), { recursive: true });
  const live = await openLiveConfig({ config, configVersions }, env);
  const { change, history } = live.changedBy('cli');
  await change('conflicts.overlaps', true);
  const before = readFileSync(config, 'utf8');
  writeFileSync(own, '{ "limits": ');
  const refused = { code: 'config/invalid', message: expect.stringContaining(own) };
  await expect(change('conflicts.overlaps', false)).rejects.toMatchObject(refused);
  await expect(history.restore(1, undefined)).rejects.toMatchObject(refused);
  expect([readFileSync(config, 'utf8'), live.settings.conflicts.overlaps]).toEqual([before, true]);
  writeFileSync(own, '{}');
  await history.restore(1, undefined);
  expect([existsSync(config), live.settings.conflicts.overlaps]).toEqual([false, false]);
});
