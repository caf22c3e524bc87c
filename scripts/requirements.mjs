// Lists the rows of the requirements catalogue that no test names. `--all` lists the covered ones as well.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const catalogue = new URL('../../shared/requirements.md', import.meta.url);
let text;
try {
  text = readFileSync(catalogue, 'utf8');
} catch {
  console.log('requirements: ../shared/requirements.md is not here, nothing to compare with');
  process.exit(0);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const tests = globSync('test/**/*.test.{ts,tsx}', { cwd: root }).map((file) => readFileSync(`${root}${file}`, 'utf8'));
const named = new Set(tests.flatMap((source) => [...source.matchAll(/\[([A-Z]{3}-\d+)\]/g)].map((match) => match[1])));
const rows = text
  .split('\n')
  .map((line) => /^\| (?<id>[A-Z]{3}-\d+) \|.*\| (?<phase>P\d) \|$/.exec(line)?.groups)
  .filter((row) => row !== undefined);
const missing = rows.filter((row) => !named.has(row.id));
for (const phase of ['P1', 'P2', 'P3', 'P4', 'P5']) {
  const ids = missing.filter((row) => row.phase === phase).map((row) => row.id);
  if (ids.length > 0) console.log(`${phase} without a test: ${ids.join(' ')}`);
}
if (process.argv.includes('--all')) console.log(`with a test: ${[...named].toSorted().join(' ')}`);
console.log(`${rows.length - missing.length} of ${rows.length} rows have a test`);
