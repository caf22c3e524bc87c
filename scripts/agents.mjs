// Installs the real agent programs that test/agents/programs runs, in exactly these versions: `npm run agents`.
// They are a gigabyte, so they are no dependencies: without one its tests are skipped, and one that cannot be installed
// here keeps the others from nothing.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROGRAMS = {
  '@anthropic-ai/claude-code': '2.1.329',
  '@google/gemini-cli': '0.61.0',
  '@openai/codex': '0.169.0',
  'opencode-ai': '1.18.33',
};

// `npm run agents -- claude codex` installs those only.
const named = process.argv.slice(2);
const wanted = Object.entries(PROGRAMS).filter(
  ([name]) => named.length === 0 || named.some((one) => name.includes(one)),
);

const folder = fileURLToPath(new URL('../node_modules/.cache/drover-agents', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(
  `${folder}/package.json`,
  JSON.stringify({ private: true, optionalDependencies: Object.fromEntries(wanted) }, null, 2),
);
const { status } = spawnSync('npm', ['install', '--no-fund', '--no-audit', '--no-package-lock'], {
  cwd: folder,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
