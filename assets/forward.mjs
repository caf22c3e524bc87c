// forward.mjs FOLDER SOCKET PORT: leads connections with a port of this machine's loopback to a socket in a folder, and says
// "ready" when it does. It is started in a sandbox, beside a program that can reach nobody else.
import net from 'node:net';
import { pipeline } from 'node:stream';

const [folder, socket, port] = process.argv.slice(2);

// The keys of a terminal are meant for the program.
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTSTP', 'SIGHUP']) process.on(signal, () => undefined);

// A path of a socket has room for a hundred letters: from its own folder the name alone is enough.
process.chdir(folder);

const server = net.createServer({ allowHalfOpen: true }, (client) => {
  const proxy = net.connect({ path: socket, allowHalfOpen: true });
  pipeline(client, proxy, () => undefined);
  pipeline(proxy, client, () => undefined);
});
server.on('error', () => process.exit(1));
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
