import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { expect, test } from 'vitest';
import { panels } from '../../../src/tui/panels/index.ts';

const folder = new URL('../../../src/tui/panels/', import.meta.url);

test('every panel of the folder is drawn, each under the name of its file', async () => {
  const files = readdirSync(folder).filter((file) => !['index.ts', 'panel.ts'].includes(file));
  const found = await Promise.all(
    files.map(async (file) => {
      const exported: Record<string, unknown> = await import(new URL(file, folder).href);
      return panels.filter((panel) => Object.values(exported).includes(panel)).map(({ id }) => id);
    }),
  );
  expect(found).toEqual(files.map((file) => [parse(file).name]));
  expect(panels).toHaveLength(files.length);
});
