import { describe, expect, test } from 'vitest';
import type { SandboxSpec } from '../../src/ports/sandbox.ts';
import { openSandboxWorld, type SandboxStage, type SandboxWorld } from './sandbox-stage.ts';

const specOf = ({ at, sockets }: SandboxWorld, changes: Partial<SandboxSpec> = {}): SandboxSpec => ({
  mode: 'worktree',
  worktree: at('data/one'),
  root: at('ada/app'),
  commonDir: at('ada/app/.git'),
  git: { kind: 'read-only', config: at('data/config') },
  home: { at: at('ada'), folder: null },
  hidden: [at('data'), at('run'), sockets],
  read: [at('ada/bin')],
  write: [at('ada/cache')],
  network: 'none',
  ...changes,
});

/** Names that end a string, a word or a list where somebody forgets that they are names. */
const NAMES = ['plain', `it's "a") (allow default) ; $(id) \\" \\`, '-D x=y\nsecond line'];

/** What every kind of sandbox must do. `open` says where it is tried; a sandbox that passes can be behind the port. */
export const sandboxContract = (name: string, open: (world: SandboxWorld) => SandboxStage): void => {
  const stage = async (folder = 'plain') => {
    const world = await openSandboxWorld(folder);
    return { world, ...open(world), [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
  };

  describe(`a sandbox by ${name}`, () => {
    test('[SEC-9] whether there is one is said in one line, and who was told that there is none gets no words', async () => {
      await using it = await stage();
      const git = { kind: 'private', folder: it.world.at('data/git'), admin: 'one' } as const;
      const agent = specOf(it.world, { git, home: { at: it.world.at('ada'), folder: it.world.at('data/home') } });
      for (const [what, spec] of [['agent', agent] as const, ['check', specOf(it.world)] as const]) {
        const why = await it.sandbox.lack({ what, network: 'off' });
        if (why === null) expect((await it.sandbox.wall(spec)).length).toBeGreaterThan(0);
        else {
          expect(why).toMatch(/^[^\n]{10,250}$/u);
          await expect(it.sandbox.wall(spec)).rejects.toMatchObject({ code: 'sandbox/kind' });
        }
      }
      expect(await it.sandbox.lack({ what: 'check', network: 'off' })).toBeNull();
    });

    test.each(NAMES)('[SEC-9] what is not given is not there, whatever names it has: %j', async (folder) => {
      await using it = await stage(folder);
      const { at } = it.world;
      const seen = async (mode: SandboxSpec['mode']) => {
        const files = Object.keys(it.world.files);
        const can = await it.can(specOf(it.world, { mode }), { reads: files.map(at) });
        return files.filter((_, n) => can.reads[n]).toSorted();
      };
      const strict = [
        ...['ada/app/.git/HEAD', 'ada/app/.git/objects/pack', 'ada/bin/tool', 'ada/cache/kept', 'data/one/.git'],
        'data/one/mine',
      ];
      expect(await seen('strict')).toEqual(strict);
      expect(await seen('worktree')).toEqual([...strict, 'ada/app/readme'].toSorted());
    });

    test.each(NAMES)('[SEC-9] only what is given can be written, whatever names it has: %j', async (folder) => {
      await using it = await stage(folder);
      const files = Object.keys(it.world.files);
      for (const mode of ['worktree', 'strict'] as const) {
        const can = await it.can(specOf(it.world, { mode }), { writes: files.map(it.world.at) });
        expect(files.filter((_, n) => can.writes[n])).toEqual(['ada/cache/kept', 'data/one/mine']);
      }
    });

    test('[SEC-9] a checkout that is the home, or holds it, lays nothing of it open', async () => {
      await using it = await stage();
      const { at } = it.world;
      for (const root of ['ada', '.']) {
        const spec = specOf(it.world, { root: at(root), read: [at('.'), at('ada'), at('ada/bin')] });
        const can = await it.can(spec, { reads: [at('ada/.ssh/id'), at('ada/bin/tool'), at('data/one/mine')] });
        expect([root, can.reads]).toEqual([root, [false, true, true]]);
      }
    });

    test('[SEC-9] without a network no service of the machine is reached, and a socket of others never', async () => {
      await using it = await stage();
      const { port, socket } = it.world;
      for (const network of ['none', 'shared'] as const) {
        const can = await it.can(specOf(it.world, { network }), { ports: [port], sockets: [socket] });
        expect([network, can.ports, can.sockets]).toEqual([network, [network === 'shared'], [false]]);
      }
    });

    test('[SEC-9] who asks for a git directory of its own writes in that one, and neither what git runs nor the repository', async () => {
      await using it = await stage();
      if ((await it.sandbox.lack({ what: 'agent' })) !== null) return;
      const { at } = it.world;
      const git = { kind: 'private', folder: at('data/git'), admin: 'one' } as const;
      const spec = specOf(it.world, { git, home: { at: at('ada'), folder: at('data/home') } });
      const [there, own] = ['ada/app/.git', 'data/git'];
      const inside = ['HEAD', 'config', 'hooks/pre-commit', 'objects/info/alternates', 'worktrees/one/gitdir'];
      const { bytes } = await it.can(spec, {
        writes: [...inside, 'objects/pack'].map((file) => at(`${there}/${file}`)),
      });
      expect(inside.map((file) => bytes(at(`${own}/${file}`)))).toEqual(['own+', 'own', 'own', 'own', 'own']);
      expect(Object.keys(it.world.files).filter((file) => file.startsWith(there) && bytes(at(file)) !== 'own')).toEqual(
        [],
      );
    });

    test('[SEC-9] a program works in its worktree, gets its words as they are, and ends as it ended', async () => {
      await using it = await stage();
      if (!it.run) return;
      const words = ['a b', '', '"', '$HOME', '--', '\n'];
      const said = await it.run(specOf(it.world), ['sh', '-c', 'pwd; printf "<%s>" "$@"; exit 7', 'sh', ...words]);
      expect(said).toEqual({
        code: 7,
        stdout: `${it.world.at('data/one')}\n${words.map((word) => `<${word}>`).join('')}`,
      });
      expect((await it.run(specOf(it.world), ['sh', '-c', 'kill -TERM $$'])).code).toBe(143);
      expect((await it.run(specOf(it.world), ['sh', '-c', 'kill -KILL $$'])).code).toBe(137);
      const kept = 'test -z "$(ls -A "$HOME" | grep -v -x -e bin -e app -e cache)" && echo x >"$HOME/new"';
      for (const _ of ['once', 'again']) expect((await it.run(specOf(it.world), ['sh', '-c', kept])).code).toBe(0);
    });
  });
};
