import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makePhotographer } from '../../../src/daemon/logs/photograph.ts';
import type { PaneInfo } from '../../../src/ports/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';

const name = (segment: number, ending: string) => `${String(segment).padStart(6, '0')}.${ending}`;

const log = (folder: string, segment: number, megabytes = 0): void => {
  writeFileSync(join(folder, name(segment, 'log')), '');
  truncateSync(join(folder, name(segment, 'log')), megabytes * 1024 * 1024);
};

const seed = (folder: string, segment: number, cols = 80): void =>
  writeFileSync(join(folder, name(segment, 'seed')), JSON.stringify({ segment, cols, rows: 24, text: '' }));

const stage = () => {
  const folder = temporaryFolder('logs');
  const taken: [string, number][] = [];
  const state = stateOf(
    ...['claude-1', 'claude-2'].flatMap((id, n) => [
      instanceCreated(id),
      { type: 'instance.started', data: { instance_id: id, session: id, pane: `%${n}`, pid: 1 } } as const,
    ]),
  );
  for (const id of ['claude-1', 'claude-2']) mkdirSync(join(folder.path, id));
  const services = servicesWith({ store: { state } });
  const { home } = servicesOn({
    paths: { key: 'k', logs: folder.path },
    tmux: {
      checkpoint: async (pane: string, dir: string, segment: number) => {
        taken.push([pane, segment]);
        log(dir, segment);
        seed(dir, segment);
      },
    },
  });
  const clock = { now: 0 };
  const photograph = makePhotographer(services, home, () => clock.now);
  const pane = (n: number, more: Partial<PaneInfo> = {}): PaneInfo => ({
    ...{ session: `claude-${n + 1}`, droverId: `k/claude-${n + 1}`, pane: `%${n}`, pid: 1, dead: false },
    ...{ exitCode: null, exitSignal: null, cols: 80, rows: 24, title: '', attached: 0, server: '' },
    ...{ isLogged: true, ...more },
  });
  return { folder, clock, taken, photograph, pane, [Symbol.dispose]: () => folder[Symbol.dispose]() };
};

test('a log that went on to a further segment is photographed, at most every thirty seconds', async () => {
  using it = stage();
  const dir = join(it.folder.path, 'claude-1');
  log(dir, 1);
  seed(dir, 1);
  await it.photograph([it.pane(0)]);
  expect(it.taken).toEqual([]);
  log(dir, 2);
  it.clock.now = 29_000;
  await it.photograph([it.pane(0)]);
  expect(it.taken).toEqual([]);
  it.clock.now = 30_000;
  await it.photograph([it.pane(0)]);
  expect(it.taken).toEqual([['%0', 3]]);
  log(dir, 4);
  it.clock.now = 59_000;
  await it.photograph([it.pane(0)]);
  expect(it.taken).toHaveLength(1);
  it.clock.now = 60_000;
  await it.photograph([it.pane(0)]);
  expect(it.taken.at(-1)).toEqual(['%0', 5]);
});

test('a terminal whose size changed is photographed in its new size', async () => {
  using it = stage();
  const dir = join(it.folder.path, 'claude-1');
  log(dir, 1);
  seed(dir, 1, 80);
  await it.photograph([it.pane(0, { cols: 81 })]);
  await it.photograph([it.pane(0, { cols: 80 })]);
  expect(it.taken).toEqual([['%0', 2]]);
  writeFileSync(join(dir, name(2, 'seed')), 'broken');
  it.clock.now = 60_000;
  await it.photograph([it.pane(0)]);
  expect(it.taken).toHaveLength(2);
});

test('one is photographed at a time; the dead, the unknown and those with little to read are not', async () => {
  using it = stage();
  const [one, two] = ['claude-1', 'claude-2'].map((id) => join(it.folder.path, id)) as [string, string];
  for (const dir of [one, two]) for (const segment of [1, 2]) log(dir, segment);
  await it.photograph([it.pane(0, { dead: true }), it.pane(1, { droverId: 'k/else' })]);
  expect(it.taken).toEqual([]);
  await it.photograph([it.pane(0), it.pane(1)]);
  expect(it.taken).toEqual([['%0', 3]]);
  await it.photograph([it.pane(0), it.pane(1)]);
  expect(it.taken.at(-1)).toEqual(['%1', 3]);
});
