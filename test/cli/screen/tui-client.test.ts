import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { completer, forecaster, historyWriter, readHistory, stringEnv } from '../../../src/cli/screen/tui-client.ts';
import { languageOf } from '../../../src/commands/language.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { language, settings } from '../../fixtures/signatures.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { fakeSwarm, moved, threeAgents } from '../../tui/fake-swarm.ts';

/** A plan of a few tasks, and a place to rehearse it. */
const place = (boxes = ['x', ' ', ' ']) => {
  const folder = temporaryFolder('plan');
  onTestFinished(() => folder[Symbol.dispose]());
  const spec = join(folder.path, 'my "plan"');
  mkdirSync(join(spec, 'not-a-file'), { recursive: true });
  writeFileSync(join(spec, 'tasks.md'), boxes.map((box, i) => `- [${box}] ${i + 1}. Task ${i + 1}\n`).join(''));
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder.path, LANG: 'C.UTF-8', GIT_DIR: '/nowhere' };
  return { path: folder.path, spec, at: { cwd: folder.path, env } };
};

test('[TUI-2] the agents of the configuration are offered and understood, as they are now', () => {
  const client = fakeSwarm(threeAgents);
  let now = language;
  const here = { settings };
  const configure = (...names: readonly string[]) => {
    const agents = Object.fromEntries(names.map((name) => [name, { command: [name] }]));
    here.settings = settingsSchema.parse({ agents });
    now = languageOf(here.settings);
  };
  const [complete, foretell] = [completer(client, () => now), forecaster(client, () => now, here)];
  const offered = () => complete('launch 2 with ').map(({ word }) => word);
  expect(offered()).not.toContain('mine');
  expect(foretell('launch 2 mine agents')).toMatchObject({ kind: 'error', message: 'Unknown agent "mine".' });
  configure('mine');
  expect(offered()).toContain('mine');
  expect(complete('launch 2 with mi')).toEqual([{ word: 'mine', help: 'an agent that can be launched' }]);
  expect(foretell('launch 2 mine agents')).toMatchObject({ kind: 'ok' });
  configure();
  expect(offered()).not.toContain('mine');
});

test('what is entered in the view is remembered with its lines, the same twice in a row as one', async () => {
  const { path } = place();
  const file = join(path, 'history');
  expect(await readHistory(file)).toEqual([]);
  const remember = historyWriter(file);
  remember('tell rehearsal-1 "one\ntwo"');
  await vi.waitUntil(async () => (await readHistory(file)).length === 1);
  remember('status');
  await vi.waitUntil(async () => (await readHistory(file)).length === 2);
  remember('status');
  await vi.waitUntil(() => readFileSync(file, 'utf8').split('\n').length === 4);
  expect(await readHistory(file)).toEqual(['tell rehearsal-1 "one\ntwo"', 'status']);
  historyWriter(join(path, 'no/such/folder'))('status');
});

test('the last word is completed by what exists now', () => {
  const swarm = fakeSwarm(threeAgents);
  const complete = completer(swarm, () => language);
  const words = (text: string) => complete(text).map(({ word }) => word);
  expect(words('stop instance rehearsal-')).toEqual(expect.arrayContaining(['rehearsal-1', 'rehearsal-3']));
  expect(words('laun')).toContain('launch');
  expect(complete('laun')).toBe(complete('laun'));
  const foretell = forecaster(swarm, () => language, { settings });
  expect(foretell('stop rehearsal-1')).toMatchObject({ kind: 'ok', says: 'stops rehearsal-1' });
  swarm.apply(moved('rehearsal-1', 'stopped'));
  expect(foretell('stop rehearsal-4')).toMatchObject({ kind: 'error' });
  expect(stringEnv({ A: '1', B: undefined })).toEqual({ A: '1' });
});
