import { expect, test } from 'vitest';
import { grantedFolders } from '../../src/daemon/sandbox/granted-folders.ts';
import { folderTrouble } from '../../src/sandbox/folders.ts';
import { wayOut } from '../../src/sandbox/network.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { servicesWith } from '../helpers/services.ts';

const GROUND = {
  home: '/home/ada',
  worktrees: '/home/ada/.local/share/drover/worktrees/app-1',
  commonDir: '/home/ada/app/.git',
  own: ['/home/ada/.config/drover', '/home/ada/.local/state/drover'],
};

test.each([
  '/srv/data',
  '/home/ada/.ssh',
  '/home/ada/.ssh/known_hosts',
  '/home/ada/.m2/repository',
  '/home/ada/app/data',
  '/tmp/x',
  '/run/docker.sock',
  '/home/ada/.cache',
])('[SEC-9] %s may be laid open by whoever names it', (path) => expect(folderTrouble(path, GROUND)).toBeUndefined());

test.each<[string, RegExp]>([
  ['/', /daemon/u],
  ['/home', /daemon/u],
  ['/home/ada', /daemon/u],
  ['/home/ada/app', /daemon/u],
  ['/home/ada/app/.git', /daemon/u],
  ['/home/ada/app/.git/drover/instances/claude-1', /daemon/u],
  ['/home/ada/app/.git/hooks', /daemon/u],
  ['/home/ada/.local/share/drover/worktrees/app-1/claude-2', /other agents/u],
  ['/home/ada/.local/share', /other agents/u],
  ['/home/ada/.config/drover', /your secrets/u],
  ['/home/ada/.local/state/drover/trust', /your secrets/u],
  ['/home/ada/.config', /your secrets/u],
  ['/tmp', /meet in \/tmp/u],
  ['/run', /meet in \/run/u],
  ['/var', /meet in \/var\/tmp/u],
  ['/dev', /meet in \/dev/u],
])('[SEC-9] %s is laid open to nobody', (path, why) => expect(folderTrouble(path, GROUND)).toMatch(why));

test('[SEC-9] what holds keys is not given as a whole', () => {
  const elsewhere = { ...GROUND, commonDir: '/r/.git', worktrees: '/w', own: [] };
  expect(folderTrouble('/home/ada', elsewhere)).toBe('it holds ~/.ssh, which has to be named itself');
  expect(folderTrouble('/home/ada/.config', elsewhere)).toContain('~/.config/gcloud');
});

const granted = (sandbox: object, links: Readonly<Record<string, string>> = {}) =>
  grantedFolders(servicesWith({ settings: settingsSchema.parse({ sandbox }) }), {
    env: { HOME: '/home/ada/' },
    paths: { worktrees: GROUND.worktrees, commonDir: GROUND.commonDir } as never,
    files: { realPath: async (path: string) => links[path] ?? path } as never,
  });

test('[SEC-9] folders are given as they are named, and judged by where they lead', async () => {
  expect(await granted({})).toEqual({ read: [], write: [] });
  expect(await granted({ read: ['~/.m2/repository/', '/srv/data'], write: ['~/.cache/x'] })).toEqual({
    read: ['/home/ada/.m2/repository', '/srv/data'],
    write: ['/home/ada/.cache/x'],
  });
  await expect(granted({ read: ['/srv/link'] }, { '/srv/link': '/home/ada/app/.git/drover' })).rejects.toThrow(
    'sandbox.read names /srv/link, which no sandbox gets: the keys and the socket of the daemon lie there',
  );
  await expect(granted({ write: ['~/.config/drover'] })).rejects.toThrow('sandbox.write names ~/.config/drover');
});

test('[SEC-9] only a list needs a way out of its own', () => {
  const at = { folder: '/spool/claude-1', assets: '/drover/assets', node: '/usr/bin/node' };
  expect(wayOut('on', at)).toEqual({ network: 'shared', env: {}, prefix: [], read: [] });
  expect(wayOut('off', at)).toEqual({ network: 'none', env: {}, prefix: [], read: [] });
  const { network, env, prefix, read } = wayOut('allow-list', at);
  expect([network, env['HTTPS_PROXY'], env['https_proxy'], env['NO_PROXY']]).toEqual([
    'none',
    'http://127.0.0.1:3128',
    'http://127.0.0.1:3128',
    'localhost,127.0.0.1,::1',
  ]);
  expect(prefix.slice(0, 3)).toEqual(['sh', '/drover/assets/with-network.sh', '/usr/bin/node']);
  expect(prefix.at(-1)).toBe('3128');
  expect(read).toContain('/spool/claude-1');
  const served = wayOut('allow-list', { ...at, services: [3128, 11_434] });
  expect([served.env['HTTP_PROXY'], served.prefix.at(-1)]).toEqual(['http://127.0.0.1:3129', '3129,3128,11434']);
});
