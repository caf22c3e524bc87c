import { z } from 'zod';
import type { Draft, State } from '../state/index.ts';
import { POLICIES } from '../state/specs.ts';
import type { TaskPlan } from '../state/tasks.ts';
import { waves } from '../tasks/graph.ts';
import { planFromSpec } from '../tasks/import-spec.ts';
import { type Context, defineCommand } from './define.ts';
import { unreadable } from './errors.ts';
import { plural } from './launching.ts';
import { idsParam } from './selection.ts';

const params = z.object({
  id: idsParam.describe('A spec folder with tasks.md, or a tasks.md'),
  policy: z.enum(POLICIES).optional().describe('What depends on what when the plan does not say'),
  barrier: z
    .union([z.boolean(), z.stringbool()])
    .optional()
    .describe('Tasks for “All requirements” wait for all others'),
});

const placeOf = (context: Context, path: string) => {
  const absolute = path.startsWith('/') ? path : `${context.cwd}/${path}`;
  const parts: string[] = [];
  for (const part of absolute.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const full = `/${parts.join('/')}`;
  return full.endsWith('.md')
    ? { file: full, folder: full.replace(/\/[^/]*$/u, '') }
    : { file: `${full}/tasks.md`, folder: full };
};

const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** New tasks are created, changed ones edited; what already happened to a task is kept, and nothing is doubled. */
const factsOf = (state: State, plans: readonly TaskPlan[], done: ReadonlySet<string>): Draft[] =>
  plans.flatMap((plan): Draft[] => {
    const known = state.tasks[plan.id];
    if (!known) return [{ type: 'task.created', data: { task: plan, done: done.has(plan.id) } }];
    const { id, priority: _p, check: _c, estimated_duration: _e, ...rest } = plan;
    const changes = Object.fromEntries(
      Object.entries(rest).filter(([key, value]) => !sameText(known[key as keyof typeof known], value)),
    );
    return Object.keys(changes).length === 0 ? [] : [{ type: 'task.edited', data: { id, changes } }];
  });

export const importSpec = defineCommand({
  verb: 'import',
  noun: 'spec',
  summary: 'Read a Kiro spec (tasks.md with requirements.md beside it) into the plan; again to take over changes',
  example: 'import spec .kiro/specs/demo',
  role: 'operator',
  modifiers: ['dry-run'],
  target: 'required',
  reads: false,
  params,
  run: async (context, { id: [path], policy: said, barrier: saidBarrier }, modifiers) => {
    const { file, folder } = placeOf(context, path!);
    const tasksText = await context.readFile(file);
    if (tasksText === null) throw unreadable({ path: file, what: 'no such file, or not text' });
    const requirementsText = await context.readFile(`${folder}/requirements.md`);
    const name = folder.split('/').at(-1) ?? 'spec';
    const policy = said ?? context.settings.plan.policy;
    // A policy that is named is meant as it is; the configured one brings its barrier along.
    const barrier = saidBarrier ?? (said === undefined && context.settings.plan.barrier);
    const clash = Object.values(context.store.state.tasks).some((task) => task.spec !== null && task.spec !== name);
    const known = context.store.state.specs[name];
    const prefixed = known ? known.tasks.some((one) => one.startsWith(`${name}-`)) : clash;
    const plan = planFromSpec({
      name,
      file,
      tasksText,
      ...(requirementsText === null ? {} : { requirementsText }),
      policy,
      barrier,
      ...(prefixed ? { prefix: `${name}-` } : {}),
    });
    const done = new Set(plan.done);
    const tracked_path = file.startsWith(`${context.paths.root}/`) ? file.slice(context.paths.root.length + 1) : null;
    const spec = { name, source: file, tracked_path, policy, barrier, tasks: plan.plans.map((task) => task.id) };
    const open = plan.plans.filter((task) => !done.has(task.id));
    const graph = new Map(plan.plans.map((task) => [task.id, task.dependencies]));
    const sizes = waves(graph, done).map((wave) => wave.length);
    const summary = {
      spec: name,
      tasks: plan.plans.length,
      done: done.size,
      open: open.length,
      edges: plan.edges,
      waves: sizes,
      policy,
      barrier,
      warnings: plan.warnings,
    };
    const facts = modifiers.includes('dry-run')
      ? []
      : await context.decide((state) => {
          const changed = factsOf(state, plan.plans, done);
          const { imported_at: _at, ...before } = state.specs[name] ?? { imported_at: '' };
          return changed.length === 0 && sameText(before, spec)
            ? []
            : [{ type: 'spec.imported', data: { spec } }, ...changed];
        });
    const created = facts.filter((fact) => fact.type === 'task.created').length;
    const edited = facts.filter((fact) => fact.type === 'task.edited').length;
    const where = tracked_path === null ? ' It lies outside of the repository, so its boxes are not ticked.' : '';
    const warned =
      plan.warnings.length > 0
        ? ` ${plural(plan.warnings.length, 'warning')}: ${plan.warnings
            .map((one) => `line ${one.line}: ${one.message}`)
            .slice(0, 3)
            .join('; ')}.`
        : '';
    return {
      message: `${name}: ${plural(plan.plans.length, 'task')}, ${done.size} done, ${open.length} open, ${plural(plan.edges, 'dependency').replace('dependencys', 'dependencies')} (${policy}${barrier ? ' with barrier' : ''}), waves ${sizes.join('/') || 'none'}; ${created} new, ${edited} changed.${where}${warned}`,
      data: { ...summary, created, edited },
    };
  },
});
