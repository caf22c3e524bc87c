import { entryOf } from '../lib/entry.ts';
import type { Budget, Budgets } from './cost-settings.ts';
import type { Instance } from './instances.ts';
import type { EventDraft, State } from './model.ts';
import { isAlive } from './moves.ts';
import { type Spending, totalTokens, type Usage } from './usage.ts';

type Account = {
  /** `swarm`, `task:3.1`, `instance:claude-1`. */
  readonly key: string;
  readonly setting: 'swarm' | 'task' | 'instance';
  readonly id: string | null;
  readonly used: Spending;
  readonly budget: Budget;
};

/** An account is whoever has a budget: an instance, a task, the swarm. */
const accountsOf = ({ usage }: State, budgets: Budgets): Account[] => [
  { key: 'swarm', setting: 'swarm', id: null, used: usage.swarm, budget: budgets.swarm },
  ...Object.entries(usage.tasks).map(
    ([id, used]): Account => ({ key: `task:${id}`, setting: 'task', id, used, budget: budgets.task }),
  ),
  ...Object.entries(usage.instances).map(
    ([id, used]): Account => ({ key: `instance:${id}`, setting: 'instance', id, used, budget: budgets.instance }),
  ),
];

type Share = { readonly part: number; readonly budget: string; readonly limit: 'usd' | 'tokens' };

export const usdText = (usd: number): string => `$${usd >= 1 || usd === 0 ? usd.toFixed(2) : usd.toPrecision(2)}`;

/** How much of its budget is used up, of the limit that is nearer. */
const shareOf = ({ used, budget }: Account): Share | undefined => {
  const tokens = totalTokens(used);
  const shares: Share[] = [
    ...(budget.usd === undefined
      ? []
      : [
          {
            part: used.usd / budget.usd,
            budget: usdText(budget.usd),
            limit: 'usd',
          } as const,
        ]),
    ...(budget.tokens === undefined
      ? []
      : [{ part: tokens / budget.tokens, budget: `${budget.tokens} tokens`, limit: 'tokens' } as const]),
  ];
  return shares.toSorted((a, b) => b.part - a.part)[0];
};

const levelOf = (share: Share | undefined, budgets: Budgets): 'warned' | 'used' | null => {
  if (!share) return null;
  if (share.part >= 1) return 'used';
  return share.part * 100 >= budgets.warn_percent ? 'warned' : null;
};

const markOf = (usage: Usage, key: string) => entryOf(usage.budgets, key);

/**
 * The instances that are paused when the budget of this account is used up: all, one, or whoever is at work on the
 * task.
 */
const concernedInstances = (state: State, { setting, id }: Account): Instance[] => {
  const all = Object.values(state.instances).filter(
    (one) => (isAlive(one.state.kind) || one.state.kind === 'creating') && one.hold === null,
  );
  if (setting === 'swarm') return all;
  if (setting === 'instance') return all.filter((one) => one.instance_id === id);
  const task = state.tasks[id ?? ''];
  const runner = task?.state === 'running' ? task.run?.instance : undefined;
  return all.filter((one) => one.instance_id === runner);
};

/** Whether whoever a budget is for is held back now. */
const isPaused = ({ swarm, tasks, instances }: State, { setting, id }: Account): boolean => {
  if (setting === 'swarm') return swarm.paused;
  return setting === 'task' ? entryOf(tasks, id!)?.held === true : (entryOf(instances, id!)?.hold ?? null) !== null;
};

/** Whether a task may be begun, or go on, some time. */
const isUnfinished = ({ tasks }: State, id: string | null): boolean =>
  !['done', 'cancelled'].includes(entryOf(tasks, id)?.state ?? 'done');

const pauses = (state: State, account: Account): EventDraft[] => [
  ...(account.setting === 'swarm' && !state.swarm.paused ? [{ type: 'swarm.paused', data: {} } as const] : []),
  ...(account.setting === 'task' && !isPaused(state, account) && isUnfinished(state, account.id)
    ? [{ type: 'task.held', data: { id: account.id!, held: true } } as const]
    : []),
  ...concernedInstances(state, account).map(
    ({ instance_id }): EventDraft => ({ type: 'instance.pause_requested', data: { instance_id } }),
  ),
];

const whose = ({ setting, id }: Account): string => (setting === 'swarm' ? 'the swarm' : `${setting} ${id}`);

