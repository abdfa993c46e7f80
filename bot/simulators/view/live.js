"use strict";

// Regions follow the server's events, child by child, so that what a person holds is not taken away.
const made = new WeakMap();

function remember(region) {
  for (const child of region.children) made.set(child, child.outerHTML);
}

function patch(region, html) {
  const wanted = document.createElement("template");
  wanted.innerHTML = html;
  remember(wanted.content);
  const atEnd = region.scrollHeight - region.scrollTop - region.clientHeight < 80;
  const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
  const fresh = new Map([...wanted.content.children].map((child) => [child.id, child]));
  for (const child of [...region.children]) {
    const next = fresh.get(child.id);
    if (!next) child.remove();
    else if (made.get(child) === made.get(next)) fresh.set(child.id, child);
    else child.replaceWith(next);
  }
  [...fresh.values()].forEach((child, at) => {
    if (region.children[at] !== child) region.insertBefore(child, region.children[at] ?? null);
  });
  if (focused && !document.getElementById(focused)?.matches(":focus")) document.getElementById(focused)?.focus();
  if (atEnd) region.scrollTop = region.scrollHeight;
  showModal();
}

function showModal() {
  const dialog = document.querySelector("#modal dialog");
  if (dialog && !dialog.open) dialog.showModal();
}

function tell(text) {
  document.getElementById("told").textContent = text;
}

function showErrors(errors) {
  for (const place of document.querySelectorAll("[data-error-of]")) {
    place.textContent = errors[place.dataset.errorOf] ?? "";
  }
}

async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  showErrors({});
  let answer;
  try {
    // Not form.action: that is the field of this name, where there is one.
    answer = await fetch(form.getAttribute("action"), { method: "POST", body, redirect: "manual" });
  } catch {
    return tell("The simulator does not answer: it was probably stopped.");
  }
  if (answer.type === "opaqueredirect") {
    tell("");
    if (form.classList.contains("write")) form.reset();
  } else if (answer.status === 422) showErrors(await answer.json());
  else tell(await answer.text());
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = event.target.dataset.confirm;
  if (!question || window.confirm(question)) send(event.target, event.submitter);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (!event.target.matches(".write textarea")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// Escape asks the app as the button does, which may want to know that its modal was closed.
document.addEventListener(
  "cancel",
  (event) => {
    event.preventDefault();
    document.getElementById("close-modal")?.requestSubmit();
  },
  true,
);

for (const name of ["places", "channel", "thread", "modal"]) {
  const region = document.getElementById(name);
  if (region) {
    remember(region);
    region.scrollTop = region.scrollHeight;
  }
}
showModal();
const news = new EventSource("/changes?at=" + encodeURIComponent(document.body.dataset.place));
news.addEventListener("message", (event) => {
  for (const [name, html] of Object.entries(JSON.parse(event.data))) {
    const region = document.getElementById(name);
    if (region) patch(region, html);
  }
  document.body.dataset.live = "yes";
});
