// Installs the pre-commit hook for whoever wants it: `npm run hooks`; `npm run hooks -- --remove` takes it away again.
// A hook of somebody else's is left alone.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const MARK = '# Drover: npm run hooks';
const HOOK = `#!/bin/sh
${MARK}
# Seconds, not minutes: what CI runs beside this is in "npm run check". Skip it once with "git commit --no-verify".
exec npm run -s check:quick
`;

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
const file = resolve(git('rev-parse', '--git-path', 'hooks/pre-commit'));
const isOurs = existsSync(file) && readFileSync(file, 'utf8').includes(MARK);

if (existsSync(file) && !isOurs) {
  process.stderr.write(`${file} is somebody else's hook. Call "npm run check:quick" from it instead.\n`);
  process.exitCode = 6;
} else if (process.argv.includes('--remove')) {
  rmSync(file, { force: true });
  process.stdout.write(`${isOurs ? 'Removed' : 'There is no'} ${file}\n`);
} else {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, HOOK);
  chmodSync(file, 0o755);
  process.stdout.write(`Installed ${file}: each commit is linted, formatted and typed first.\n`);
}
