import { COMMON_ENV } from '../../src/agents/launch-script.ts';
import { expect, test } from 'vitest';
import { grantedFolders } from '../../src/daemon/sandbox/granted-folders.ts';
import { folderTrouble, holdsKeys, keysIn } from '../../src/sandbox/folders.ts';
import { wayOut } from '../../src/sandbox/network.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { servicesWith } from '../helpers/services.ts';

const GROUND = {
  home: '/home/ada',
  keys: await keysIn('/home/ada', async (path) => path),
  worktrees: ['/home/ada/.local/share/drover/worktrees/app-1', '/home/ada/.local/share/drover/sandboxes'],
  shared: ['/home/ada/.cache/project'],
  commonDir: '/home/ada/app/.git',
  own: ['/home/ada/.config/drover', '/home/ada/.local/state/drover'],
};

const trouble = (said: string, real = said, ground = GROUND) => folderTrouble({ said, real }, ground);

test.each([
  '/srv/data',
  '/home/ada/.ssh',
  '/home/ada/.ssh/known_hosts',
  '/home/ada/.m2/repository',
  '/home/ada/app/data',
  '/tmp/x',
  '/run/docker.sock',
  '/home/ada/.cache',
  '/home/ada/.cache/project',
])('[SEC-9] %s may be laid open by whoever names it', (path) => expect(trouble(path)).toBeUndefined());

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
])('[SEC-9] %s is laid open to nobody', (path, why) => expect(trouble(path)).toMatch(why));

test('[SEC-9] what holds keys is not given as a whole', () => {
  const elsewhere = { ...GROUND, commonDir: '/r/.git', worktrees: ['/w'], own: [], shared: [] };
  expect(trouble('/home/ada', '/home/ada', elsewhere)).toBe('it holds ~/.ssh, which has to be named itself');
  expect(trouble('/home/ada/.config', '/home/ada/.config', elsewhere)).toContain('~/.config/gcloud');
  expect(
    ['/home', '/home/ada', '/home/ada/.local', '/home/ada/.ssh'].map((path) => holdsKeys('/home/ada', path)),
  ).toEqual(Array.from({ length: 4 }, () => true));
  for (const path of ['/home/ada/.local/bin', '/home/ada/.claude/local', '/usr/bin'])
    expect(holdsKeys('/home/ada', path)).toBe(false);
});

test('[SEC-9] a link that leads to keys gives nothing of them, and neither does one in what agents write', () => {
  for (const to of ['/home/ada/.ssh', '/home/ada/.ssh/id_ed25519', '/home/ada/.local/share/opencode/auth.json'])
    expect(trouble('/home/ada/.cache/x', to)).toMatch(/^it leads into ~\/\.\S+, which has to be named itself$/u);
  expect(trouble('/home/ada/.aws', '/home/ada/.ssh')).toContain('it leads into ~/.ssh');
  // Keys that lie elsewhere themselves are named by their own name.
  const moved = { ...GROUND, keys: [{ name: '.ssh', real: '/srv/dotfiles/ssh' }] };
  expect(trouble('/home/ada/.ssh', '/srv/dotfiles/ssh', moved)).toBeUndefined();
  expect(trouble('/srv/dotfiles', '/srv/dotfiles', moved)).toContain('it holds ~/.ssh');
  expect(trouble('/home/ada/link', '/srv/dotfiles/ssh', moved)).toContain('it leads into ~/.ssh');
  expect(trouble('/home/ada/link', '/home/ada/.cache/project/x')).toContain('where sandboxes write');
});

const granted = (sandbox: object, links: Readonly<Record<string, string>> = {}, own: readonly string[] = []) =>
  grantedFolders(servicesWith({ settings: settingsSchema.parse({ sandbox }) }), {
    env: { HOME: '/home/ada/' },
    paths: {
      root: '/home/ada/app',
      worktrees: GROUND.worktrees[0],
      sandboxes: '/home/ada/.local/share/drover/sandboxes/app-1',
      commonDir: GROUND.commonDir,
    } as never,
    files: { realPath: async (path: string) => links[path] ?? path } as never,
    git: { ownPlaces: async () => own } as never,
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
  const nested = { read: ['~/.cache/a', '/srv'], write: ['~/.cache', '~/.cache/x'] };
  // What lies in a folder that is given to be written is given with it, wherever a link in its place would lead.
  expect(await granted(nested, { '/home/ada/.cache/x': '/home/ada/.ssh' })).toEqual({
    read: ['/srv'],
    write: ['/home/ada/.cache'],
  });
  const linked = { '/home/ada/x': '/home/ada/.ssh' };
  await expect(granted({ write: ['~/.cache', '~/x'] }, linked)).rejects.toThrow(
    'sandbox.write names ~/x, which no sandbox gets: it leads into ~/.ssh, which has to be named itself',
  );
  expect(await granted({ read: ['~/.ssh'] }, { '/home/ada/.ssh': '/srv/ssh' })).toMatchObject({
    read: ['/home/ada/.ssh'],
  });
  await expect(granted({ write: ['~/.config/drover'] })).rejects.toThrow('sandbox.write names ~/.config/drover');
});

test('[SEC-9] what git reads of the person is given without a word, and never keys, a home or what others keep', async () => {
  const own = ['/home/ada/.config/git/ignore', '/home/ada/.hooks'];
  expect(await granted({ read: ['/srv/data'] }, {}, own)).toEqual({ read: ['/srv/data', ...own], write: [] });
  const links = { '/home/ada/link': '/home/ada/.ssh', '/home/ada/hooks': '/home/ada/.cache/x/hooks' };
  const kept = ['/', '/home/ada', '/home/ada/.ssh', '/home/ada/.ssh/hooks', '/home/ada/link', '/tmp', '/home/ada/app'];
  const swarm = ['/home/ada/app/.git/hooks', '/home/ada/.config/drover', `${GROUND.worktrees[0]}/one/hooks`];
  for (const path of [...kept, ...swarm]) expect([path, (await granted({}, links, [path])).read]).toEqual([path, []]);
  // Where sandboxes write nobody else’s hooks are to be.
  expect((await granted({ write: ['~/.cache/x'] }, links, ['/home/ada/hooks'])).read).toEqual([]);
});

test('[SEC-9] only a list needs a way out of its own', () => {
  const at = { folder: '/spool/claude-1', assets: '/drover/assets', node: '/usr/bin/node' };
  expect(wayOut('on', at)).toEqual({ network: 'shared', env: {}, prefix: [], read: [] });
  expect(wayOut('off', at)).toMatchObject({ network: 'none', prefix: [], read: [] });
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

test('[SEC-9] the proxy of the person, in whose address a password may be, is not told to who does not go out by oneself', () => {
  const at = { folder: '/spool/claude-1', assets: '/drover/assets', node: '/usr/bin/node' };
  const named = COMMON_ENV.filter((name) => /_proxy$/iu.test(name) && name.toUpperCase() !== 'NO_PROXY');
  expect(named).toHaveLength(6);
  for (const name of named)
    expect([wayOut('off', at).env[name], wayOut('allow-list', at).env[name]]).toEqual(['', 'http://127.0.0.1:3128']);
});
