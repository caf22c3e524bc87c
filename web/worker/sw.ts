// Keeps the page itself, so that it opens while nobody answers; what it shows then it knows from its own store. Requests to
// the interface never go through here.
export {};

declare const self: ServiceWorkerGlobalScope;

const STORE = 'drover-page-1';
const PAGE = '/';

const keep = async (request: Request | string, response: Response): Promise<Response> => {
  if (response.ok) await (await caches.open(STORE)).put(request, response.clone());
  return response;
};

/** The newest page where somebody answers, else the one that is kept. */
const pageFor = async (): Promise<Response> => {
  try {
    return await keep(PAGE, await fetch(PAGE));
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
};

/** Files whose names change with what is in them. */
const fileFor = async (request: Request): Promise<Response> =>
  (await caches.match(request)) ?? keep(request, await fetch(request));

/** What other builds left behind. */
const forgetOldFiles = async (): Promise<void> => {
  const page = await (await caches.match(PAGE))?.text();
  if (page === undefined) return;
  const store = await caches.open(STORE);
  const files = (await store.keys()).filter(({ url }) => new URL(url).pathname.startsWith('/assets/index-'));
  await Promise.all(files.map((one) => (page.includes(new URL(one.url).pathname) ? true : store.delete(one))));
};

/** The page with the files that it names: they were loaded before this was there. */
const keepPage = async (): Promise<void> => {
  const html = await (await pageFor()).clone().text();
  const paths = [...html.matchAll(/"(?<path>\/(?:assets|icon)[^"]+)"/gu)].map(({ groups }) => groups!['path']!);
  await Promise.all(paths.map((path) => fileFor(new Request(path))));
};

self.addEventListener('install', (event) => event.waitUntil(keepPage().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(forgetOldFiles().then(() => self.clients.claim())));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') event.respondWith(pageFor());
  else if (pathname.startsWith('/assets/') || pathname.startsWith('/icon')) event.respondWith(fileFor(request));
});

/** Brings the page to the front, or opens it. */
const openPage = async (): Promise<void> => {
  const [open] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (open) await open.focus();
  else await self.clients.openWindow('/#/alerts');
};

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openPage());
});
