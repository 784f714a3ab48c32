// The phone's own way of passing something on, where it has one; the links beside it work everywhere.
if (navigator.share) {
  document.querySelectorAll("[data-share]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.share({ title: document.title, text: button.dataset.text, url: button.dataset.share }).catch(() => {});
    });
  });
}
