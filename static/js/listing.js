// The page of a listing on a phone with a bad connection. What is typed is in this phone at once and on the server soon;
// photos are made small here, each is sent by itself and again until it arrives. Sending twice makes no second one: a
// listing is known by its key, a photo by its content. Without this file the form is a plain form.

const LONGEST_SIDE = 1600, SMALL = 800, DARK = 60; // pixels, pixels, 0 to 255
const PAUSE = 1200, PATIENCE = 60000, WAITS = [1000, 2000, 4000, 8000, 15000, 30000]; // milliseconds
const OLD = 30 * 24 * 3600 * 1000; // milliseconds that this phone keeps a listing which was not sent
const ASKED = ["cost", "margin"]; // of the price helper: nobody's business but the seller's
const OWN = new Set(["csrfmiddlewaretoken", "picture", "key", "version", "anggota", "produk", "rows"]);

class Away extends Error {} // no connection, or nobody answers there
class LoggedOut extends Error {}
class Refused extends Error {
  constructor(answer) {
    super("refused");
    this.answer = answer;
  }
}

const start = (form) => {
  const words = form.dataset, fields = form.elements, list = form.querySelector("#foto"), state = form.querySelector("#keadaan");
  const place = `listing:${words.owner}:${words.product ? `p${words.product}` : fields.key.value}`;
  let edits = 0, kept = 0, timer, keeping = null, photos = Promise.resolve(), over = false;

  // --- what is said about it ---
  const say = (word, link) => {
    state.textContent = word;
    if (!link) return;
    const way = document.createElement("a");
    way.className = "underline";
    way.href = link;
    way.textContent = words.loginWord;
    state.append(" ", way);
  };
  const sayLogin = () => say(words.login, `${words.loginTo}?next=${encodeURIComponent(location.pathname + location.search)}`);

  // --- in this phone ---
  const remember = (unsent) => {
    const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !OWN.has(name));
    const note = { key: fields.key.value, version: Number(fields.version.value), base: words.base, at: Date.now(), unsent, typed };
    try {
      localStorage.setItem(place, JSON.stringify(note));
    } catch { /* no room: the server has it soon */ }
  };
  const remembered = (where) => {
    try {
      return JSON.parse(localStorage.getItem(where));
    } catch {
      return null;
    }
  };
  const others = () => { // what did not get away from this phone: one line with a link each
    const mine = `listing:${words.owner}:`, lines = document.querySelector("#belum-terkirim");
    for (const where of Object.keys(localStorage).filter((each) => each.startsWith(mine) && each !== place)) {
      const note = remembered(where);
      if (!note || Date.now() - note.at > OLD) localStorage.removeItem(where);
      else if (note.unsent && lines && !where.startsWith(`${mine}p`)) {
        const way = document.createElement("a");
        way.className = "underline";
        way.href = `?draf=${note.key}`;
        way.textContent = new Map(note.typed).get("title") || note.key;
        lines.append(" ", way);
        lines.hidden = false;
      }
    }
  };
  const fill = (typed) => {
    const texts = new Map();
    typed.forEach(([name, value]) => texts.set(name, [...(texts.get(name) ?? []), value]));
    for (const field of fields) {
      if (!field.name || OWN.has(field.name) || ["hidden", "file", "submit"].includes(field.type)) continue;
      const values = texts.get(field.name);
      if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(values?.includes(field.value));
      else if (values) field.value = values[0];
    }
    return [...texts.keys()].some((name) => /^c\d+-/.test(name) && !fields[name]);
  };

  // --- to the server ---
  const fresh = async () => { // somebody logged in again meanwhile: the page's token is of the session before
    const page = await fetch(location.href, { credentials: "same-origin" });
    if (page.redirected) throw new LoggedOut();
    const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("#listing [name=csrfmiddlewaretoken]");
    if (!token) throw new LoggedOut();
    fields.csrfmiddlewaretoken.value = token.value;
  };
  const send = async (address, body, accept = "application/json") => {
    let answer;
    for (const again of [true, false]) {
      body.set("csrfmiddlewaretoken", fields.csrfmiddlewaretoken.value);
      try {
        answer = await fetch(address, { method: "POST", body, headers: { Accept: accept }, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
        if (answer.status !== 403 || !again) break;
        await fresh();
      } catch (error) {
        throw error instanceof LoggedOut ? error : new Away();
      }
    }
    if (answer.status >= 500 || answer.status === 429) throw new Away();
    if (answer.redirected || answer.status === 403) throw new LoggedOut();
    if (accept !== "application/json") return new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(told);
    return told;
  };
  const patiently = async (task, sayAway) => {
    for (let turn = 0; ; turn++) {
      try {
        return await task();
      } catch (error) {
        if (error instanceof Refused) throw error;
        error instanceof LoggedOut ? sayLogin() : sayAway();
        await new Promise((go) => {
          const later = setTimeout(go, WAITS[Math.min(turn, WAITS.length - 1)]);
          for (const sign of ["online", "focus"]) addEventListener(sign, () => (clearTimeout(later), go()), { once: true });
        });
      }
    }
  };
  const texts = (without = []) => {
    const body = new FormData(form);
    for (const name of ["photos", ...without]) body.delete(name);
    return body;
  };
  const offline = () => say(words.offline);

  // --- kept while it is typed ---
  const keepNow = async () => {
    while (kept < edits && !over) {
      const sent = edits;
      fields.version.value = Number(fields.version.value) + 1;
      say(words.saving);
      const told = await patiently(() => send(words.save, texts(ASKED)), offline);
      if (told.state !== "draft" && told.state !== "returned") {
        over = true;
        return say(words.elsewhere);
      }
      fields.key.value = told.key;
      fields.version.value = told.version;
      form.querySelector("#periksa").innerHTML = told.checks;
      if (told.taken) kept = sent; // otherwise another page kept something meanwhile: this one is newer
    }
    remember(false);
    if (!over) say(words.saved);
  };
  const keep = () => {
    clearTimeout(timer);
    if (!words.save) return Promise.resolve();
    keeping ??= keepNow().finally(() => (keeping = null));
    return keeping;
  };
  const keepOrSay = () => keep().catch(() => say(words.elsewhere));
  const edited = () => {
    edits++;
    remember(true);
    clearTimeout(timer);
    timer = setTimeout(keepOrSay, PAUSE);
  };

  // --- photos ---
  const row = (thumb) => {
    const item = document.querySelector("#foto-kosong").content.firstElementChild.cloneNode(true);
    if (thumb) item.querySelector(".listing-thumb").append(thumb);
    list.append(item);
    return item;
  };
  const arrived = (item, told) => {
    const holder = document.createElement("template");
    holder.innerHTML = told.html.trim();
    const shown = holder.content.firstElementChild, typed = item.querySelector("input"), field = shown.querySelector("[name^=alt-]");
    const there = list.querySelector(`[data-picture="${told.picture}"]`); // the same photo, chosen twice
    const hadFocus = document.activeElement === typed;
    if (there) return item.remove();
    field.value = typed.value;
    const thumb = item.querySelector("canvas"); // it is here already: no need to fetch it back
    if (thumb) shown.querySelector(".listing-thumb").replaceChildren(thumb);
    item.replaceWith(shown);
    if (hadFocus) field.focus();
  };
  const upload = async (item, id, blob) => {
    const note = item.querySelector("[data-note]"), hint = note.textContent;
    const body = () => {
      const made = new FormData();
      for (const name of ["key", "anggota", "produk"]) made.set(name, fields[name].value);
      made.set("photo", blob, "foto");
      return made;
    };
    note.textContent = words.sending;
    try {
      const told = await patiently(() => send(words.photo, body()), () => (note.textContent = words.waiting));
      if (told.key) fields.key.value = told.key;
      if (!item.isConnected) return;
      arrived(item, told);
      await shelf("readwrite", (store) => store.delete(id));
      edited();
    } catch (error) {
      note.textContent = error.answer?.error || words.gone;
      item.dataset.refused = "1";
      await shelf("readwrite", (store) => store.delete(id));
    }
    if (hint) state.textContent = hint;
  };
  const queue = (id, blob, thumb, hint) => {
    const item = row(thumb);
    item.querySelector("[data-note]").textContent = hint;
    item.querySelector("button").addEventListener("click", () => {
      item.remove();
      shelf("readwrite", (store) => store.delete(id));
    });
    photos = photos.then(() => (item.isConnected ? upload(item, id, blob) : null));
  };
  const choose = async (files) => {
    const chosen = files.map((file) => ({ id: `${Date.now()}-${Math.random()}`, place, blob: file, isRaw: true }));
    for (const photo of chosen) await shelf("readwrite", (store) => store.put(photo)); // first of all: it is not lost now
    for (const photo of chosen) await prepare(photo);
  };
  const prepare = async ({ id, blob: file }) => {
    const { blob, thumb, dark, small } = await shrink(file);
    await shelf("readwrite", (store) => store.put({ id, place, blob }));
    queue(id, blob, thumb, dark ? words.dark : small ? words.small : "");
  };

  // --- parts of the page that the server makes ---
  const part = async (button) => {
    const body = texts(), sent = edits;
    body.set("do", button.value);
    const page = await patiently(() => send(location.href, body, "text/html"), offline);
    const made = page.getElementById(button.dataset.part);
    if (!made) throw new LoggedOut();
    form.querySelector(`#${button.dataset.part}`).replaceWith(made);
    fields.version.value = page.querySelector("#listing [name=version]").value;
    kept = Math.max(kept, sent);
    offer();
    if (words.save) say(words.saved);
  };
  const offer = () => form.querySelectorAll("[data-price]").forEach((button) => (button.hidden = false));

  // --- done ---
  const submit = async (button) => {
    const refused = list.querySelector("[data-refused] button");
    if (refused) return refused.focus();
    say(words.submitting);
    await photos;
    await keep();
    if (button.value === "simpan" || over) return;
    const body = texts();
    body.set("do", button.value);
    try {
      const told = await patiently(() => send(location.href, body), offline);
      localStorage.removeItem(place);
      location.assign(told.go);
    } catch (error) {
      if (!(error instanceof Refused) || !error.answer.form) throw error;
      form.outerHTML = error.answer.form;
      const again = document.querySelector("[data-listing]");
      start(again);
      again.querySelector("[data-focus]")?.focus();
    }
  };

  // --- from now on ---
  form.addEventListener("input", (event) => event.target.type !== "file" && edited());
  form.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    const files = [...event.target.files];
    event.target.value = "";
    choose(files);
  });
  form.addEventListener("click", (event) => {
    const wanted = event.target.closest("[data-price]");
    if (!wanted) return;
    fields["c0-price"].value = wanted.dataset.price;
    edited();
    fields["c0-price"].focus();
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter ?? form.querySelector("[value=ajukan]");
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    (button.dataset.part ? part(button) : submit(button))
      .catch(() => say(words.elsewhere))
      .finally(() => (button.disabled = false));
  });
  document.addEventListener("visibilitychange", () => document.hidden && kept < edits && keepOrSay());

  const restore = async () => {
    const note = remembered(place);
    if (note && !note.unsent) note.typed.forEach(([name, value]) => ASKED.includes(name) && (fields[name].value = value));
    if (note?.unsent && note.base === words.base) {
      if (fields.version.value === "0") fields.key.value = note.key;
      fields.version.value = Math.max(Number(fields.version.value), note.version);
      const lacksRows = fill(note.typed);
      edits++;
      say(words.restored);
      if (lacksRows) await part(form.querySelector("[data-part=pilihan]")).then(() => fill(note.typed), () => {});
      keepOrSay();
    }
    const left = (await shelf("readonly", (store) => store.getAll())) ?? [];
    for (const photo of left.filter((each) => each.place === place)) {
      if (photo.isRaw) await prepare(photo);
      else queue(photo.id, photo.blob, await draw(photo.blob), "");
    }
  };
  if (words.save && !words.product) { // reloading, or coming back from the login, finds this draft again
    const here = new URL(location.href);
    here.searchParams.set("draf", fields.key.value);
    history.replaceState(null, "", here);
    others();
  }
  offer();
  restore();
};

