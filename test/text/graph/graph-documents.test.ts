import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GraphData } from '../../../src/text/graph/graph-data.ts';
import { dotOf, mermaidOf } from '../../../src/text/graph/graph-documents.ts';
import { svgOf } from '../../../src/text/graph/graph-svg.ts';

/** Two tasks of which the second waits for the first. */
const graphOf = (id: string, title: string, name = 'demo'): GraphData => ({
  name,
  tasks: [
    { id, title, state: 'done', wave: 1, critical: true, needs: [] },
    { id: 'z', title: 'after it', state: 'ready', wave: 2, critical: true, needs: [{ id, rule: 'group' }] },
  ],
  gates: {},
  waves: [[id], ['z']],
  critical_path: [id, 'z'],
  edges: 1,
  format: 'dot',
  document: null,
  whole: true,
});

/** Mostly the signs that mean something to one of the three formats, and what no document may hold. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...[
        '"',
        '\\',
        "'",
        '<',
        '>',
        '&',
        ';',
        '#',
        ']',
        '}',
        '|',
        '`',
        '\n',
        '\r',
        '\u2028',
        '\0',
        '\u001B[31m',
        '\uD800',
        '\uFFFE',
      ],
      ...[
        'a',
        ' ',
        'ß',
        '界',
        '-->',
        '%%{init:',
        'end',
        '</title>',
        ']]>',
        '<script>',
        'click t1',
        '\\N',
        '&lt;',
        '//',
      ],
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

/** What a document is without the texts that it quotes: nothing of a title may be seen here. */
const DOT_STRING = /"(?:[^"\\\n]|\\.)*"/gu;
const MERMAID_STRING = /"(?:[\p{L}\p{N} .,_★✔●◑◔◇…✖‖⊘]|#\d+;)*"/gu;
const plain = graphOf('a', 'plain');

describe.each([
  ['DOT', dotOf, DOT_STRING],
  ['Mermaid', mermaidOf, MERMAID_STRING],
] as const)('%s', (_name, documentOf, string) => {
  const skeleton = (data: GraphData): string => documentOf(data).replace(string, '""');

  test('[TSK-10] no title, id or name of a plan gets out of its quotes', () => {
    expect(skeleton(plain)).not.toContain('plain');
    fc.assert(
      fc.property(hostile, hostile, (title, name) => {
        expect(skeleton(graphOf(`a${title}`, title, name))).toBe(skeleton(plain));
      }),
      { numRuns: 500 },
    );
  });
});

/** Reads a document as an XML parser would have to: every sign is part of a tag, an entity or plain text. */
const TAG = /<(?:\/?(?:svg|rect|text|path|title|circle|g)(?: [\w:-]+="[^"<>&]*")*\/?)>/gu;

test('[TSK-10] an SVG of any title is whole, holds no script, no link and nothing that no XML may hold', () => {
  const tags = (data: GraphData): readonly string[] =>
    (svgOf(data).match(TAG) ?? []).map((tag) => tag.replace(/\s(?:x|y|d|width|height|viewBox)="[^"]*"/gu, ''));
  const expected = tags(plain);
  fc.assert(
    fc.property(hostile, hostile, (title, name) => {
      const data = graphOf(`a${title}`, title, name);
      const text = svgOf(data);
      expect(tags(data)).toEqual(expected);
      expect(text.replace(TAG, '').replace(/&(?:amp|lt|gt|quot|#39);/gu, '')).not.toMatch(/[<>&\0\u001B\uFFFE\p{Cs}]/u);
      expect(text).not.toMatch(/href|url\(|<script|<style|<image|<foreignObject/iu);
    }),
    { numRuns: 500 },
  );
});

test('[TSK-10] what a wave has in common meets in one point, and each edge has its rule', () => {
  const ids = ['1', '2', '3', '4', '5', '6'];
  const data: GraphData = {
    ...plain,
    tasks: ids.map((id, at) => ({
      id,
      title: `Title ${id}`,
      state: 'waiting',
      wave: at < 3 ? 1 : 2,
      critical: false,
      needs: at < 3 ? [] : ['1', '2', '3'].map((need) => ({ id: need, rule: 'graph' })),
    })),
    waves: [ids.slice(0, 3), ids.slice(3)],
    critical_path: [],
  };
  expect(dotOf(data).match(/->/gu)).toHaveLength(6);
  expect(mermaidOf(data).match(/-->/gu)).toHaveLength(6);
  expect(mermaidOf(data)).toContain('k1 -->|"graph"| t4');
  expect(svgOf(data).match(/<path/gu)).toHaveLength(6);
  expect(svgOf(data)).toContain('3 wait for 3: graph');
});
