import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Documents that lead through the code. */
const DOCUMENTS = [...globSync('*.md'), ...globSync('docs/*.md'), 'bench/README.md'].filter(
  (file) => file !== 'CHANGELOG.md',
);

test.each(DOCUMENTS)('every file of the project that %s names is there', (document) => {
  const text = readFileSync(document, 'utf8');
  const named = [...text.matchAll(/`((?:src|test|bench|scripts|assets|docs)\/[\w./-]+\.\w+)`/gu)].map(
    (match) => match[1]!,
  );
  expect(named.filter((file) => !existsSync(file) && !file.includes('<'))).toEqual([]);
});

test('the walks through the code stay short: a newcomer has to pass all of these files', () => {
  const text = readFileSync('docs/architecture.md', 'utf8');
  const walk = (title: string): number => {
    const part = new RegExp(`### ${title}\\n(?<body>.*?)\\n##`, 'su').exec(text)!.groups!['body']!;
    const steps = part.slice(part.indexOf('\n1. '));
    return new Set([...steps.matchAll(/`((?:src|assets)\/[\w./-]+)`/gu)].map((match) => match[1])).size;
  };
  expect(walk('A typed line until tmux')).toBeLessThanOrEqual(25);
  expect(walk('A hook until the screen')).toBeLessThanOrEqual(12);
  expect(walk('A verified task until the merge')).toBeLessThanOrEqual(8);
});
