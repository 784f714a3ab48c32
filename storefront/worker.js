// Two things and no third: a page when there is no connection, and our own files whose names carry their content.
// Pages of the shop are never kept: a price, a stock or a cart that is shown is the shop's word of this moment.
const CACHE = `shop-${SAID.state}-${hash(JSON.stringify(SAID))}`;
const HASHED = /\.[0-9a-f]{8,}\.(css|js|svg)$|^\/theme-[0-9a-f]+\.css$/;
const SAVES_DATA = Boolean(self.navigator.connection && self.navigator.connection.saveData);

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => offlinePage(url)));
  else if (request.method === "GET" && (HASHED.test(url.pathname) || SAID.statics.includes(url.pathname)))
    event.respondWith(file(request, url));
});

async function fill() {
  const cache = await caches.open(CACHE);
  const pages = Object.values(SAID.offline);
  const wanted = SAVES_DATA ? [pages[0], SAID.statics[0]] : [...pages, ...SAID.statics];
  // Without cookies: what is kept is nobody's.
  await Promise.all(wanted.map(async (path) => {
    const response = await fetch(path, { credentials: "omit", cache: "no-cache" });
    if (response.ok && !response.redirected) await cache.put(path, response);
  }));
}

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shop-") && name !== CACHE).map((name) => caches.delete(name)));
}

// What has its content in its name is right for ever; anything else only where the network has nothing.
async function file(request, url) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(url.pathname);
  if (known && HASHED.test(url.pathname)) return known;
  return fetch(request).catch(() => known || Response.error());
}

async function offlinePage(url) {
  const cache = await caches.open(CACHE);
  const wanted = url.pathname.startsWith("/en/") ? SAID.offline.en : SAID.offline.id;
  const page = (await cache.match(wanted)) || (await cache.match(SAID.offline.id));
  // As an answer to this very address: "load again" asks the shop, and says no page is there yet.
  if (!page) return Response.error();
  const headers = {};
  for (const name of ["Content-Type", "Content-Security-Policy"]) headers[name] = page.headers.get(name) || "";
  return new Response(page.body, { status: 503, headers });
}

function hash(text) {
  let sum = 5381;
  for (const sign of text) sum = ((sum * 33) ^ sign.codePointAt(0)) >>> 0;
  return sum.toString(36);
}
