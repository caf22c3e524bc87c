import { expect } from 'vitest';
import type { Finding } from '../../../src/cli/doctor/finding.ts';
import type { Exit } from '../../../src/ports/index.ts';

/** What a program left behind that did well and said this. */
export const exit = (stdout: string, more: Partial<Exit> = {}): Exit => ({
  code: 0,
  signal: null,
  stdout,
  stderr: '',
  timedOut: false,
  ...more,
});

/** What is wrong, as `severity id`. */
export const faults = (findings: readonly Finding[]): string[] =>
  findings.filter(({ severity }) => severity !== 'ok').map(({ severity, id }) => `${severity} ${id}`);
/** The one finding of this id. */
export const found = (findings: readonly Finding[], id: string): Finding => {
  const one = findings.find((finding) => finding.id === id);
  if (!one) expect.fail(`no finding ${id} among ${findings.map((finding) => finding.id).join(', ')}`);
  return one;
};
