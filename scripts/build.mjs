// Bundles src and the libraries it uses into dist, from scratch, so that no file of an older build stays behind.
// A program that loads twenty files instead of a thousand starts in half the time.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
// What is started by its path: everything else ends up in chunks, two folders below the package as src/*/* is.
const PROGRAMS = ['cli/run', 'process/broker-main', 'cli/share/relay-main', 'rehearsal/main'];
// What benchmarks talk to the built daemon with: the sources would start that of the sources.
const CLIENT = ['client/locate', 'client/start', 'client/replica'];
// Native code, and development tools that Ink asks for only where DEV is set.
const NOT_BUNDLED = ['@lydell/node-pty', 'koffi', 'react-devtools-core'];

/**
 * string-width makes a segmenter and a pattern of all emoji as soon as it is loaded, which takes as long as all of Node to
 * start; plain text needs neither. Here both are made when they are first used.
 */
const lateWidths = {
  name: 'late-widths',
  transform: (code, id) => {
    if (id !== `${root}node_modules/string-width/index.js`) return undefined;
    let found = 0;
    const late = code.replace(/^const (?<name>segmenter|emojiPrefixRegex) = (?<made>.*);$/gmu, (_line, name, made) => {
      found += 1;
      return `let ${name}Made; const ${name}Of = () => (${name}Made ??= ${made});`;
    });
    if (found !== 2) throw new Error('string-width is another one than the build knows: see scripts/build.mjs');
    return late.replaceAll(/\b(?<name>segmenter|emojiPrefixRegex)\./gu, '$<name>Of().');
  },
};

/** Bundles some programs; what two of them share is loaded from files that both have. */
const bundled = async (names, more = {}) => {
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
    external: NOT_BUNDLED,
    plugins: [lateWidths],
    // jsonc-parser's other build asks for its parts by paths that nobody can follow.
    resolve: { mainFields: ['module', 'main'] },
    // React's other build is for those who look for mistakes in components, and takes twice the time.
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  });
  await bundle.write({ dir: `${root}dist`, format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js', ...more });
  await bundle.close();
};

rmSync(`${root}dist`, { recursive: true, force: true });
await bundled([...PROGRAMS, ...CLIENT]);
// Clients wait for it when one was killed, and nothing of it is in memory then: one file is there sooner than eighty.
await bundled(['daemon/main']);
await build({ configFile: `${root}web/vite.config.ts`, logLevel: 'warn' });
