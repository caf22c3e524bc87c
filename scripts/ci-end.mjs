// The end of CI's log: `node scripts/ci-end.mjs RESULTS CODE FAULTS CODE`, of vitest's JSON and what the faults under load
// printed, each with the code that it ended with. Whoever reads only the end sees what failed, and the last line counts it.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const MOST_LINES = 60;
const LONGEST_LINE = 300;
/** What the faults print of one that all recovered from. */
const RECOVERED = /^ *\d+ {2}[a-z-]+ /u;

const linesOf = (text) =>
  stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '');

/** What failed in a file: its tests, or the file itself where it has none that failed. */
const failuresOf = ({ name, status, message, assertionResults }) => {
  const file = relative(process.cwd(), name);
  const failed = assertionResults.filter((one) => one.status === 'failed');
  if (failed.length === 0) return status === 'failed' ? [`${file}: ${linesOf(message)[0]}`] : [];
  return failed.map((one) => `${file}: ${one.fullName}: ${linesOf(one.failureMessages[0] ?? '')[0]}`);
};

const failedTests = (run, code) => {
  if (run === undefined) return ['None was run: a step before them failed.'];
  const failures = run.testResults.flatMap((file) => failuresOf(file));
  if (failures.length > 0 || code === '0') return failures;
  return [`None, but their run ended with ${code}: what it printed last says why.`];
};

const print = (title, lines) => {
  if (lines.length === 0) return;
  const left = lines.length > MOST_LINES ? [`… and ${lines.length - MOST_LINES} lines more.`] : [];
  const shown = lines.slice(0, MOST_LINES).map((line) => line.slice(0, LONGEST_LINE));
  console.log(`\n${[title, ...shown, ...left].join('\n  ')}`);
};

const [results, testsCode, faults, faultsCode] = process.argv.slice(2);
const text = readFileSync(results, 'utf8');
const run = text === '' ? undefined : JSON.parse(text);
const failures = failedTests(run, testsCode);
print('Failed tests:', failures);
const areFaultsFine = faultsCode === '0';
const said = areFaultsFine ? [] : linesOf(readFileSync(faults, 'utf8'));
print(
  `The faults under load ended with ${faultsCode}:`,
  said.filter((line) => !RECOVERED.test(line)),
);
const passed = (run?.numPassedTests ?? 0) + (areFaultsFine ? 1 : 0);
const failed = failures.length + (areFaultsFine ? 0 : 1);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
