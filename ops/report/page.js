// A comfort: opens and closes all lines of a section. Without it each opens by itself.
for (const button of document.querySelectorAll("button[data-open]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = button.dataset.open === "yes";
    for (const part of button.closest("section").querySelectorAll("details")) part.open = open;
  });
}
