// Comfort only: every page works without this file.

// <button data-copy="1234" data-copied="Disalin"> copies and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || !navigator.clipboard) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const word = button.querySelector("[data-word]") ?? button;
  const before = word.textContent;
  word.textContent = button.dataset.copied;
  setTimeout(() => (word.textContent = before), 2000);
});

// A form is sent once; the server would recognise the second one too (idempotency key).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-once")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent);
});

// What was just put into the cart is said for a while; the cart's number keeps saying it.
let clearing;
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "kabar") return;
  clearTimeout(clearing);
  clearing = setTimeout(() => event.detail.target.replaceChildren(), 8000);
});

// After "Muat lagi" the reader goes on at the first new product.
document.addEventListener("click", (event) => {
  if (!event.target.closest("#lagi a")) return;
  const known = document.querySelectorAll(".card-link").length;
  document.addEventListener("htmx:afterSettle", () => document.querySelectorAll(".card-link")[known]?.focus(), { once: true });
});

// Errors found by the server: the summary takes the focus.
document.querySelector("[data-focus]")?.focus();
