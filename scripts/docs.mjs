// Writes what is generated in the documents: the schemas, and the parts of docs/*.md between <!-- drover:NAME --> and
// <!-- /drover:NAME -->. With --check it writes nothing and fails when something differs or is not documented.
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { registry } from '../src/commands/index.ts';
import { blocks, undocumented } from './docs-blocks.mjs';
import { schemaFiles } from './docs-schemas.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const made = blocks(registry);

const BLOCK = /(?<begin><!-- drover:(?<name>[a-z-]+) -->\n).*?(?<end><!-- \/drover:\k<name> -->)/gsu;

const filled = (text, file) =>
  text.replace(BLOCK, (_all, begin, name, end) => {
    if (!Object.hasOwn(made, name)) throw new Error(`${file}: nothing is generated under the name "${name}"`);
    return `${begin}\n${made[name].join('\n').trim()}\n\n${end}`;
  });

const read = (file) => {
  try {
    return readFileSync(`${root}${file}`, 'utf8');
  } catch {
    return undefined;
  }
};

/** Every file that is written, with what has to be in it. */
export const wanted = () => {
  const documents = ['README.md', ...globSync('docs/*.md', { cwd: root }).toSorted()];
  const schemas = schemaFiles(registry.commands);
  return new Map([
    ...documents.map((file) => [file, filled(read(file), file)]),
    ...Object.entries(schemas).map(([name, schema]) => [
      `docs/schemas/${name}`,
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  ]);
};

/** What is wrong with the documents as they stand. */
export const faults = () => {
  const files = wanted();
  const stale = [...files]
    .filter(([file, text]) => read(file) !== text)
    .map(([file]) => `${file} is not up to date: npm run docs`);
  const left = globSync('docs/schemas/*', { cwd: root }).filter((file) => !files.has(file));
  const texts = [...files].filter(([file]) => file.endsWith('.md')).map(([, text]) => text);
  return [
    ...stale,
    ...left.map((file) => `${file} is not generated any more: npm run docs`),
    ...undocumented(registry, texts),
  ];
};

const write = () => {
  const files = wanted();
  mkdirSync(`${root}docs/schemas`, { recursive: true });
  for (const file of globSync('docs/schemas/*', { cwd: root })) if (!files.has(file)) rmSync(`${root}${file}`);
  for (const [file, text] of files) if (read(file) !== text) writeFileSync(`${root}${file}`, text);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--check')) write();
  const found = faults();
  for (const fault of found) console.error(`docs: ${fault}`);
  process.exitCode = found.length > 0 ? 1 : 0;
}
