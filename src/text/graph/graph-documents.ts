import { shownLine } from '../../lib/text.ts';
import { type Bundle, bundlesOf, isKnot } from './bundles.ts';
import { CRITICAL_MARK, type GraphData, type GraphTask, NODE_MARKS, ruleText } from './graph-data.ts';

/** How a format writes nodes and edges. Names are made here and not taken from the plan; labels are quoted by the format. */
type Language = {
  readonly knot: (name: string) => string;
  readonly edge: (edge: { from: string; to: string; label: string | null; critical: boolean }) => string;
};

const namesOf = ({ tasks }: GraphData): ReadonlyMap<string, string> =>
  new Map(tasks.map(({ id }, at) => [id, `t${at + 1}`]));

const labelOf = ({ id, title, state, critical }: GraphTask): string =>
  shownLine(`${critical ? `${CRITICAL_MARK} ` : ''}${NODE_MARKS[state].glyph} ${id} ${title}`);

/** Pairs of neighbours on the longest chain. */
const chainOf = ({ critical_path: path }: GraphData): ReadonlySet<string> =>
  new Set(path.slice(1).map((id, at) => JSON.stringify([path[at], id])));

/** The edges, those that many tasks have in common by way of a point in which they meet. */
const linesOf = (data: GraphData, { knot, edge }: Language): string[] => {
  const names = namesOf(data);
  const chain = chainOf(data);
  const name = (id: string): string => names.get(id)!;
  const drawKnot = ({ from, to, rule }: Bundle, at: number): string[] => [
    knot(`k${at}`),
    ...from.map((id) => edge({ from: name(id), to: `k${at}`, label: null, critical: false })),
    ...to.map((id) => edge({ from: `k${at}`, to: name(id), label: ruleText(rule), critical: false })),
  ];
  const drawPairs = ({ from, to, rule }: Bundle): string[] =>
    from.flatMap((before) =>
      to.map((after) =>
        edge({
          from: name(before),
          to: name(after),
          label: ruleText(rule),
          critical: chain.has(JSON.stringify([before, after])),
        }),
      ),
    );
  return bundlesOf(data).flatMap((bundle, at) => (isKnot(bundle) ? drawKnot(bundle, at + 1) : drawPairs(bundle)));
};

/** A string of DOT: a backslash begins an escape there, and an ampersand an entity. */
const dotString = (text: string): string =>
  `"${shownLine(text).replaceAll('&', '&amp;').replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)}"`;

/** The graph for Graphviz. */
export const dotOf = (data: GraphData): string => {
  const names = namesOf(data);
  return [
    'digraph plan {',
    '  rankdir=LR;',
    '  node [shape=box, style="rounded,filled", fontname="sans-serif"];',
    '  edge [fontname="sans-serif", fontsize=9];',
    `  label=${dotString(data.name)};`,
    ...data.tasks.map(
      (task) =>
        `  ${names.get(task.id)} [label=${dotString(labelOf(task))}, fillcolor="${NODE_MARKS[task.state].fill}"${task.critical ? ', penwidth=3' : ''}];`,
    ),
    ...data.waves.map((wave) => `  { rank=same; ${wave.map((id) => `${names.get(id)};`).join(' ')} }`),
    ...linesOf(data, {
      knot: (name) => `  ${name} [shape=point];`,
      edge: ({ from, to, label, critical }) => {
        const attributes = [
          ...(label === null ? [] : [`label=${dotString(label)}`]),
          ...(critical ? ['penwidth=3'] : []),
        ];
        return `  ${from} -> ${to}${attributes.length > 0 ? ` [${attributes.join(', ')}]` : ''};`;
      },
    }),
    '}',
  ].join('\n');
};

/** A string of Mermaid: whatever is no letter, number or plain sign is written by its number, for anything may mean something. */
const mermaidString = (text: string): string =>
  `"${shownLine(text)
    .toWellFormed()
    .replace(/[^\p{L}\p{N} .,_★✔●◑◔◇…✖‖⊘]/gu, (sign) => `#${sign.codePointAt(0)};`)}"`;

/** The graph for Mermaid, as Markdown files of many places show it. */
export const mermaidOf = (data: GraphData): string => {
  const names = namesOf(data);
  const byState = [...Map.groupBy(data.tasks, ({ state }) => state)];
  const thick: string[] = [];
  let count = 0;
  const lines = linesOf(data, {
    knot: (name) => `  ${name}(( ))`,
    edge: ({ from, to, label, critical }) => {
      if (critical) thick.push(String(count));
      count += 1;
      return `  ${from} -->${label === null ? '' : `|${mermaidString(label)}|`} ${to}`;
    },
  });
  return [
    'flowchart LR',
    ...data.tasks.map((task) => `  ${names.get(task.id)}[${mermaidString(labelOf(task))}]`),
    ...lines,
    ...byState.map(([state]) => `  classDef ${state} fill:${NODE_MARKS[state].fill},stroke:#555,color:#111`),
    ...byState.map(([state, tasks]) => `  class ${tasks.map(({ id }) => names.get(id)).join(',')} ${state}`),
    ...(thick.length > 0 ? [`  linkStyle ${thick.join(',')} stroke-width:4px`] : []),
  ].join('\n');
};
