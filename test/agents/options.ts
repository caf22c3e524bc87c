import type { LaunchOptions, Signal } from '../../src/agents/adapter.ts';

/** Options of a launch as the daemon would give them. */
export const launchOptions = (changes: Partial<LaunchOptions> = {}): LaunchOptions => ({
  instance: 'x-1',
  worktree: '/w/x-1',
  gitFolders: ['/r/.git/objects', "/r/.git/worktrees/it's x-1"],
  sha256: (text) => `<${text.length}>`,
  home: "/state/it's x-1",
  record: "/state/it's x-1/record/frames.jsonl",
  derived: "/state/it's x-1/derived",
  hook: "/opt/it's drover/hook.sh",
  uuid: '0b7f4dd7-6f0c-4c0c-8f4e-0d4d3a1c2b3e',
  node: '/usr/bin/node',
  rehearsal: '/opt/drover/rehearsal/main.js',
  ...changes,
});

/** A signal without the use of a tool that it tells of. */
export const withoutUse = (signal: Signal | undefined): Signal | undefined => {
  if (signal === undefined) return undefined;
  const { use: _use, asks: _asks, ...rest } = signal as Signal & { use?: unknown; asks?: unknown };
  return rest as Signal;
};
