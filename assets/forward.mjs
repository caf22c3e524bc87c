// forward.mjs FOLDER SOCKET PORT[,PORT…] PROGRAM: leads connections with the first port of this machine's loopback to a socket in a
// folder, at which a proxy listens, and those with each further one by that proxy to the same port outside. It says "ready" when
// it does. It is started in a sandbox, beside a program that can reach nobody else, and ends with it: PROGRAM is its process.
import http from 'node:http';
import net from 'node:net';
import { pipeline } from 'node:stream';

const [folder, socket, ports, program] = process.argv.slice(2);
const [first, ...services] = ports.split(',').map(Number);

// The keys of a terminal are meant for the program.
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTSTP', 'SIGHUP']) process.on(signal, () => undefined);

// A sandbox that lost its terminal while it was being made waits for all that is in it, and nothing outside ends it.
const LOOK_MS = 1000;
setInterval(() => process.ppid !== Number(program) && process.exit(0), LOOK_MS);

// A path of a socket has room for a hundred letters: from its own folder the name alone is enough.
process.chdir(folder);

const reach = () => net.connect({ path: socket, allowHalfOpen: true });

const join = (client, proxy) => {
  pipeline(client, proxy, () => undefined);
  pipeline(proxy, client, () => undefined);
};

/** Asks the proxy for a port outside; whoever it refuses is hung up on. */
const joinService = (port) => (client) => {
  client.on('error', () => undefined);
  http
    .request({ createConnection: reach, method: 'CONNECT', path: `127.0.0.1:${port}` })
    .on('connect', ({ statusCode }, proxy, head) => {
      if (statusCode !== 200) {
        client.destroy();
        proxy.destroy();
        return;
      }
      if (head.length > 0) proxy.unshift(head);
      join(client, proxy);
    })
    .on('error', () => client.destroy())
    .end();
};

const listen = (port, serve) =>
  new Promise((resolve) => {
    const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, serve);
    server.on('error', () => process.exit(1));
    server.listen(port, '127.0.0.1', resolve);
  });

await listen(first, (client) => join(client, reach()));
for (const port of services) await listen(port, joinService(port));
process.stdout.write('ready\n');
