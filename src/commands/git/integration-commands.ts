import type { Command } from '../define.ts';
import { cancelIntegration } from './cancel-integration.ts';
import { checkIntegration } from './check-integration.ts';
import { forgetConflict } from './forget-conflict.ts';
import { listIntegration } from './list-integration.ts';
import { mergeBranch } from './merge-branch.ts';
import { reportIntegration } from './report-integration.ts';
import { resolveConflict } from './resolve-conflict.ts';
import { rollbackIntegration } from './rollback-integration.ts';
import { showIntegration } from './show-integration.ts';
import { testIntegration } from './test-integration.ts';

/** The commands by which branches come together in batches, in the order in which lists have them. */
export const integrationCommands: readonly Command[] = [
  mergeBranch,
  resolveConflict,
  forgetConflict,
  cancelIntegration,
  listIntegration,
  showIntegration,
  reportIntegration,
  rollbackIntegration,
  checkIntegration,
  testIntegration,
];
