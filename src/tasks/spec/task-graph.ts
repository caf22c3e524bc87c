import { z } from 'zod';
import { type JsonFault, jsonFault } from '../../lib/json-fault.ts';
import { tooDeepAt } from '../../lib/nesting.ts';
import { issueText } from '../../state/issue-text.ts';
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

type Found = {
  /** Blocks of code below a heading that promises the graph, and any that look like it. */
  readonly blocks: readonly Block[];
  /** Headings that promise a graph and have no block below them, and whether there is anything else. */
  readonly bare: readonly { readonly line: number; readonly isEmpty: boolean }[];
};

/** The last line of the block of code that begins here. */
const endOfCode = (lines: readonly SpecLine[], from: number): number => {
  let to = from;
  while (lines[to + 1]?.kind === 'code' && !(to > from && FENCE.test(lines[to]!.text))) to += 1;
  return to;
};

const blockIn = (lines: readonly SpecLine[], from: number, to: number): Block => ({
  line: lines[from]!.line,
  info: FENCE.exec(lines[from]!.text)?.groups?.['info']?.toLowerCase() ?? '',
  text: lines
    .slice(from + 1, to)
    .map((line) => line.text)
    .join('\n'),
});

/** A section whose heading promises the graph. */
type Promised = { readonly line: number; isEmpty: boolean; isKept: boolean };

/** The promise under which a line stands: a heading ends the one before, and may make its own. */
const promiseAt = (line: SpecLine, before: Promised | undefined): Promised | undefined => {
  const heading = readHeading(line);
  if (heading)
    return /dependency graph/iu.test(heading.title) ? { line: line.line, isEmpty: true, isKept: false } : undefined;
  if (before && line.text.trim() !== '') before.isEmpty = false;
  return before;
};

const findBlocks = (lines: readonly SpecLine[]): Found => {
  const blocks: Block[] = [];
  const promises = new Set<Promised>();
  let promise: Promised | undefined;
  for (let i = 0; i < lines.length; i += 1) {
    promise = promiseAt(lines[i]!, promise);
    if (promise) promises.add(promise);
    if (lines[i]!.kind !== 'code') continue;
    const from = i;
    i = endOfCode(lines, from);
    const block = blockIn(lines, from, i);
    if (promise) promise.isKept = true;
    if (promise || /^\s*\{\s*"waves"/u.test(block.text)) blocks.push(block);
  }
  return { blocks, bare: [...promises].filter(({ isKept }) => !isKept) };
};

const FIX = 'Write it like {"waves":[{"id":0,"tasks":["1.1"]},{"id":1,"tasks":["1.2","2"]}]}, or take the block away.';

const mistake = (line: number, what: string): Mistake => ({
  line,
  message: `the dependency graph cannot be read: ${what}`,
  fix: FIX,
});

/** A graph is a list in an object, of lists in objects. */
const DEEPEST = 200;

/** What a graph says, or why it is no JSON and in which of its lines. */
const parseJson = (text: string): { readonly value: unknown } | JsonFault => {
  try {
    if (tooDeepAt(text, DEEPEST) === undefined) return { value: JSON.parse(text) };
  } catch {
    // What is wrong is told below, in words of ours and with its place.
  }
  return jsonFault(text);
};

type Note = { readonly line: number; readonly note: string };

type ReadGraph = {
  readonly graph: TaskGraph | null;
  /** What a graph drawn in Mermaid says: each task with those that it waits for. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly mistakes: readonly Mistake[];
  readonly notes: readonly Note[];
};

const NOTHING: ReadGraph = { graph: null, needs: new Map(), mistakes: [], notes: [] };

const HEADER = /^(?:graph|flowchart)(?:[ \t]+\w+)?;?$/u;
const ARROW = /[ \t]*-->[ \t]*/u;

/** The dependencies of a drawing that has nothing but a head, remarks and lines `1.1 --> 1.2` over tasks of the plan. */
const readMermaid = (text: string, known: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> | undefined => {
  const needs = new Map<string, string[]>();
  const lines = text.split('\n').map((line) => line.trim());
  for (const line of lines.filter((one) => one !== '' && !one.startsWith('%%') && !HEADER.test(one))) {
    const chain = line.replace(/;$/u, '').split(ARROW);
    if (chain.length < 2 || chain.some((number) => !known.has(number))) return undefined;
    for (const [at, number] of chain.entries())
      needs.set(number, [...(needs.get(number) ?? []), ...(at > 0 ? [chain[at - 1]!] : [])]);
  }
  return needs.size === 0 ? undefined : needs;
};

const readJson = ({ line, text }: Block): ReadGraph => {
  const read = parseJson(text);
  const failed = (what: string, at = line): ReadGraph => ({ ...NOTHING, mistakes: [mistake(at, what)] });
  if (!('value' in read)) return failed(`it is not JSON, ${read.what}`, line + read.line);
  const { data, error } = graphSchema.safeParse(read.value);
  if (!data) {
    const [issue] = error.issues;
    return failed(`${issue!.path.join('.')}: ${issueText(issue!)}`);
  }
  const order = (wave: z.infer<typeof waveSchema>, index: number): number => wave.id ?? wave.wave ?? index;
  const waves = data.waves
    .map((wave, index) => ({ at: order(wave, index), tasks: wave.tasks }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ tasks }) => tasks);
  return { ...NOTHING, graph: { line, waves } };
};

const isJson = ({ text }: Block): boolean => /^\s*\{/u.test(text);

const readBlock = (block: Block, known: ReadonlySet<string>): ReadGraph => {
  if (isJson(block)) return readJson(block);
  const { line, info, text } = block;
  const unread = (note: string): ReadGraph => ({ ...NOTHING, notes: [{ line, note }] });
  if (text.trim() === '') return unread('the dependency graph is empty');
  if (info !== 'mermaid')
    return unread(`the dependency graph is drawn in ${info || 'text'} and not read: write it as JSON for that`);
  const needs = readMermaid(text, known);
  return needs
    ? { ...NOTHING, needs }
    : unread(
        'the dependency graph is drawn in mermaid and not read: that takes lines like 1.1 --> 1.2 over tasks of the plan',
      );
};

/** The `Task Dependency Graph` of a plan: one counts, JSON before a drawing; what is not read is said. */
export const readGraph = (lines: readonly SpecLine[], known: ReadonlySet<string>): ReadGraph => {
  const { blocks, bare } = findBlocks(lines);
  const block = blocks.find(isJson) ?? blocks[0];
  const read = block ? readBlock(block, known) : NOTHING;
  const others = blocks.filter((one) => one !== block);
  return {
    ...read,
    notes: [
      ...read.notes,
      ...others.map(({ line }) => ({ line, note: 'there is a second dependency graph, which is not read' })),
      ...bare.map(({ line, isEmpty }) => ({
        line,
        note: isEmpty
          ? 'the section of the dependency graph is empty'
          : 'the dependency graph is written in words and not read: write it as JSON for that',
      })),
    ],
  };
};
