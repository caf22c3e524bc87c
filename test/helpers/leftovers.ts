import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';

const OURS = /^drover-/;

const ours = (): string[] =>
  readdirSync(tmpdir(), { withFileTypes: true })
    .map((entry) => entry.name)
    .filter((name) => OURS.test(name));

/** Fails the whole run when a test leaves a temporary folder, and with it a socket, worktree or server, behind. */
export default () => {
  const before = new Set(ours());
  return () => {
    const left = ours().filter((name) => !before.has(name));
    if (left.length > 0) throw new Error(`tests left behind in ${tmpdir()}: ${left.join(', ')}`);
  };
};
