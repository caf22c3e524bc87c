import type { Likeness } from '../likeness.ts';
import type { Requirements } from './spec-requirements.ts';
import type { ParsedPlan, ParsedTask } from './spec-tasks.ts';

export const SEVERITIES = ['error', 'warning', 'note'] as const;

/** One thing about a spec that somebody should look at. */
export type Finding = {
  /** Rule and subject, e.g. `uncovered-criterion:12.1`: the same as long as the finding is there. */
  readonly id: string;
  readonly rule: string;
  readonly severity: (typeof SEVERITIES)[number];
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
  /** What to do about it. */
  readonly proposal: string;
};

export type LintSource = {
  /** Reads the tasks of a plan that is no Kiro spec. */
  readonly read?: ((tasksText: string) => ParsedPlan) | undefined;
  readonly tasksText: string;
  readonly requirementsText?: string | undefined;
  /** How the findings call the two files. */
  readonly tasksFile: string;
  readonly requirementsFile: string;
};

/** A spec as its rules look at it. */
export type Subject = {
  readonly source: LintSource;
  readonly plan: ParsedPlan;
  readonly leaves: readonly ParsedTask[];
  /** Null when there are none beside the tasks. */
  readonly requirements: Requirements | null;
  /** The criteria that an id of a task means. */
  readonly criteriaOf: (id: string) => readonly string[];
  readonly likeness: Likeness;
};

/** A finding of a rule that says itself how grave it is; `about` is what makes its id. */
export type Found = {
  readonly about: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly proposal: string;
};

/** What a rule finds is shown always, only to those who want to see doubtful things too, or only to the others. */
export type Rule = {
  readonly severity: Finding['severity'];
  readonly shown: 'always' | 'strict' | 'not-strict';
  readonly find: (subject: Subject) => readonly Found[];
};
