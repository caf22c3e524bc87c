#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 13)) {
  import('../dist/cli/run.js');
} else {
  process.stderr.write(
    `drover: Node ${process.versions.node} is too old, Drover needs 22.13 or newer.\n` +
      'Install one: https://nodejs.org, "nvm install 24", "brew install node"; inside a clone "npm run demo" brings its own.\n',
  );
  process.exitCode = 1;
}
