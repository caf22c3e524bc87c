import { NO_MARKERS } from './rehearse.ts';

/**
 * What the demo has the rehearsal agents do beside their tasks, so that everything happens that makes a swarm hard to keep an
 * eye on: one asks, one crashes, two change the same file, and all of them cost.
 */
const DIRECTIVES: Readonly<Record<string, string>> = {
  '2.1': 'spend 21000+2600 $0.10',
  '2.2': 'ask "Shall the wind be in m/s or in km/h?"; spend 18000+1900 $0.08',
  '2.3': 'spend 9000+700 $0.04',
  '3.1': 'spend 14000+1500 $0.06',
  '3.2': 'spend 12000+900 $0.05',
  '4.1': 'spend 33000+4100 $0.16',
  '4.2': 'spend 27000+3300 $0.13',
  '4.3': 'crash 1; spend 11000+1200 $0.05',
  '5': 'spend 24000+2800 $0.11',
  '6.1': 'conflict README.md; spend 16000+1400 $0.07',
  '6.2': 'conflict README.md; spend 19000+2200 $0.09',
};

/** What a person says to the question above. */
export const ANSWER = 'm/s';

/** The plan with the script in it: each line stands in the brief that the agent reads. */
export const withScript = (tasksText: string): string =>
  tasksText.replace(
    /^(?<indent> *)- \[ \] (?<number>\d+(?:\.\d+)?)\.? .*$/gmu,
    (line, indent: string, number: string) =>
      Object.hasOwn(DIRECTIVES, number) ? `${line}\n${indent}  - rehearse: ${DIRECTIVES[number]}` : line,
  );

const CHECK = 'sh check.sh';

/** The check, and what the two that change the same file find there. */
export const SCRIPT_FILES = {
  'README.md': '# Weather station\n',
  'check.sh': `# Whatever the agents write, no conflict may be left in it.\n${NO_MARKERS}\n`,
};

/** Nothing is merged that nobody approved, and what conflicts goes back to who did it. */
export const scriptSettings = (pace: number): object => ({
  review: 'before-merge',
  checks: { task: CHECK, merge: CHECK },
  integration: { send_back: true },
  recovery: { backoff_ms: Math.round(1500 * pace) },
});
