import { spawn } from 'node:child_process';
import { once } from 'node:events';

type Places = { readonly socket: string; readonly folders: readonly string[]; readonly tools: readonly string[] };

/** Has a socket, folders and toolchains come and go, each by a program of its own as others do, until it is ended. */
const COME_AND_GO = `
const { execFileSync: run } = require('node:child_process');
const { socket, folders, tools } = JSON.parse(process.argv[1]);
const listen = () => new Promise((done) => {
  const server = require('node:net').createServer().listen(socket, () => done(server));
});
(async () => {
  for (let n = 0; ; n += 1) {
    const server = await listen();
    if (n === 0) console.log('here');
    if (folders.length > 0) run('rmdir', folders);
    for (const tool of tools) run('mv', [tool, tool + '.away']);
    await new Promise((done) => server.close(done));
    if (folders.length > 0) run('mkdir', folders);
    for (const tool of tools) run('mv', [tool + '.away', tool]);
  }
})();
`;

/** Has them come and go until that is disposed of. */
export const comeAndGo = async (places: Places): Promise<AsyncDisposable> => {
  const others = spawn(process.execPath, ['-e', COME_AND_GO, JSON.stringify(places)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(others.stdout, 'data');
  return {
    [Symbol.asyncDispose]: async () => {
      others.kill();
      await once(others, 'close');
    },
  };
};
