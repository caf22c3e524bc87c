import { z } from 'zod';
import { formatDuration } from '../../lib/duration.ts';
import type { Batch, BatchCheck } from '../../state/batches.ts';
import { cameAlongIn, GONE_ON, leftOutOf } from '../../tasks/taken-work.ts';
import { batchGraph, batchNodes } from '../../text/batch-graph.ts';
import { batchRowSchema, withWhy } from '../../text/batch-why.ts';
import { forText } from '../../text/since-text.ts';
import { asideWhy } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { type BatchStanding, standingOf } from './batch-standing.ts';
import { batchMeant } from './batches.ts';

/** What became of taking it back, where that was asked for. */
const rollbackText = ({ rollback, target }: Batch): string[] => {
  if (rollback === null) return [];
  if (rollback.problem !== null) return [`not rolled back: ${rollback.problem}`];
  const commit = rollback.to_commit.slice(0, 10);
  const how = rollback.method === 'reset' ? `went back to ${commit}` : `has ${commit} on top, which takes it back`;
  return [`rolled back  ${target} ${how}`];
};

/** What takes the batch its time now. */
const stepText = ({ step, tasks, merged, set_aside }: Batch, left: readonly string[], now: string): string[] => {
  if (step === null) return [];
  const done = `${merged.length + set_aside.length + left.length} of ${tasks.length}`;
  const what = {
    wait: `${step.gate} waits for its turn among the checks of this machine`,
    gate: `${step.gate} runs`,
    deliver: 'the branch that was asked for is brought forward',
  }[step.kind];
  return [`now        ${done}${step.task === null ? '' : ` · ${step.task}`} · ${what} ${forText(step.since, now)}`];
};

/** What a gate has judged, and how that went; what lies under the merges it judges by its commit. */
const gateText = ({ gate, task, tasks, commit, ms, problem, flaky, coverage }: BatchCheck): string => {
  const outcome = problem ?? (flaky === undefined ? 'passed' : `flaky, passed when it was repeated; at first ${flaky}`);
  const covered = coverage === undefined ? '' : `, ${coverage} %`;
  return `gate       ${gate ?? 'check'}  ${(tasks ?? [task ?? commit.slice(0, 10)]).join(' ')}  ${formatDuration(ms)}${covered}: ${outcome}`;
};

const deliveryText = ({ delivery }: Batch, { stays }: BatchStanding): string[] => {
  if (delivery === null) return [];
  const { branch, state, problem } = delivery;
  if (state === 'refused' && stays === null && problem !== null)
    return [`not delivered  ${branch} stayed where it was; by now it has this batch`];
  if (state === 'refused') return [`not delivered  ${branch} stays where it is${stays === null ? '' : `: ${stays}`}`];
  return [`delivered  ${branch}: ${problem === null ? state : `${state}, ${problem}`}`];
};

const asideText = ({ task, sent_back, ...why }: Batch['set_aside'][number]): string => {
  const back = sent_back ? `; sent back to ${sent_back.to ?? 'whoever takes it'}` : '';
  return `set aside  ${task}  ${asideWhy(why)}${back}`;
};

export const showIntegration = defineCommand({
  verb: 'show',
  noun: 'integration',
  summary: 'What a batch merged, in order, and what it set aside and why',
  example: 'show integration batch-1',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'required',
  one: 'batch',
  params: z.object({ id: idsParam.optional(), scope: z.literal('last').optional().describe('last, the latest one') }),
  result: batchRowSchema,
  run: async (context, { id }) => {
    const { git, now } = context;
    const { state } = context.store;
    const batch = batchMeant(state, id);
    const tip = await git.resolve(`refs/heads/${batch.target}`);
    const left = leftOutOf(state, batch);
    const merged = batch.merged.map((one) => `merged     ${one.task}  ${one.branch}  ${one.commit.slice(0, 10)}`);
    const along = cameAlongIn(state, batch).map((task) => `along      ${task.id}  ${task.run?.branch ?? ''}`);
    const aside = [...batch.set_aside.map(asideText), ...left.map((task) => `left out   ${task}  ${GONE_ON}`)];
    const gates = batch.checks.map(gateText);
    const standing = await standingOf(context, batch);
    const back = [
      ...deliveryText(batch, standing),
      ...rollbackText(batch),
      ...standing.notes.map((note) => `still in    ${note}`),
    ];
    const lines = [
      `${batch.id} ${batch.state} on ${batch.target}`,
      ...(batch.problem === undefined ? [] : [`ended early  ${batch.problem}`]),
      ...stepText(batch, left, now()),
      ...merged,
      ...along,
      ...gates,
      ...aside,
      ...back,
      '',
      ...batchGraph(batch, batchNodes(state, batch), { isThere: tip === batch.head_commit }),
    ];
    return { message: lines.join('\n'), data: withWhy(batch, standing) };
  },
});
