import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

const place = new URL('../fixtures/journals/', import.meta.url);
const textAt = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The versions that a changelog tells of as released: those with a heading of their own. */
export const releasedIn = (changelog: string): readonly string[] =>
  [...changelog.matchAll(/^## \[?v?(?<version>\d+\.\d+\.\d+[^\s\]]*)/gmu)].map(({ groups }) => groups!['version']!);

export const releasedVersions = (): readonly string[] => releasedIn(textAt('CHANGELOG.md'));

/** Journals by their versions, as sums of their bytes. */
type Sums = Readonly<Record<string, string>>;

/** The sums of the journals that lie there, and those that were noted when their versions were released. */
export const journalSums = (): { readonly there: Sums; readonly noted: Sums; readonly current: string } => {
  const files = readdirSync(place).filter((name) => name.endsWith('.jsonl'));
  const sumOf = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(new URL(name, place)))
      .digest('hex');
  return {
    there: Object.fromEntries(files.map((name) => [name.replace(/\.jsonl$/u, ''), sumOf(name)])),
    noted: JSON.parse(textAt('test/fixtures/journals/sums.json')) as Sums,
    current: (JSON.parse(textAt('package.json')) as { version: string }).version,
  };
};

/** What is wrong with the journals of releases: each has one that nobody has changed since, and so has the version to come. */
export const frozenTrouble = (
  released: readonly string[],
  { there, noted, current }: ReturnType<typeof journalSums>,
): readonly string[] => {
  const wanted = [...new Set([...released, current])];
  const lacking = wanted.filter((version) => there[version] === undefined);
  const unnoted = released.filter((version) => noted[version] === undefined);
  const changed = Object.keys(noted).filter((version) => noted[version] !== there[version]);
  return [
    ...lacking.map((version) => `there is no journal of ${version}: node test/state/record-journal.ts ${version}`),
    ...unnoted.map((version) => `the sum of the journal of ${version} is to be noted: ${there[version] ?? 'none'}`),
    ...changed.map((version) => `the journal of ${version} is not the one that was noted when it was released`),
  ];
};
