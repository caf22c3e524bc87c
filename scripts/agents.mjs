// Installs the real agent programs that test/agents/programs runs, in exactly these versions: `npm run agents`.
// They are some hundred megabytes, so they are no dependencies: without them their tests are skipped.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROGRAMS = { '@anthropic-ai/claude-code': '2.1.329' };

const folder = fileURLToPath(new URL('../node_modules/.cache/drover-agents', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/package.json`, JSON.stringify({ private: true, dependencies: PROGRAMS }, null, 2));
const { status } = spawnSync('npm', ['install', '--no-fund', '--no-audit', '--no-package-lock'], {
  cwd: folder,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
