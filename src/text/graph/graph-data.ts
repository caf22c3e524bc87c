import { z } from 'zod';
import { TASK_STATES } from '../../state/tasks.ts';

export const GRAPH_FORMATS = ['text', 'dot', 'mermaid', 'svg'] as const;

/** What a task is in a drawing: its state, open ones apart by whether something is still to be done before them. */
const NODE_STATES = [...TASK_STATES.filter((state) => state !== 'open'), 'ready', 'waiting'] as const;
export type NodeState = (typeof NODE_STATES)[number];

/** What the command that draws a plan answers with. */
export const graphSchema = z.object({
  name: z.string().describe('The plans that are drawn, or all tasks'),
  tasks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      state: z.enum(NODE_STATES),
      wave: z.number().int().describe('From 1: with nothing before it'),
      critical: z.boolean().describe('On the longest chain of what is left'),
      needs: z.array(
        z.object({
          id: z.string().describe('What it waits for, done or not: a task, or a gate'),
          rule: z.string().nullable().describe('The rule that says so; null where a person did'),
        }),
      ),
    }),
  ),
  gates: z
    .record(z.string(), z.array(z.string()))
    .describe('The tasks that open each gate: who waits for it waits for all'),
  waves: z.array(z.array(z.string())).describe('Layer after layer'),
  critical_path: z.array(z.string()).describe('The longest chain of what is left'),
  edges: z.number().int().describe('How many dependencies there are; a gate has one for each of its tasks'),
  format: z.enum(GRAPH_FORMATS),
  document: z.string().nullable().describe('The drawing in the format; null for a terminal'),
  whole: z.boolean().describe('Nothing is folded'),
});
export type GraphData = z.infer<typeof graphSchema>;
export type GraphTask = GraphData['tasks'][number];

/** How each state is shown: never by its colour alone. */
export const NODE_MARKS: Readonly<
  Record<NodeState, { glyph: string; fill: string; tone?: 'good' | 'busy' | 'bad' | 'dim' }>
> = {
  done: { glyph: '✔', fill: '#d3f0d3', tone: 'good' },
  running: { glyph: '●', fill: '#cfe8ff', tone: 'busy' },
  verifying: { glyph: '◑', fill: '#cfe8ff', tone: 'busy' },
  assigned: { glyph: '◔', fill: '#cfe8ff', tone: 'busy' },
  ready: { glyph: '◇', fill: '#ffffff' },
  waiting: { glyph: '…', fill: '#eeeeee', tone: 'dim' },
  failed: { glyph: '✖', fill: '#ffd0d0', tone: 'bad' },
  blocked: { glyph: '‖', fill: '#ffe4b8', tone: 'bad' },
  cancelled: { glyph: '⊘', fill: '#f5f5f5', tone: 'dim' },
};

export const CRITICAL_MARK = '★';

/** The rule of an edge in words; a person gives none. */
export const ruleText = (rule: string | null): string => rule ?? 'by hand';
