#!/bin/sh
':' //; p=$0; [ -L "$p" ] && p=$(readlink -f "$p"); n=${p%/*}/../node_modules/node/bin/node; [ -x "$n" ] || n=node; exec "$n" --max-semi-space-size=8 --max-old-space-size=1024 "$0" "$@"
// The line above is a word without an effect for Node, and starts Node for a shell: that of a clone, which npm has installed
// there, where there is one. Without the limits, which cannot be set later, the screen over sixty agents lets twice the memory
// stand that it needs before it looks for what is unused.

const [major, minor] = process.versions.node.split('.').map(Number);

/** What was compiled is kept for the next start, which needs two thirds of the time then; where it cannot be, nothing is. */
const keepCompiled = async () => {
  const { XDG_CACHE_HOME, HOME } = process.env;
  const cache = XDG_CACHE_HOME || (HOME ? `${HOME}/.cache` : '');
  const { enableCompileCache } = await import('node:module');
  if (cache.startsWith('/')) enableCompileCache(`${cache}/drover/compiled`);
};

/** Says how to build a clone that is not built. */
const sayNotBuilt = (error) => {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !error.url?.endsWith('/dist/cli/run.js')) throw error;
  process.stderr.write('drover: This clone is not built yet.\nRun "npm ci && npm run build" in it, then try again.\n');
  process.exitCode = 1;
};

// Whoever runs this goes by the exit code: a program that ran out of things to wait for has not done what it was asked.
process.on('exit', () => {
  if (process.exitCode !== undefined) return;
  process.exitCode = 1;
  process.stderr.write(
    'drover: Drover ended before it knew how the command went. Whether it was carried out is not known.\n' +
      'Look before you say it again, and at "drover daemon logs".\n',
  );
});

if (major > 22 || (major === 22 && minor >= 13)) {
  keepCompiled()
    .then(() => import('../dist/cli/run.js'))
    .catch(sayNotBuilt);
} else {
  process.stderr.write(
    `drover: Node ${process.versions.node} is too old, Drover needs 22.13 or newer.\n` +
      'Install one: https://nodejs.org, "nvm install 24", "brew install node"; inside a clone "npm run demo" brings its own.\n',
  );
  process.exitCode = 1;
}
