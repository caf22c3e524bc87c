import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openLookout } from '../../../src/cli/screen/surroundings.ts';
import { type Settings, settingsSchema } from '../../../src/state/settings.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

/** What a screen finds that is opened now. */
const lookAround = async (root: string, settings: Settings, path: string) =>
  (await openLookout(root, { settings }, path, { isWanted: () => true }))();

test('the agent of the settings is found by its program, else another one that works; specs by their tasks.md', async () => {
  using folder = temporaryFolder('around');
  const { path } = folder;
  const settings = settingsSchema.parse({ agent: 'claude' });
  expect(await lookAround(path, settings, path)).toEqual({
    ...{ agent: null, isUsual: false, plans: [] },
    ...{ isSetUp: false, isReviewedFirst: false, isManual: false, maxInstances: settings.limits.maxInstances },
  });
  const install = (name: string): void => {
    writeFileSync(join(path, name), '#!/bin/sh\n');
    chmodSync(join(path, name), 0o755);
  };
  install('codex');
  expect(await lookAround(path, settings, path)).toMatchObject({ agent: { name: 'codex' }, isUsual: false });
  install('claude');
  expect(await lookAround(path, settings, path)).toMatchObject({ agent: { name: 'claude' }, isUsual: true });
  mkdirSync(join(path, '.kiro/specs/log in'), { recursive: true });
  mkdirSync(join(path, 'specs/empty'), { recursive: true });
  writeFileSync(join(path, '.kiro/specs/log in/tasks.md'), '- [ ] 1. x\n');
  expect((await lookAround(path, settings, path)).plans).toEqual(['import spec ".kiro/specs/log in"']);
  const tried = settingsSchema.parse({ agent: 'rehearsal' });
  expect(await lookAround(path, tried, '/nowhere')).not.toHaveProperty('worker');
  expect(await lookAround(path, tried, path)).toMatchObject({ agent: { name: 'rehearsal' }, worker: 'claude' });
  expect(await lookAround(path, settings, path)).not.toHaveProperty('worker');
});

test('settings that change while the screen is open change what it proposes; the same settings change nothing', async () => {
  using folder = temporaryFolder('around');
  const live = { settings: settingsSchema.parse({ agent: 'rehearsal' }) };
  const lookout = await openLookout(folder.path, live, '/nowhere', { isWanted: () => false });
  const before = lookout();
  expect(before.agent).toMatchObject({ name: 'rehearsal', takesPlans: false });
  expect(lookout()).toBe(before);
  live.settings = settingsSchema.parse({ agent: 'rehearsal', rehearsal: { plans: true }, review: 'before-merge' });
  expect(lookout()).toMatchObject({ agent: { takesPlans: true }, isReviewedFirst: true });
});

test('an agent of the settings that nobody makes known, as in a clone that is not trusted, is not there', async () => {
  using folder = temporaryFolder('around');
  const settings = settingsSchema.parse({ agent: 'mine' });
  expect(await lookAround(folder.path, settings, folder.path)).toMatchObject({ agent: null, isUsual: false });
});

test('all plans that can be imported are found, wherever their tools keep them; what is done or broken is none', async () => {
  using folder = temporaryFolder('around');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  };
  write('openspec/changes/login/tasks.md', '## 1. Pages\n\n- [ ] 1.1 A form\n');
  write('plans/next.md', '- [ ] One\n');
  write('TODO.md', '- [ ] Two\n');
  write('docs/TODO.md', '- [x] Three\n');
  write('specs/broken/tasks.md', '- [ ] T001 One\n- [ ] T002 Two (depends on T009)\n');
  write('README.md', '- [ ] no plan\n');
  const settings = settingsSchema.parse({ agent: 'rehearsal' });
  expect((await lookAround(folder.path, settings, '/nowhere')).plans).toEqual([
    'import spec openspec/changes/login',
    'import spec plans/next.md',
    'import spec TODO.md',
  ]);
});

test('a plan that comes while a screen is open is found while that matters, by looking now and then', async () => {
  using folder = temporaryFolder('around');
  const live = { settings: settingsSchema.parse({ agent: 'rehearsal' }) };
  let now = 0;
  let isWanted = false;
  const lookout = await openLookout(folder.path, live, '/nowhere', { isWanted: () => isWanted, now: () => now });
  expect(lookout().plans).toEqual([]);
  writeFileSync(join(folder.path, 'TODO.md'), '- [ ] Two\n');
  now = 60_000;
  const before = lookout();
  expect(before.plans).toEqual([]);
  isWanted = true;
  lookout();
  await vi.waitUntil(() => lookout().plans.length > 0);
  expect(lookout().plans).toEqual(['import spec TODO.md']);
  const found = lookout();
  now = 120_000;
  lookout();
  expect(lookout()).toBe(found);
});
