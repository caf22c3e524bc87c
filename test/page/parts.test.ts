import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const importsIn = (file: string): readonly string[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /^(?:import|export) (?!type )[^;]*?from '(?<from>[^']+)'|import\('(?<later>[^']+)'\)/gmu,
    ),
  ].map(({ groups }) => groups?.['from'] ?? groups?.['later'] ?? '');

/** Every file that the page loads, and what each of them imports. */
const loadedFrom = (start: string): ReadonlyMap<string, readonly string[]> => {
  const loaded = new Map<string, readonly string[]>();
  const open = [start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (loaded.has(file) || !existsSync(file)) continue;
    const imports = file.endsWith('.css') ? [] : importsIn(file);
    loaded.set(file, imports);
    open.push(...imports.filter((one) => one.startsWith('.')).map((one) => join(dirname(file!), one)));
  }
  return loaded;
};

test('the page loads nothing that needs Node', () => {
  const loaded = loadedFrom('web/src/main.tsx');
  expect(loaded.size).toBeGreaterThan(100);
  for (const [file, imports] of loaded)
    for (const one of imports) expect(one, `${file} imports ${one}`).not.toMatch(/^node:|^ink$|^ws$|^execa$/u);
  const folders = new Set(
    [...loaded.keys()].filter((file) => file.startsWith('src/')).map((file) => file.split('/')[1]),
  );
  const pure = ['lib', 'state', 'protocol', 'tasks', 'attention', 'text', 'merge', 'logs', 'tui', 'web', 'ports'];
  expect(pure).toEqual(expect.arrayContaining([...folders]));
});

test('nothing on the page is HTML that somebody wrote, or comes from another host', () => {
  for (const file of globSync('web/**/*.{ts,tsx,css,html,webmanifest,svg}')) {
    const text = readFileSync(file, 'utf8').replaceAll('http://www.w3.org/2000/svg', '');
    expect(text, file).not.toMatch(/dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write/u);
    expect(text, file).not.toMatch(/https?:\/\//u);
  }
  const html = readFileSync('web/index.html', 'utf8');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/u);
});
