import fc from 'fast-check';
import { expect, test } from 'vitest';
import { integrationReport } from '../../src/text/integration-report.ts';
import { htmlReport, markdownReport } from '../../src/text/report-documents.ts';
import { stateOf } from '../state/fold.ts';
import { story, taskCreated } from '../state/story.ts';

const reportOf = (title = 'One', message = 'x') => {
  const state = stateOf(
    taskCreated('1'),
    { type: 'task.edited', data: { id: '1', changes: { title } } },
    { type: 'batch.started', data: { id: 'batch-1', target: 'main', base_commit: 'c0', tasks: ['1', '2'] } },
    { type: 'batch.merged', data: { id: 'batch-1', task: '1', branch: 'feature/1', commit: 'c1' } },
    {
      type: 'batch.checked',
      data: { id: 'batch-1', task: '2', commit: 'c2', command: 'npm test', ms: 9, problem: message },
    },
    { type: 'batch.set_aside', data: { id: 'batch-1', task: '2', reason: 'gate', message, files: [title] } },
  );
  return integrationReport(state, state.batches['batch-1']!);
};

test('a batch that was rolled back, with tasks that are gone, is reported as far as it is known', () => {
  const state = stateOf(...story);
  const report = integrationReport(state, state.batches['batch-1']!);
  expect(report).toMatchObject({ state: 'rolled-back', set_aside: [{ task: '3', merged_in: null }] });
  expect(markdownReport(report)).toContain('It was rolled back at');
  expect(reportOf().finished_at).toBeNull();
  expect(markdownReport(reportOf())).toContain('ended not yet');
});

const nasty = fc
  .array(
    fc.constantFrom(
      '<script>',
      '</td>',
      '|',
      '\n# x',
      '[a](b)',
      '![',
      '`',
      '**',
      '&lt;',
      '"',
      "'",
      '\u001b[31m',
      '\\',
      'a',
      ' ',
    ),
  )
  .map((pieces) => pieces.join(''));

test('ordinary text stands in Markdown as a person writes it, and addresses and shortcodes are no markup', () => {
  const markdown = markdownReport(reportOf('Add a log-in: 2 + 2 at 05:23:45'));
  expect(markdown).toContain('# batch-1 on main');
  expect(markdown).toContain('| Add a log-in: 2 + 2 at 05:23:45 |');
  expect(markdownReport(reportOf('see https://x.org :smile: @ada'))).toContain(
    String.raw`https\://x.org \:smile: \@ada`,
  );
});

test('[GIT-8] text of agents is data in every format: it makes no tag, no markup, no row and no control sequence', () => {
  const tags = (html: string): string[] => html.match(/<[^>]*>/gu) ?? [];
  const plain = reportOf();
  fc.assert(
    fc.property(nasty, nasty, (title, message) => {
      const report = reportOf(title, message);
      const [html, markdown] = [htmlReport(report), markdownReport(report)];
      expect(tags(html)).toEqual(tags(htmlReport(plain)));
      expect(markdown.split('\n')).toHaveLength(markdownReport(plain).split('\n').length);
      const cells = (text: string) => text.split('\n').map((line) => line.replace(/\\./gu, '').split('|').length);
      expect(cells(markdown)).toEqual(cells(markdownReport(plain)));
      expect(markdown.replace(/\\./gu, '')).not.toMatch(/[<>`*]|\]\(/u);
      expect(`${html}${markdown}`).not.toContain('\u001b');
    }),
  );
});
