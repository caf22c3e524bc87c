import { saidId } from '../../protocol/say.ts';
import type { ReviewData } from '../../text/review-data.ts';
import type { TabContext } from './tab.ts';

/** The command that tells what is known of the work of a task. */
export const headQuery = (task: string): string => `review task ${saidId(task)}`;
/** The command that tells the change up to a commit, which never becomes another one. */
export const changeQuery = ({ task, to }: Pick<ReviewData, 'task' | 'to'>): string =>
  `review task ${saidId(task)} detailed commit=${to}`;

const answerTo = ({ answers }: TabContext, query: string): ReviewData | null => {
  const reply = answers.get(query);
  return reply?.exit === 0 ? (reply.data as ReviewData) : null;
};

/** The same with the batch that has merged its commit meanwhile, or has taken it back: the answer that knows of it is still to come. */
const asMerged = (data: ReviewData, { state }: TabContext): ReviewData => {
  const task = state.tasks[data.task];
  const isSame = task === undefined || task.batch === data.batch || task.run?.result?.head_commit !== data.to;
  return isSame ? data : { ...data, batch: task.batch };
};

/** What is known of the work that is open; null while it is read. */
export const headIn = (context: TabContext): ReviewData | null => {
  const { subject } = context.own;
  const head = subject === null ? null : answerTo(context, headQuery(subject));
  return head && asMerged(head, context);
};

/** The same with its change. */
export const changeIn = (context: TabContext): ReviewData | null => {
  const head = headIn(context);
  return head && answerTo(context, changeQuery(head));
};
