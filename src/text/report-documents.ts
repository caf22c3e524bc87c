import { formatDuration } from '../lib/duration.ts';
import { shownLine } from '../lib/text.ts';
import { batchGraph, type GraphWords } from './batch-graph.ts';
import type { IntegrationReport } from './integration-report.ts';
import { doneBy, plural } from './wording.ts';

type Section = {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What stands there instead of rows. */
  readonly none: string;
};

const short = (commit: string): string => commit.slice(0, 10);

/** How a gate ended, and how often it was repeated. */
const checkOutcome = ({ problem, retries = 0, flaky }: IntegrationReport['checks'][number]): string => {
  if (flaky !== undefined) return `flaky: passed when it was repeated; at first ${flaky}`;
  return `${problem ?? 'passed'}${retries > 0 ? `, repeated ${plural(retries, 'time')}` : ''}`;
};

const deliveryFact = ({ delivery }: IntegrationReport): string[] => {
  if (delivery === null) return [];
  const { branch, state, to_commit, problem } = delivery;
  if (state === 'delivered') return [`${branch} was brought forward to ${short(to_commit ?? '')}.`];
  return [problem === null ? `${branch} is to be brought forward.` : `${branch} stays where it is: ${problem}.`];
};

/** What a report says, before any format writes it: every text in it may come from an agent. */
const contentOf = (
  report: IntegrationReport,
): { title: string; facts: readonly string[]; sections: readonly Section[] } => {
  const { batch, target, merged, along, set_aside, checks, rollback } = report;
  const failed = checks.filter(({ problem }) => problem !== null);
  const back =
    rollback === null
      ? []
      : [
          rollback.problem === null
            ? `It was rolled back at ${rollback.started_at}.`
            : `It stands: ${rollback.problem}.`,
        ];
  return {
    title: `${batch} on ${target}`,
    facts: [
      `State: ${report.state}; begun ${report.started_at}, ended ${report.finished_at ?? 'not yet'}.`,
      `Branch: from ${short(report.base_commit)} to ${short(report.head_commit)}.`,
      `${plural(merged.length, 'branch')} merged, ${set_aside.length} set aside, ${plural(checks.length, 'check')} of which ${failed.length} failed.`,
      ...(along.length === 0
        ? []
        : [`Along with them came ${along.join(', ')}, which count${along.length === 1 ? 's' : ''} as merged.`]),
      `Time: ${formatDuration(report.wall_ms)} from the first run to the end, ${formatDuration(report.merge_ms)} of it merging; one after the other it would have been ${formatDuration(report.sequential_ms)}.`,
      ...(report.strategy === 'merge' ? [] : [`Method: ${report.strategy}.`]),
      ...(report.problem === undefined ? [] : [`It ended early: ${report.problem}.`]),
      ...(report.cancelled === null ? [] : [`It was cancelled by ${report.cancelled}.`]),
      ...deliveryFact(report),
      ...back,
    ],
    sections: [
      {
        title: 'Merged, in this order',
        head: ['task', 'title', 'by', 'branch', 'commit', 'changes', 'work', 'why here'],
        rows: merged.map((one) => [
          one.task,
          one.title,
          one.instance === null ? '-' : doneBy({ ...one, instance: one.instance }),
          one.branch,
          short(one.commit),
          `${plural(one.commits, 'commit')}, ${plural(one.files, 'file')}, +${one.insertions} −${one.deletions}${one.checked ? '' : ', unchecked'}`,
          formatDuration(one.work_ms),
          one.because,
        ]),
        none: 'Nothing was merged.',
      },
      {
        title: 'Checks',
        head: ['tasks', 'gate', 'command', 'took', 'coverage', 'outcome'],
        rows: checks.map((check) => [
          (check.tasks ?? [check.task]).join(', '),
          check.gate ?? 'check',
          check.command,
          formatDuration(check.ms),
          check.coverage === undefined ? '-' : `${check.coverage} %`,
          checkOutcome(check),
        ]),
        none: 'No check was configured.',
      },
      {
        title: 'Set aside',
        head: ['task', 'title', 'reason', 'message', 'files', 'what to do'],
        rows: set_aside.map((one) => [one.task, one.title, one.reason, one.message, one.files.join(', '), one.todo]),
        none: 'Nothing was set aside.',
      },
    ],
  };
};

const GRAPH_TITLE = 'Graph';

/** The lines of the graph; none where the batch came to nothing. */
const graphOf = (report: IntegrationReport, words: GraphWords): readonly string[] =>
  report.graph.length === 0 ? [] : batchGraph(report, report.graph, { words, isThere: report.state !== 'rolled-back' });

/** A block that is shown as it stands; no line of it can end it, because each begins with a sign of the graph. */
const markdownGraph = (report: IntegrationReport): readonly string[] => {
  const lines = graphOf(report, 'names');
  return lines.length === 0 ? [] : ['', `## ${GRAPH_TITLE}`, '', '~~~text', ...lines, '~~~'];
};

const escapedHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

const htmlGraph = (report: IntegrationReport): readonly string[] => {
  const lines = graphOf(report, 'all');
  return lines.length === 0 ? [] : [`<h2>${GRAPH_TITLE}</h2>`, `<pre>${lines.map(escapedHtml).join('\n')}</pre>`];
};

/**
 * One line of Markdown that says this text and nothing else: no markup in it, no HTML, no link, no mention. It never begins a
 * line, so what means something there alone stays readable as it is.
 */
const markdownText = (text: string): string =>
  shownLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#!|~@]|:(?=\/\/|[a-z_+-])/giu, String.raw`\$&`);

export const markdownReport = (report: IntegrationReport): string => {
  const { title, facts, sections } = contentOf(report);
  const row = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
  return [
    `# ${markdownText(title)}`,
    '',
    ...facts.map((fact) => `- ${markdownText(fact)}`),
    ...markdownGraph(report),
    ...sections.flatMap(({ title: name, head, rows, none }) => [
      '',
      `## ${markdownText(name)}`,
      '',
      ...(rows.length === 0 ? [none] : [row(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(row)]),
    ]),
    '',
  ].join('\n');
};

const htmlText = (text: string): string => escapedHtml(shownLine(text));

const STYLE =
  'body{font:15px/1.5 sans-serif;margin:2em;max-width:80em}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.3em .6em;text-align:left;vertical-align:top}';

/** A page that loads nothing and runs nothing. */
export const htmlReport = (report: IntegrationReport): string => {
  const { title, facts, sections } = contentOf(report);
  const row = (cells: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${htmlText(cell)}</${tag}>`).join('')}</tr>`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<title>${htmlText(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${htmlText(title)}</h1>`,
    `<ul>${facts.map((fact) => `<li>${htmlText(fact)}</li>`).join('')}</ul>`,
    ...htmlGraph(report),
    ...sections.flatMap(({ title: name, head, rows, none }) => [
      `<h2>${htmlText(name)}</h2>`,
      ...(rows.length === 0
        ? [`<p>${htmlText(none)}</p>`]
        : ['<table>', row(head, 'th'), ...rows.map((cells) => row(cells, 'td')), '</table>']),
    ]),
    '</body></html>',
    '',
  ].join('\n');
};
