import { z } from 'zod';
import type { Mistake } from '../items/item.ts';
import { readHeading } from './spec-entries.ts';
import type { SpecLine } from './spec-lines.ts';

/** Kiro's own order of a plan: what a wave names runs side by side, after all waves before it. */
export type TaskGraph = {
  /** 1-based: where its block begins. */
  readonly line: number;
  /** In their order; numbers of tasks and of their parents as they are written. */
  readonly waves: readonly (readonly string[])[];
};

const number = z.union([z.string(), z.number()]).transform((value) => String(value).trim());
const waveSchema = z.object({
  id: z.number().optional(),
  wave: z.number().optional(),
  tasks: z.array(number),
});
const graphSchema = z.object({ waves: z.array(waveSchema) });

type Block = { readonly line: number; readonly info: string; readonly text: string };

const FENCE = /^[ \t]*(?:`{3,}|~{3,})[ \t]*(?<info>[\w-]*)/u;

/** The first block of code below a heading that promises the graph, or any that looks like it. */
const findBlock = (lines: readonly SpecLine[]): Block | undefined => {
  let isPromised = false;
  for (let i = 0; i < lines.length; i += 1) {
    const heading = readHeading(lines[i]!);
    if (heading) isPromised = /dependency graph/iu.test(heading.title);
    if (lines[i]!.kind !== 'code') continue;
    const from = i;
    while (lines[i + 1]?.kind === 'code' && !(i > from && FENCE.test(lines[i]!.text))) i += 1;
    const text = lines
      .slice(from + 1, i)
      .map((line) => line.text)
      .join('\n');
    const info = FENCE.exec(lines[from]!.text)?.groups?.['info']?.toLowerCase() ?? '';
    if (isPromised || /^\s*\{\s*"waves"/u.test(text)) return { line: lines[from]!.line, info, text };
  }
  return undefined;
};

const FIX = 'Write it like {"waves":[{"id":0,"tasks":["1.1"]},{"id":1,"tasks":["1.2","2"]}]}, or take the block away.';

const mistake = (line: number, what: string): { mistake: Mistake } => ({
  mistake: { line, message: `the dependency graph cannot be read: ${what}`, fix: FIX },
});

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

type ReadGraph =
  | { readonly graph: TaskGraph }
  | { readonly mistake: Mistake }
  | { readonly note: string; readonly line: number };

/** The `Task Dependency Graph` of a plan; undefined when it has none. */
export const readGraph = (lines: readonly SpecLine[]): ReadGraph | undefined => {
  const block = findBlock(lines);
  if (!block) return undefined;
  const { line, info, text } = block;
  if (!/^\s*\{/u.test(text))
    return { line, note: `the dependency graph is drawn in ${info || 'text'} and not read: write it as JSON for that` };
  const value = parseJson(text);
  if (value instanceof Error) return mistake(line, `it is not JSON (${value.message})`);
  const { data, error } = graphSchema.safeParse(value);
  if (!data) return mistake(line, `${error.issues[0]!.path.join('.')}: ${error.issues[0]!.message}`);
  const order = (wave: z.infer<typeof waveSchema>, index: number): number => wave.id ?? wave.wave ?? index;
  const waves = data.waves
    .map((wave, index) => ({ at: order(wave, index), tasks: wave.tasks }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ tasks }) => tasks);
  return { graph: { line, waves } };
};
