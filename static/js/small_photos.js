// Photos travel small: `<input type="file" data-small="1600">` gets them redrawn, 1600 pixels at most, before it is sent.
// Where that fails the file goes as it is, and the server has the last word.
const redrawn = async (file, longest) => {
  try {
    const image = await createImageBitmap(file);
    const ratio = Math.min(1, longest / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * ratio);
    canvas.height = Math.round(image.height * ratio);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], "foto.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
};

document.addEventListener("change", async (event) => {
  const input = event.target.closest("input[data-small]");
  if (!input?.files.length) return;
  const button = input.form.querySelector("[type=submit]");
  button.disabled = true; // for a moment: else the large ones would go
  try {
    const carried = new DataTransfer();
    for (const file of input.files) carried.items.add(await redrawn(file, Number(input.dataset.small)));
    input.files = carried.files;
  } finally {
    button.disabled = false;
  }
});
