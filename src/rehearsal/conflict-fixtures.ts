/** A package whose version is of the branch, with these dependencies. */
const manifest = (dependencies: Readonly<Record<string, string>>): string =>
  `${JSON.stringify({ name: 'shop', version: '1.0.0', dependencies }, null, 2)}\n`;

const lock = (dependencies: Readonly<Record<string, string>>): string => {
  const packages = Object.fromEntries(
    Object.entries(dependencies).map(([name, version]) => [`node_modules/${name}`, { version, license: 'MIT' }]),
  );
  return `${JSON.stringify({ name: 'shop', lockfileVersion: 3, packages: { '': { dependencies }, ...packages } }, null, 2)}\n`;
};

const COUNT =
  'function count(items) {\n  let total = 0;\n  for (const item of items) total += item.price;\n  return total;\n}\n';

type Sides = { readonly base: string; readonly first: string; readonly second: string };

/** Files in which two branches conflict, line by line, and what each branch makes of them. */
export const CONFLICT_FIXTURES: Readonly<Record<string, Sides>> = {
  'package-lock.json': {
    base: lock({ base: '1.0.0' }),
    first: lock({ base: '1.0.0', left: '1.2.0' }),
    second: lock({ base: '1.0.0', right: '3.1.0' }),
  },
  'package.json': {
    base: manifest({ base: '1.0.0' }),
    first: manifest({ base: '1.0.0', left: '1.2.0' }),
    second: manifest({ base: '1.0.0', right: '3.1.0' }),
  },
  'src/count.js': {
    base: COUNT,
    first: COUNT.replaceAll('\n  ', '\n\t'),
    second: COUNT.replace('item.price', 'item.price * item.number'),
  },
  'CHANGELOG.md': {
    base: '# Changelog\n\n## Unreleased\n\n- The shop opens\n',
    first: '# Changelog\n\n## Unreleased\n\n- The shop opens\n- Items are counted\n',
    second: '# Changelog\n\n## Unreleased\n\n- The shop opens\n- Prices have numbers\n',
  },
  'image.bin': { base: '\0base', first: '\0first', second: '\0second' },
  'src/app.txt': {
    base: 'title\ngreeting: hello\nend\n',
    first: 'title\ngreeting: good morning\nend\n',
    second: 'title\ngreeting: good evening\nend\n',
  },
};
