import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderUnicodeCompact } from 'uqr';
import { locate } from '../../client/locate.ts';
import { inPackage, versionOf } from '../../client/package.ts';
import { programIn } from '../../process/in-path.ts';
import { lesserRole } from '../../protocol/permission.ts';
import { writePrivate } from '../../web/access/private-file.ts';
import { badPort, portTaken } from '../../web/errors.ts';
import { isLoopback } from '../../web/http/names.ts';
import { checkPlace, openWeb, type WebOptions, type WebPlace, type WebServer } from '../../web/serve.ts';
import type { WebRole } from '../../web/wire.ts';
import type { Flags, Io } from '../io.ts';
import { readOptions } from '../options.ts';
import { jsonText, printLine } from '../print.ts';
import { serveRepository } from './served.ts';
import { askLeave, webRole } from './token.ts';

/** Where it is served when nobody says where, and the ports that are tried after it. */
const HOST = '127.0.0.1';
const PORT = 7070;
const TRIES = 10;
const MOST_REPOSITORIES = 20;
/** The file that leads a browser to its link lies there no longer than this, in milliseconds. */
const OPENING_MS = 20_000;

const portOf = (value: string): number => {
  const port = Number(value);
  if (!/^\d{1,5}$/u.test(value) || port > 65_535) throw badPort({ value });
  return port;
};

/** Serves at the port that was said, or else at the first of a few that is free. */
const openAtPort = async (options: WebOptions, port: number | undefined): Promise<WebServer> => {
  for (let tried = 0; ; tried += 1) {
    try {
      return await openWeb({ ...options, port: port ?? PORT + tried });
    } catch (error) {
      if (port !== undefined || !portTaken.matches(error) || tried >= TRIES) throw error;
    }
  }
};

/**
 * Opens a browser at a link. Arguments of programs can be read by everybody on a machine, so the browser is given a file that
 * only its owner can read, and that leads it there.
 */
const openBrowser = (io: Io, stateFolder: string, link: string): (() => void) => {
  const file = `${stateFolder}/web/open.html`;
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const path = programIn(io.env['PATH'] ?? '', program);
  if (path === undefined) {
    printLine(io.stderr, `drover: There is no program ${program} that could open a browser.`);
    return () => undefined;
  }
  writePrivate(
    file,
    `<!doctype html><meta http-equiv="refresh" content="0; url=${link}"><a href="${link}">Drover</a>\n`,
  );
  spawn(path, [file], { detached: true, stdio: 'ignore', env: io.env })
    .on('error', () => undefined)
    .unref();
  const remove = (): void => rmSync(file, { force: true });
  const timer = setTimeout(remove, OPENING_MS);
  return () => {
    clearTimeout(timer);
    remove();
  };
};

/** Resolves when somebody wants it to end: Ctrl-C, or the system. */
const untilEnded = (): Promise<void> =>
  new Promise((ended) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ended());
  });

/** Says where the page is, and by which link one comes in. */
const tell = (
  io: Io,
  flags: Flags,
  server: WebServer,
  { link, qr }: { link: string | null; qr: string | null },
): void => {
  if (flags.json || flags.jsonl) {
    const { url, port } = server;
    printLine(io.stdout, jsonText({ url, port, link, phone: qr }, flags.json ? 2 : 0));
    return;
  }
  printLine(io.stdout, `The page is served at ${server.url} until you press Ctrl-C.`);
  if (link !== null) printLine(io.stdout, `This link lets you in, once: ${link}`);
  if (qr === null) return;
  printLine(io.stdout, renderUnicodeCompact(qr));
  printLine(io.stdout, 'The code lets one phone in, once.');
};

const readWeb = (argv: readonly string[]) => {
  const { values, switches, words } = readOptions(argv, {
    values: ['port', 'host', 'name', 'cert', 'key', 'role'],
    switches: ['open', 'qr', 'no-auth'],
    words: MOST_REPOSITORIES,
  });
  const place: WebPlace = {
    host: values['host'] ?? HOST,
    port: 0,
    names: values['name']?.split(',') ?? [],
    cert: values['cert'],
    key: values['key'],
    auth: !switches.has('no-auth'),
  };
  const port = values['port'] === undefined ? undefined : portOf(values['port']);
  return { place, port, role: webRole(values['role'] ?? 'admin'), switches, folders: words };
};

/** `drover web`: a process of its own, which may end at any moment. */
const serve = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const given = readWeb(argv);
  const { place, folders } = given;
  checkPlace(place);
  const [first, ...others] = [io.cwd, ...folders.map((folder) => resolve(io.cwd, folder))].map((folder) =>
    locate(folder, io.env),
  );
  const own = await askLeave(io, first!, { command: `web ${argv.join(' ')}`.trim(), least: 'viewer' });
  const all = new Map([first!, ...others].map((paths) => [paths.key, paths]));
  const served: Served[] = [];
  try {
    for (const paths of all.values()) served.push(await serveRepository(io, paths));
    return await serveAll(io, flags, { ...given, served, own, stateFolder: first!.state });
  } finally {
    // What follows their files would keep the process.
    for (const one of served) one.close();
  }
};

type Served = Awaited<ReturnType<typeof serveRepository>>;
type Serving = ReturnType<typeof readWeb> & {
  readonly served: readonly Served[];
  /** The role of whoever serves. */
  readonly own: WebRole;
  readonly stateFolder: string;
};

/** Serves repositories until somebody ends that. */
const serveAll = async (io: Io, flags: Flags, serving: Serving): Promise<number> => {
  const { place, port, role, own, switches, stateFolder } = serving;
  const [home, ...more] = serving.served;
  const server = await openAtPort(
    {
      ...place,
      repositories: [home!, ...more],
      stateFolder,
      pageFolder: inPackage('dist/page'),
      version: versionOf(),
      complain: (line) => printLine(io.stderr, `drover: ${line}`),
    },
    port,
  );
  const ended = untilEnded();
  const link = place.auth ? server.link({ name: 'link', role: lesserRole(role, own) }) : null;
  const qr = switches.has('qr')
    ? place.auth
      ? server.link({ name: 'phone', role: lesserRole(role, own) })
      : server.url
    : null;
  tell(io, flags, server, { link, qr });
  if (qr !== null && isLoopback(place.host))
    printLine(
      io.stderr,
      'drover: A phone does not reach this machine’s own address: give --host with --cert and --key.',
    );
  const closeBrowser = switches.has('open') ? openBrowser(io, stateFolder, link ?? server.url) : () => undefined;
  await ended;
  closeBrowser();
  await server.close();
  return 0;
};

/** `drover web`, and `drover web token`. */
export const web = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> =>
  argv[0] === 'token' ? (await import('./token.ts')).token(io, flags, argv.slice(1)) : serve(io, flags, argv);
