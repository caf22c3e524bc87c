import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lookAround, makeLookout } from '../../../src/cli/screen/surroundings.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

test('the agent of the settings is found by its program, else another one that works; specs by their tasks.md', () => {
  using folder = temporaryFolder('around');
  const { path } = folder;
  const settings = settingsSchema.parse({ agent: 'claude' });
  expect(lookAround(path, settings, path)).toEqual({
    ...{ agent: null, isUsual: false, plans: [] },
    ...{ isSetUp: false, isReviewedFirst: false, maxInstances: settings.limits.maxInstances },
  });
  const install = (name: string): void => {
    writeFileSync(join(path, name), '#!/bin/sh\n');
    chmodSync(join(path, name), 0o755);
  };
  install('codex');
  expect(lookAround(path, settings, path)).toMatchObject({ agent: { name: 'codex' }, isUsual: false });
  install('claude');
  expect(lookAround(path, settings, path)).toMatchObject({ agent: { name: 'claude' }, isUsual: true });
  mkdirSync(join(path, '.kiro/specs/log in'), { recursive: true });
  mkdirSync(join(path, 'specs/empty'), { recursive: true });
  writeFileSync(join(path, '.kiro/specs/log in/tasks.md'), '- [ ] 1. x\n');
  expect(lookAround(path, settings, path).plans).toEqual(['import spec ".kiro/specs/log in"']);
  expect(lookAround(path, settingsSchema.parse({ agent: 'rehearsal' }), '/nowhere').agent?.name).toBe('rehearsal');
});

test('settings that change while the screen is open change what it proposes; the same settings change nothing', () => {
  using folder = temporaryFolder('around');
  const live = { settings: settingsSchema.parse({ agent: 'rehearsal' }) };
  const lookout = makeLookout(folder.path, live, '/nowhere');
  const before = lookout();
  expect(before.agent).toMatchObject({ name: 'rehearsal', takesPlans: false });
  expect(lookout()).toBe(before);
  live.settings = settingsSchema.parse({ agent: 'rehearsal', rehearsal: { plans: true }, review: 'before-merge' });
  expect(lookout()).toMatchObject({ agent: { takesPlans: true }, isReviewedFirst: true });
});

test('an agent of the settings that nobody makes known, as in a clone that is not trusted, is not there', () => {
  using folder = temporaryFolder('around');
  const settings = settingsSchema.parse({ agent: 'mine' });
  expect(lookAround(folder.path, settings, folder.path)).toMatchObject({ agent: null, isUsual: false });
});
