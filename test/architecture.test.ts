import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Which folder of src may import which. This table is the architecture; docs/architecture.md draws it. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  lib: [],
  state: ['lib'],
  protocol: ['lib', 'state'],
  tasks: ['lib', 'state'],
  agents: ['lib', 'state'],
  rules: ['lib', 'state'],
  attention: ['lib', 'state', 'protocol', 'tasks'],
  ports: ['lib', 'state'],
  merge: ['lib', 'state', 'ports'],
  text: ['lib', 'state', 'protocol', 'tasks', 'ports'],
  commands: ['lib', 'state', 'protocol', 'tasks', 'attention', 'agents', 'ports', 'text'],
  'state/store': ['lib', 'state', 'ports'],
  process: ['lib', 'ports'],
  tmux: ['lib', 'ports'],
  git: ['lib', 'ports'],
  sandbox: ['lib', 'state', 'ports'],
  logs: ['lib', 'ports'],
  files: ['lib', 'ports'],
  secrets: ['lib', 'files'],
  audit: ['lib', 'ports', 'files'],
  target: ['lib', 'ports', 'process', 'tmux', 'git', 'files', 'logs', 'sandbox'],
  link: ['lib', 'ports'],
  proxy: ['lib', 'state'],
  relay: ['lib', 'ports', 'process'],
  rehearsal: ['lib'],
  tui: ['lib', 'state', 'protocol', 'tasks', 'attention', 'text', 'commands', 'ports', 'client', 'logs'],
  client: ['lib', 'state', 'protocol', 'ports', 'link', 'files'],
  web: ['lib', 'state', 'protocol', 'attention', 'text', 'commands', 'ports', 'client', 'logs'],
  daemon: [
    'lib',
    'audit',
    'state',
    'protocol',
    'tasks',
    'attention',
    'agents',
    'rules',
    'sandbox',
    'merge',
    'ports',
    'text',
    'commands',
    'state/store',
    'process',
    'tmux',
    'git',
    'files',
    'logs',
    'target',
    'link',
    'proxy',
    'relay',
    'secrets',
  ],
  cli: [
    'lib',
    'audit',
    'state',
    'state/store',
    'protocol',
    'tasks',
    'attention',
    'agents',
    'ports',
    'text',
    'commands',
    'client',
    'daemon',
    'git',
    'files',
    'logs',
    'link',
    'tui',
    'web',
    'rehearsal',
    'process',
    'proxy',
    'relay',
    'tmux',
    'sandbox',
    'secrets',
  ],
};
const folders = Object.keys(MAY_IMPORT).toSorted((a, b) => b.length - a.length);
const folderOf = (path: string) => folders.find((folder) => path.startsWith(`src/${folder}/`)) ?? `unlisted: ${path}`;
const sources = globSync('src/**/*.{ts,tsx}');

/** The files that a file imports by a relative path, types and `import()` included. */
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(?<path>\.[^']+)'/g)].map((match) =>
    join(file, '..', match.groups?.['path'] ?? ''),
  );

test.each(sources)('%s imports only what its folder may', (file) => {
  const home = folderOf(file);
  const imported = importsOf(file).map(folderOf);
  expect(imported.filter((to) => to !== home && !MAY_IMPORT[home]?.includes(to))).toEqual([]);
});

/** All that the other folders know of the commands: what one is, how a line is carried out, which there are, and their language. */
const FACE_OF_COMMANDS = ['define', 'dispatch', 'foreseen', 'index', 'language'].map(
  (name) => `src/commands/${name}.ts`,
);

test.each(sources.filter((file) => folderOf(file) !== 'commands'))('%s knows no single command', (file) => {
  const imported = importsOf(file).filter((to) => folderOf(to) === 'commands');
  expect(imported.filter((to) => !FACE_OF_COMMANDS.includes(to))).toEqual([]);
});

const graph = new Map(sources.map((file) => [file, importsOf(file)]));

/** The shortest way from a file by its imports back to it, as `a → b → a`; undefined when there is none. */
const cycleOf = (start: string): string | undefined => {
  const ways = new Map([[start, [start]]]);
  for (const [file, way] of ways)
    for (const next of graph.get(file) ?? []) {
      if (next === start) return [...way, start].join(' → ');
      if (!ways.has(next)) ways.set(next, [...way, next]);
    }
  return undefined;
};

/** Files that still import themselves by way of others; this list may only shrink. */
const CYCLIC: readonly string[] = [
  ...['example', 'head', 'parse-state', 'say', 'words'].map((name) => `src/protocol/${name}.ts`),
];

test.each(sources)('%s does not import itself by way of others, types included', (file) => {
  if (!CYCLIC.includes(file)) expect(cycleOf(file)).toBeUndefined();
});

/** Longer than the limit for a reason; this list may only shrink. */
const LONG: readonly string[] = [];

test.each(sources)('%s is short enough to be read in one go', (file) => {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*(?:\/\/|\/\*|\*)/.test(line));
  if (!LONG.includes(file)) expect(lines.length).toBeLessThanOrEqual(300);
});

/**
 * What the daemon does on its own machine without a target, and why; this list may only shrink. Everything else that
 * touches a machine goes by `targetOf` of an instance, or by the repository's `home`: instances may live elsewhere.
 */
const OWN_MACHINE: Readonly<Record<string, string>> = {
  'src/daemon/machine-size.ts': 'how large the machine of the daemon is',
  'src/daemon/main.ts': 'begins the helper process of its home while the rest of it is loaded',
  'src/daemon/run-daemon.ts': 'tells whoever started it how the start went',
  'src/daemon/open-services.ts': 'starts the helper process by which its home starts programs',
  'src/daemon/config/config.ts': 'reads the configuration of its repository',
  'src/daemon/config/included-files.ts': 'reads which files its repository wants to have copied',
  'src/daemon/config/live-config.ts': 'follows the configuration of its repository',
  'src/daemon/config/project-file.ts': 'writes the configuration of its repository',
  'src/daemon/config/text-reader.ts': 'sees whether files of settings have changed',
  'src/daemon/config/trust-store.ts': 'keeps what the person at this machine trusts',
  'src/daemon/config/versions.ts': 'what the repository’s file was, beside its journal',
  'src/daemon/health/edge-health.ts': 'measures how much room the disk of its journal has',
  'src/daemon/health/clocks.ts': 'knows whether the clock of the daemon’s machine was set',
  'src/daemon/health/heart.ts': 'beats into a file beside its journal, for who starts the next daemon',
  'src/daemon/logs/ledgers.ts': 'writes its own logs',
  'src/daemon/logs/own-log.ts': 'keeps its own log bounded',
};

/** Parts of edges that touch no machine: text in, text out, functions of a target's edge, and errors to be recognised. */
const UNTOUCHING = [
  'src/logs/plain.ts',
  'src/git/land.ts',
  'src/git/errors.ts',
  'src/git/trash-place.ts',
  'src/process/errors.ts',
  'src/files/repository-key.ts',
];

const touchesMachine = (file: string): boolean =>
  /from 'node:(?:fs|net|os|child_process)/u.test(readFileSync(file, 'utf8')) ||
  importsOf(file).some(
    (to) => ['process', 'tmux', 'git', 'logs', 'files'].includes(folderOf(to)) && !UNTOUCHING.includes(to),
  );

test('the daemon reaches machines by targets alone, but for what is truly its own', () => {
  const found = sources.filter((file) => folderOf(file) === 'daemon' && touchesMachine(file));
  expect(found.toSorted()).toEqual(Object.keys(OWN_MACHINE).toSorted());
});
