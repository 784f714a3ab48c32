// Comfort only: every page works without this file. No connection, the shop on the home screen, prices that are true.

const line = document.getElementById("luring");
const held = line?.querySelector("[data-kirim-lagi]");
let waiting = null; // the form that could not be sent

function tell(state) {
  if (!line) return;
  line.hidden = !state;
  for (const word of line.querySelectorAll("[data-saat]")) word.hidden = word.dataset.saat !== state;
  if (held) held.hidden = !(waiting && state === "tersambung");
}

addEventListener("offline", () => tell("putus"));
addEventListener("online", () => {
  tell("tersambung");
  if (!waiting) setTimeout(() => tell(""), 4000);
});
if (!navigator.onLine) tell("putus");

// A form is not sent into nothing: what was typed stays, and goes when there is a connection. The server knows a form
// that comes twice by its key.
document.addEventListener("submit", (event) => {
  if (navigator.onLine || event.target.method !== "post") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting = event.target;
  tell("ditahan");
  line?.scrollIntoView({ block: "nearest" });
}, { capture: true });
held?.addEventListener("click", () => {
  const form = waiting;
  waiting = null;
  tell("");
  form?.requestSubmit();
});
document.addEventListener("htmx:sendError", () => tell("gagal"));

// A cart or checkout that comes back out of the browser's memory is asked for again: its prices may be yesterday's.
addEventListener("pageshow", (event) => {
  if (event.persisted && /^(\/en)?\/(keranjang|checkout)\//.test(location.pathname)) location.reload();
});

// The service worker: only for shops that say where it is, and after everything that the visitor came for.
const script = document.documentElement.dataset.pekerja;
if (script && "serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register(script).catch(() => {}));
}

// From the second day on, and only where the browser offers it: may the shop be put on the home screen?
const hint = document.getElementById("pasang");
const remembered = {
  get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window: ask nobody */ } },
};
const today = new Date().toISOString().slice(0, 10);
const first = remembered.get("kunjungan-pertama");
if (!first) remembered.set("kunjungan-pertama", today);
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  if (!hint || !first || first === today || remembered.get("pasang") === "tidak") return;
  hint.hidden = false;
  hint.querySelector("[data-ya]").addEventListener("click", () => {
    hint.hidden = true;
    event.prompt();
  }, { once: true });
  hint.querySelector("[data-tidak]").addEventListener("click", () => {
    hint.hidden = true;
    remembered.set("pasang", "tidak");
  }, { once: true });
});