/** How much more of a budget is proposed, once or several times. */
const STEP = 1.5;

/**
 * A budget with room for what is used: a round number above it. It grows by steps, so that what is proposed is not another one
 * with everything that is used.
 */
const roomFor = ({ used, budget }: Account, limit: Share['limit']): number => {
  const needed = (limit === 'usd' ? used.usd : totalTokens(used)) * 1.25;
  const present = budget[limit]!;
  const steps = Math.max(1, Math.ceil(Math.log(needed / present) / Math.log(STEP)));
  const wanted = present * STEP ** steps;
  const digit = 10 ** Math.floor(Math.log10(wanted) - 1);
  // Without the last digits of a fraction that a computer cannot hold exactly.
  const rounded = Math.ceil(Number((wanted / digit).toPrecision(6))) * digit;
  return limit === 'tokens' ? Math.ceil(rounded) : Number(rounded.toPrecision(3));
};

type Told = { readonly level: 'warned' | 'used'; readonly isPaused: boolean; readonly warnPercent: number };

/** It stays true while more is used: figures that grow are in what `cost` says. */
const alertOf = (state: State, account: Account, { level, isPaused, warnPercent }: Told) => {
  const share = shareOf(account)!;
  const unknown = share.limit === 'usd' && account.used.unpriced_tokens > 0;
  const text = [
    `${whose(account)} has used ${level === 'used' ? 'up its' : `at least ${warnPercent} % of its`} budget of ${share.budget}`,
    ...(unknown ? ['what some of its tokens cost is not known'] : []),
    ...(isPaused ? ['it is paused, until it is resumed'] : []),
  ].join('; ');
  const { setting, id } = account;
  return {
    type: 'alert.raised',
    data: {
      id: `budget:${account.key}`,
      severity: level === 'used' ? 'error' : 'warning',
      text,
      suggestion: `set config budgets.${setting}.${share.limit} ${roomFor(account, share.limit)}`,
      instance: setting === 'instance' && entryOf(state.instances, id!) ? id : null,
      task: setting === 'task' && entryOf(state.tasks, id!) ? id : null,
    },
  } as const satisfies EventDraft;
};

const clearFacts = (state: State, key: string): EventDraft[] =>
  state.alerts[`budget:${key}`]
    ? [{ type: 'alert.cleared', data: { id: `budget:${key}`, because: 'its budget has room' } }]
    : [];

/** What was told stays true: where the budget is another one, or what was proposed has no room any more, it is told anew. */
const renewed = (state: State, account: Account, level: Told['level'], budgets: Budgets): EventDraft[] => {
  const known = state.alerts[`budget:${account.key}`];
  if (!known) return [];
  const stopped = level === 'used' && budgets.action === 'pause' && isPaused(state, account);
  const alert = alertOf(state, account, { level, isPaused: stopped, warnPercent: budgets.warn_percent });
  return alert.data.text === known.text && alert.data.suggestion === known.suggestion ? [] : [alert];
};

const changeOf = (state: State, account: Account, budgets: Budgets): EventDraft[] => {
  const level = levelOf(shareOf(account), budgets);
  const { key, budget } = account;
  const known = markOf(state.usage, key);
  if (level === (known?.level ?? null)) return level === null ? [] : renewed(state, account, level, budgets);
  if (level === null) return [{ type: 'budget.eased', data: { budget: key } }, ...clearFacts(state, key)];
  const mark: EventDraft = {
    type: 'budget.used',
    data: { budget: key, level, usd: budget.usd ?? null, tokens: budget.tokens ?? null },
  };
  const stops = level === 'used' && budgets.action === 'pause';
  const paused = stops ? pauses(state, account) : [];
  const isStopped = stops && (paused.length > 0 || isPaused(state, account));
  const told = { level, isPaused: isStopped, warnPercent: budgets.warn_percent };
  return [mark, alertOf(state, account, told), ...paused];
};

/**
 * The facts that follow from the usage so far, by the present budgets: each step is told of once, and again only when
 * the budget was raised meanwhile and is used up once more. What is told is kept true as long as it is there.
 */
export const budgetFacts = (state: State, budgets: Budgets): EventDraft[] => {
  const accounts = accountsOf(state, budgets);
  return accounts.flatMap((account) => changeOf(state, account, budgets));
};
