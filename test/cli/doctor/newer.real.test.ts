import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Paths } from '../../../src/lib/paths.ts';
import { STATE_FORMAT } from '../../../src/state/index.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { daemonRepository } from '../../helpers/daemon.ts';
import { runMain } from '../../helpers/io.ts';
import { alert, BY_CLI, readJson } from '../../state/store/place.ts';

type Report = { readonly findings: readonly { id: string; severity: string; cause: string; fixed: boolean }[] };

const LIMITS = { events: 4, bytes: 1e6 };

/** What a later version leaves behind: states of another format, or of this one with something that is not known here. */
const LATER = {
  'another format': { version: STATE_FORMAT + 1 },
  'a later release': { release: '99.0.0', flights: {} },
} as const;

/** A closed swarm whose journal begins later than with its first event; without `db.json`, or with that of a later version. */
const left = async (paths: Paths, later: object, db: 'none' | 'later'): Promise<void> => {
  {
    await using store = await openStore({ paths, now: () => new Date().toISOString(), limits: LIMITS });
    for (let n = 1; n <= 14; n += 1) await store.append([alert(`a${n}`)], BY_CLI);
    const { kept } = await store.history.old(Date.now() + 1000);
    await store.history.letGo(Date.now() + 1000, kept.from.seq);
  }
  rmSync(`${paths.projection}.bak`, { force: true });
  const snapshots = readdirSync(paths.journal).filter((name) => name.endsWith('.snapshot.json'));
  expect(snapshots).not.toEqual([]);
  const files = snapshots.map((name) => join(paths.journal, name));
  for (const file of [...files, paths.projection])
    writeFileSync(file, JSON.stringify({ ...readJson(file), ...later, sum: undefined }));
  if (db === 'later') copyFileSync(paths.projection, `${paths.projection}.bak`);
  else rmSync(paths.projection);
};

/** Everything that says what happened, by its name. */
const contentOf = ({ state, journal }: Paths): Record<string, string> =>
  Object.fromEntries(
    [...readdirSync(journal).map((name) => join(journal, name)), ...readdirSync(state).map((name) => join(state, name))]
      .filter((path) => /\/(?:db\.json.*|\d{12}\..*|damaged.*)$/u.test(path))
      .map((path) => [path, readFileSync(path, 'utf8')]),
  );

test.each(
  Object.entries(LATER).flatMap(([what, later]) =>
    (['none', 'later'] as const).map((db) => [what, db, later] as const),
  ),
)('[STO-3] a state of %s, db.json: %s, is refused by name, also by doctor --fix', async (_what, db, later) => {
  await using repository = daemonRepository();
  const { paths } = repository;
  await left(paths, later, db);
  const before = contentOf(paths);
  const at = { cwd: repository.root, env: repository.env };
  const refused = await runMain(['status'], at);
  expect(refused.exit).toBe(1);
  expect(refused.stderr).toMatch(/has the format (?:v\d+|of Drover 99\.0\.0), which this version does not know/u);
  for (const more of [[], ['--fix']]) {
    const { stdout } = await runMain(['doctor', '--json', '--timeout', '20s', ...more], at);
    const found = (JSON.parse(stdout) as Report).findings.filter(
      ({ id, severity }) => severity !== 'ok' && id.startsWith('state.'),
    );
    expect(found).toMatchObject([{ id: 'state.newer', severity: 'error', fixed: false }]);
    expect(refused.stderr).toContain(found[0]!.cause.split('. ')[0]);
    expect(found[0]!.cause).toContain('Install the Drover that wrote it or a later one');
  }
  expect(contentOf(paths)).toEqual(before);
});