// --- photos that wait in this phone ---
let opened;
const shelf = async (mode, ask) => {
  try {
    opened ??= new Promise((done, fail) => {
      const wish = indexedDB.open("listing", 1);
      wish.onupgradeneeded = () => wish.result.createObjectStore("photos", { keyPath: "id" });
      wish.onsuccess = () => done(wish.result);
      wish.onerror = () => fail(wish.error);
    });
    const wish = ask((await opened).transaction("photos", mode).objectStore("photos"));
    return await new Promise((done, fail) => ((wish.onsuccess = () => done(wish.result)), (wish.onerror = () => fail(wish.error))));
  } catch {
    return null; // a private window: photos are kept by this page only
  }
};

// --- a photo is made small, upright, and without the place where it was taken ---
const canvasOf = (image, width, height) => {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
};
const thumbOf = (image) => {
  const side = Math.min(image.width, image.height), canvas = canvasOf(image, 0, 0);
  canvas.width = canvas.height = 160;
  canvas.getContext("2d").drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, 160, 160);
  return canvas;
};
const draw = async (blob) => {
  try {
    return thumbOf(await createImageBitmap(blob));
  } catch {
    return null;
  }
};
const shrink = async (file) => {
  let image;
  try {
    image = await createImageBitmap(file);
  } catch {
    return { blob: file, thumb: null }; // the server says what is wrong with it
  }
  const ratio = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  const canvas = canvasOf(image, image.width * ratio, image.height * ratio), thumb = thumbOf(image);
  const small = Math.min(image.width, image.height) < SMALL;
  const dots = canvasOf(image, 32, 32).getContext("2d").getImageData(0, 0, 32, 32).data;
  let light = 0;
  for (let at = 0; at < dots.length; at += 4) light += 0.2126 * dots[at] + 0.7152 * dots[at + 1] + 0.0722 * dots[at + 2];
  image.close();
  const made = (type) => new Promise((done) => canvas.toBlob(done, type, 0.82));
  let blob = await made("image/webp");
  if (blob?.type !== "image/webp") blob = await made("image/jpeg"); // Safari writes no WebP
  return { blob: blob ?? file, thumb, small, dark: light / 1024 < DARK };
};

const page = document.querySelector("[data-listing]");
if (page) start(page);
