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
  ports: ['lib', 'state'],
  commands: ['lib', 'state', 'protocol', 'tasks', 'agents', 'ports'],
  'state/store': ['lib', 'state', 'ports'],
  process: ['lib', 'ports'],
  tmux: ['lib', 'ports'],
  git: ['lib', 'ports'],
  logs: ['lib', 'ports'],
  rehearsal: ['lib'],
  tui: ['lib', 'state', 'protocol', 'tasks', 'commands', 'ports', 'client', 'logs'],
  client: ['lib', 'state', 'protocol', 'ports'],
  daemon: [
    'lib',
    'state',
    'protocol',
    'tasks',
    'agents',
    'ports',
    'commands',
    'state/store',
    'process',
    'tmux',
    'git',
    'logs',
  ],
  cli: [
    'lib',
    'state',
    'state/store',
    'protocol',
    'tasks',
    'agents',
    'ports',
    'commands',
    'client',
    'daemon',
    'git',
    'logs',
    'tui',
    'rehearsal',
    'process',
  ],
};
const folders = Object.keys(MAY_IMPORT).toSorted((a, b) => b.length - a.length);
const folderOf = (path: string) => folders.find((folder) => path.startsWith(`src/${folder}/`)) ?? `unlisted: ${path}`;
const sources = globSync('src/**/*.{ts,tsx}');

test.each(sources)('%s imports only what its folder may', (file) => {
  const home = folderOf(file);
  const imported = [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(?<path>\.[^']+)'/g)].map(
    (match) => folderOf(join(file, '..', match.groups?.['path'] ?? '')),
  );
  expect(imported.filter((to) => to !== home && !MAY_IMPORT[home]?.includes(to))).toEqual([]);
});

/** Longer than the limit for a reason; this list may only shrink. */
const LONG: readonly string[] = [];

test.each(sources)('%s is short enough to be read in one go', (file) => {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*(?:\/\/|\/\*|\*)/.test(line));
  if (!LONG.includes(file)) expect(lines.length).toBeLessThanOrEqual(300);
});
