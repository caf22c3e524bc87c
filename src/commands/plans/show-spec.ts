import { z } from 'zod';
import { shown } from '../../lib/text.ts';
import { specSchema } from '../../state/specs.ts';
import { tasksOf } from '../../tasks/select.ts';
import { numberIn, outlineOf } from '../../tasks/spec/outline.ts';
import { agoText, timeIn } from '../../text/since-text.ts';
import { taskWord } from '../../text/task-rows.ts';
import { plainSuggestion, suggestionsSchema, withSuggestions } from '../../text/suggestions.ts';
import type { Drawing } from '../../text/table.ts';
import { defineCommand } from '../define.ts';
import { idsParam, lookUp, requireOne } from '../selection.ts';
import { fileStateOf } from './import-spec.ts';
import { progressRow, progressSchema, progressText } from './spec-progress.ts';

const shownSchema = specSchema.extend({
  progress: progressSchema,
  file_state: z
    .object({
      kind: z.enum(['same', 'changed', 'unreadable', 'missing']),
      text: z.string().describe('What is different, in words'),
      suggestion: z.string().nullable().describe('The command that takes it over, or helps'),
    })
    .describe('How its file is now'),
  suggestions: suggestionsSchema,
  groups: z.array(
    z.object({
      number: z.string(),
      title: z.string(),
      tasks: z.array(
        z.object({ id: z.string(), title: z.string(), number: z.string().describe('In its file'), word: z.string() }),
      ),
    }),
  ),
});
type Shown = z.infer<typeof shownSchema>;

const fileText = ({ kind, text }: Shown['file_state']): readonly string[] =>
  kind === 'same' ? [] : [`changed:   ${text}`];

/** A task of the outline; one that was renumbered with its plan is told by its id still. */
const taskLine = ({ id, number, title, word }: Shown['groups'][number]['tasks'][number]): string =>
  `  ${id}${id.endsWith(number) ? '' : ` (${number} in the file)`} ${title}: ${word}`;

const drawn = ({ groups, progress, file_state, suggestions, ...spec }: Shown, view: Drawing): string => {
  const text = shown(
    [
      `${spec.name}: ${progressText(progress)}`,
      `file:      ${spec.source}`,
      `policy:    ${spec.policy}${spec.barrier ? ' with barrier' : ''}`,
      `boxes:     ${spec.tracked_path === null ? 'not ticked, the file lies outside of the repository' : 'ticked on the integration branch'}`,
      `imported:  ${agoText(spec.imported_at, timeIn(view))}`,
      ...fileText(file_state),
      ...groups.flatMap(({ number, title, tasks }) => ['', `${number} ${title}`, ...tasks.map(taskLine)]),
    ].join('\n'),
  );
  return withSuggestions(text, suggestions, view);
};

export const showSpec = defineCommand({
  verb: 'show',
  noun: 'spec',
  summary: 'Show an imported plan with its tasks and how far it is',
  example: 'show spec demo',
  role: 'viewer',
  modifiers: [],
  target: 'required',
  one: 'spec',
  reads: true,
  params: z.object({ id: idsParam.describe('Which plan') }),
  result: shownSchema,
  run: async (context, { id }) => {
    const { state } = context.store;
    const spec = lookUp(state.specs, requireOne(id, 'spec'), 'spec');
    const progress = progressRow(context, tasksOf(spec, state.tasks));
    const groups = outlineOf(spec, state.tasks).map(({ number, title, tasks }) => ({
      number,
      title,
      tasks: tasks.map((task) => ({
        id: task.id,
        title: task.title,
        number: numberIn(task),
        word: taskWord(task, state),
      })),
    }));
    const file_state = await fileStateOf(context, spec);
    const differs = file_state.kind === 'same' ? '' : ` Since it was read: ${file_state.text}.`;
    return {
      message: `${spec.name}: ${progressText(progress)}.${differs}`,
      data: {
        ...spec,
        progress,
        file_state,
        groups,
        suggestions: file_state.suggestion === null ? [] : [plainSuggestion(file_state.suggestion)],
      },
    };
  },
  draw: drawn,
});
