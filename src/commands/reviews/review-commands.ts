import type { Command } from '../define.ts';
import { approveTask } from './approve-task.ts';
import { commentTask } from './comment-task.ts';
import { markTask } from './mark-task.ts';
import { returnTask } from './return-task.ts';
import { reviewTask } from './review-task.ts';
import { takeoverTask } from './takeover-task.ts';
import { uncommentTask } from './uncomment-task.ts';
import { unmarkTask } from './unmark-task.ts';
import { verifyTask } from './verify-task.ts';

/** The commands by which people look at the work of tasks and decide on it, in the order in which lists have them. */
export const reviewCommands: readonly Command[] = [
  reviewTask,
  commentTask,
  uncommentTask,
  markTask,
  unmarkTask,
  verifyTask,
  approveTask,
  returnTask,
  takeoverTask,
];
