import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freeze, thaw } from '../../../src/daemon/actions/freeze.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';

/** Ids beyond those that any system gives, so that no signal reaches anybody. */
const FIRST = 2 ** 22 + 1;
const [SHELL, AGENT, CHILD, ORPHAN, OTHER] = [FIRST, FIRST + 1, FIRST + 2, FIRST + 3, FIRST + 4];
/** The columns as `ps` prints them. */
const line = (...[pid, parent, tty, stat, args]: [number, number, string, string, string]): string =>
  `${pid} ${parent} ${tty.padEnd(8)} ${stat.padEnd(4)} ${args}`;
const shell = line(SHELL, 1, 'pts/3', 'Ss', '/bin/sh /assets/pane.sh /r/.git/drover/instances/a-1/launch.sh');

/** A machine whose processes are told by these tables, one a look; the last one stays. */
const machine = (
  instances: string,
  tables: readonly (readonly string[])[],
  marked: Readonly<Record<number, string>> = {},
) => {
  let looks = 0;
  const signalled: number[] = [];
  const signal = async (pids: readonly number[]): Promise<readonly number[]> => {
    signalled.push(...pids);
    return [];
  };
  const marks = async () => new Map(Object.entries(marked).map(([pid, mark]) => [Number(pid), mark]));
  const run = async () => {
    const table = tables[Math.min(looks, tables.length - 1)]!;
    looks += 1;
    return { code: 0, signal: null, stdout: `${table.join('\n')}\n`, stderr: '', timedOut: false };
  };
  const target = servicesOn({ env: {}, paths: { root: '/', instances }, processes: { run, signal, marks } });
  const services = servicesWith({ ...target, signal: new AbortController().signal });
  return { services, signalled, looks: () => looks };
};
const instance = { instance_id: 'a-1', host: 'local' };
const wanted = () => true;
const setUp = () => {
  const folder = temporaryFolder('freeze');
  mkdirSync(`${folder.path}/a-1`);
  return { folder, list: `${folder.path}/a-1/frozen.json` };
};

test('what runs in the pane is frozen, parents first, orphans with its terminal too, and nothing else', async () => {
  const { folder, list } = setUp();
  using _folder = folder;
  const others = [
    line(OTHER, 1, 'pts/4', 'S', 'vim'),
    line(ORPHAN, 1, 'pts/3', 'S+', 'server --port 1'),
    line(CHILD, AGENT, '?', 'R', 'npm test'),
  ];
  const agent = (stat: string) => line(AGENT, SHELL, 'pts/3', stat, 'agent --name a-1');
  const still = [shell, line(OTHER, 1, 'pts/4', 'S', 'vim'), line(ORPHAN, 1, 'pts/3', 'T', 'server --port 1')];
  const marks = { [AGENT]: 'm-1', [CHILD]: 'm-2', [ORPHAN]: 'm-3' };
  const tables = [
    [shell, ...others, agent('R')],
    // Asleep in the kernel it does nothing, and is stopped on its way out.
    [...still, agent('T'), line(CHILD, AGENT, '?', 'D', 'npm test')],
  ];
  const { services, looks } = machine(folder.path, tables, marks);
  const frozen = await freeze(services, { instance, shell: SHELL, wanted });
  expect(frozen).toEqual([
    { pid: AGENT, args: 'agent --name a-1', mark: 'm-1' },
    { pid: CHILD, args: 'npm test', mark: 'm-2' },
    { pid: ORPHAN, args: 'server --port 1', mark: 'm-3' },
  ]);
  expect([looks(), JSON.parse(readFileSync(list, 'utf8'))]).toEqual([2, frozen]);
  expect(await thaw(services, instance)).toBe(3);
  expect([existsSync(list), await thaw(services, instance)]).toEqual([false, 0]);
});

test('the moment by which the shell outlives its agent is not frozen, nor what becomes it', async () => {
  const { folder, list } = setUp();
  using _folder = folder;
  const forked = line(CHILD, SHELL, 'pts/3', 'R', '/bin/sh /assets/pane.sh /r/.git/drover/instances/a-1/launch.sh');
  const last = line(CHILD, SHELL, 'pts/3', 'S+', 'sleep 0.1');
  const dead = line(AGENT, SHELL, 'pts/3', 'Z', '[agent] <defunct>');
  const { services } = machine(folder.path, [
    [shell, dead, forked],
    [shell, last],
  ]);
  expect(await freeze(services, { instance, shell: SHELL, wanted })).toEqual([]);
  expect(existsSync(list)).toBe(false);
});

test('what was killed just before it could be stopped is not called frozen', async () => {
  const { folder } = setUp();
  using _folder = folder;
  const dying = (stat: string) => line(AGENT, SHELL, 'pts/3', stat, 'agent');
  const { services } = machine(folder.path, [
    [shell, dying('R')],
    [shell, dying('D')],
    [shell, dying('Z')],
  ]);
  expect(await freeze(services, { instance, shell: SHELL, wanted })).toEqual([]);
});

test('a process that has the id of the shell by chance is left alone', async () => {
  const { folder } = setUp();
  using _folder = folder;
  const { services } = machine(folder.path, [[line(SHELL, 1, '?', 'S', 'cron'), line(AGENT, SHELL, '?', 'S', 'job')]]);
  expect(await freeze(services, { instance, shell: SHELL, wanted })).toEqual([]);
});

test('what has got the id of a frozen process since is not signalled, not even where it is stopped and looks the same', async () => {
  const { folder, list } = setUp();
  using _folder = folder;
  const stopped = (args: string) => [line(AGENT, 1, '?', 'T', args)];
  writeFileSync(list, JSON.stringify([{ pid: AGENT, args: 'agent', mark: 'boot-1 700' }]));
  // The machine was started anew, and somebody has stopped a program of theirs.
  const anew = machine(folder.path, [stopped('agent')], { [AGENT]: 'boot-2 700' });
  expect([await thaw(anew.services, instance), anew.signalled, existsSync(list)]).toEqual([0, [], false]);
  // One that became another program while it was being stopped is the same.
  writeFileSync(list, JSON.stringify([{ pid: AGENT, args: 'sh launch.sh', mark: 'boot-1 700' }]));
  const same = machine(folder.path, [stopped('agent')], { [AGENT]: 'boot-1 700' });
  expect([await thaw(same.services, instance), same.signalled]).toEqual([1, [AGENT]]);
});

test('what a release before has frozen is known by its command line', async () => {
  const { folder, list } = setUp();
  using _folder = folder;
  for (const [args, signalled] of [
    ['vim', []],
    ['agent', [AGENT]],
  ] as const) {
    writeFileSync(list, JSON.stringify([{ pid: AGENT, args: 'agent' }]));
    const one = machine(folder.path, [[line(AGENT, 1, '?', 'T', args)]], { [AGENT]: 'boot-1 700' });
    expect([await thaw(one.services, instance), one.signalled]).toEqual([signalled.length, signalled]);
  }
});

test('freezing ends as soon as it is not wanted any more, and gives up on what never comes to rest', async () => {
  const { folder } = setUp();
  using _folder = folder;
  const { services, looks } = machine(folder.path, [[shell, line(AGENT, SHELL, 'pts/3', 'R', 'bomb')]]);
  expect(await freeze(services, { instance, shell: SHELL, wanted: () => looks() < 3 })).toHaveLength(1);
  expect(looks()).toBe(3);
  await expect(freeze(services, { instance, shell: SHELL, wanted })).rejects.toThrow('a-1 starts programs faster');
});
