// What the pages do with JavaScript, beyond GOV.UK Frontend and htmx. Every journey works without it.
import { initAll } from "../vendor/govuk-frontend/govuk-frontend.min.js";

const { body } = document;
body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) body.classList.add("govuk-frontend-supported");

// A swapped region holds components already started as well as new ones: only the new ones matter.
const onError = (error) => error.name === "InitError" || console.error(error);

// A table that fits its frame is no stop for the keyboard.
const measure = (scope) => {
  for (const frame of scope.querySelectorAll(".portal-scroll")) {
    frame.tabIndex = frame.scrollWidth > frame.clientWidth ? 0 : -1;
  }
};

const start = (scope) => {
  initAll({ scope, onError });
  measure(scope);
};

// The title begins with "Error: " while the page shows an error summary.
const retitle = (root) => {
  const named = root.querySelector("[data-page-title]");
  const product = document.title.split(" – ").pop();
  const words = named ? `${named.dataset.pageTitle} – ${product}` : document.title;
  const wrong = document.querySelector(".govuk-error-summary") ? "Error: " : "";
  document.title = wrong + words.replace(/^Error: /, "");
};

const announce = (words) => {
  const region = document.getElementById("portal-announcement");
  region.textContent = "";
  setTimeout(() => { region.textContent = words; }, 100);
};

const problem = (words) => {
  const region = document.getElementById("portal-problem");
  region.textContent = words;
  if (words) region.scrollIntoView({ block: "center" });
};

body.addEventListener("htmx:afterSwap", ({ target }) => {
  const root = target.parentElement ?? body;
  start(root);
  retitle(target);
  const spoken = target.querySelector("[data-announce]");
  if (spoken) announce(spoken.dataset.announce || spoken.textContent.trim());
  target.querySelector("[data-focus]")?.focus();
});

body.addEventListener("htmx:beforeRequest", () => problem(""));
body.addEventListener("htmx:sendError", () => {
  problem("Nothing was sent: the portal could not be reached. Check your connection and try again.");
});
body.addEventListener("htmx:responseError", ({ detail }) => {
  const page = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
  const refusal = page.querySelector("[data-refusal]");
  problem(refusal?.textContent.trim() || "That did not work, and nothing was changed. Try again in a few minutes.");
});

// "Select all" follows its rows, and its rows follow it.
const rowsOf = (all) => [...body.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(all.dataset.selectAll)}"]`)];
const follow = (all) => {
  const rows = rowsOf(all);
  const chosen = rows.filter((row) => row.checked).length;
  all.checked = rows.length > 0 && chosen === rows.length;
  all.indeterminate = chosen > 0 && chosen < rows.length;
};
body.addEventListener("change", ({ target }) => {
  if (target.dataset.selectAll) {
    const rows = rowsOf(target).filter((row) => row.checked !== target.checked);
    for (const row of rows) row.checked = target.checked;
    rows[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (target.type === "checkbox") {
    for (const all of body.querySelectorAll("[data-select-all]")) follow(all);
  }
});

start(document);
for (const all of body.querySelectorAll("[data-select-all]")) follow(all);
addEventListener("resize", () => measure(document));
