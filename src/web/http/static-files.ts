import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { hashOf } from '../access/secret-words.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const COMPRESSED: ReadonlySet<string> = new Set(['.html', '.js', '.css', '.json', '.webmanifest', '.svg', '.txt']);

/** The name of a file says what is in it: who has it once need not ask again. */
const HASHED = /^\/assets\/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/u;
const YEAR = 'public, max-age=31536000, immutable';

const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>Drover</title>
<p>The page is not built: run "npm run build" in the folder of Drover. The interface is there: <a href="/openapi.json">/openapi.json</a>.
`;

const squeeze = promisify(brotliCompress);
const zip = promisify(gzip);

type Encoding = 'br' | 'gzip';

/** A file of the page, in memory. */
type PageFile = {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** The same compressed, once and when it is asked for first. */
  readonly encoded: Map<Encoding, Promise<Buffer>>;
};

const fileOf = (path: string, body: Buffer): PageFile => ({
  body,
  headers: {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'cache-control': HASHED.test(path) ? YEAR : 'no-cache',
    etag: `"${hashOf(body.toString('latin1')).slice(0, 24)}"`,
    vary: 'accept-encoding',
  },
  encoded: new Map(),
});

/** All files of a folder by their paths, which begin with a slash; what is asked for is looked up here, and nowhere on the disk. */
const readAll = (folder: string): ReadonlyMap<string, PageFile> => {
  const files = new Map<string, PageFile>();
  const walk = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = `${below}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) files.set(path, fileOf(path, readFileSync(join(folder, path))));
    }
  };
  try {
    walk('');
  } catch {
    // It is not built.
  }
  return files;
};

const compress = (body: Buffer, encoding: Encoding): Promise<Buffer> =>
  encoding === 'gzip'
    ? zip(body, { level: 9 })
    : squeeze(body, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
      });

const encodingFor = (path: string, accepted: string): Encoding | undefined => {
  if (!COMPRESSED.has(extname(path))) return undefined;
  const words = accepted.split(',').map((word) => word.trim().split(';')[0]);
  return (['br', 'gzip'] as const).find((one) => words.includes(one));
};

type Asked = { readonly path: string; readonly acceptEncoding: string; readonly ifNoneMatch: string };

/** Answers for the files of the built page. Every other path is the page itself: which view it shows is its own matter. */
export const openPageFiles = (folder: string): ((asked: Asked) => Promise<Response>) => {
  const files = readAll(folder);
  const notBuilt = fileOf('/index.html', Buffer.from(NOT_BUILT));
  return async ({ path, acceptEncoding, ifNoneMatch }) => {
    const known = path.endsWith('/') ? undefined : files.get(path);
    // A file that a page of an older build asks for is not the page.
    if (!known && path.startsWith('/assets/')) return new Response('not found', { status: 404 });
    const [name, file] = known ? [path, known] : ['/index.html', files.get('/index.html') ?? notBuilt];
    const { headers, body, encoded } = file;
    if (ifNoneMatch.includes(headers['etag']!)) return new Response(null, { status: 304, headers });
    const encoding = encodingFor(name, acceptEncoding);
    if (!encoding) return new Response(new Uint8Array(body), { headers });
    const made = encoded.get(encoding) ?? compress(body, encoding);
    encoded.set(encoding, made);
    return new Response(new Uint8Array(await made), { headers: { ...headers, 'content-encoding': encoding } });
  };
};
