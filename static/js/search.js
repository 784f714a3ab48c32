// What was searched for last, kept in this browser and nowhere else. Without this file the search page only lacks it.
const KEY = "dicari";
const MOST = 6;
const section = document.getElementById("baru-dicari");
const field = document.getElementById("cari");

function known() {
  try {
    const words = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(words) ? words.filter((word) => typeof word === "string").slice(0, MOST) : [];
  } catch {
    return []; // storage is switched off, or holds what is not ours
  }
}

function keep(words) {
  try {
    localStorage.setItem(KEY, JSON.stringify(words.slice(0, MOST)));
  } catch {
    // nothing is kept
  }
}

function remember() {
  const word = field.value.trim();
  if (word.length < 2 || !document.querySelector("#hasil .card-link")) return;
  keep([word, ...known().filter((other) => other.toLowerCase() !== word.toLowerCase())]);
}

function show() {
  const words = known();
  section.hidden = !words.length || Boolean(field.value);
  section.querySelector("ul").replaceChildren(
    ...words.map((word) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.className = "chip";
      link.href = `?${new URLSearchParams({ q: word })}`;
      link.textContent = word;
      item.append(link);
      return item;
    }),
  );
}

section.querySelector("button").addEventListener("click", () => {
  keep([]);
  show();
  field.focus();
});
field.addEventListener("input", show);
// Words count as searched for when somebody asks for them, or opens what was found while typing.
document.getElementById("hasil").addEventListener("click", (event) => event.target.closest(".card-link") && remember());
if (new URLSearchParams(location.search).has("q")) remember();
show();
