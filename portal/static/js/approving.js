// The approver's page of an invoice: what is ticked, how many lines, and what they come to.
const form = document.querySelector("[data-approving]");
const boxes = [...form.querySelectorAll('input[name="line"]')];
const cleanBoxes = boxes.filter((box) => "clean" in box.dataset);
const clean = form.querySelector("[data-select-clean]");
const button = form.querySelector("[data-approve]");
const pounds = (pence) => `£${(pence / 100).toLocaleString("en-GB", { minimumFractionDigits: 2 })}`;

const count = () => {
  const chosen = boxes.filter((box) => box.checked);
  const sum = pounds(chosen.reduce((pence, box) => pence + Number(box.dataset.net), 0));
  button.textContent = chosen.length === 0
    ? "Approve the ticked lines"
    : `Approve ${chosen.length} ${chosen.length === 1 ? "line" : "lines"}, ${sum}${button.dataset.approve}`;
  if (clean) {
    const ticked = cleanBoxes.filter((box) => box.checked).length;
    clean.checked = ticked === cleanBoxes.length;
    clean.indeterminate = ticked > 0 && ticked < cleanBoxes.length;
  }
};

form.addEventListener("change", ({ target }) => {
  if (target === clean) for (const box of cleanBoxes) box.checked = clean.checked;
  count();
});
addEventListener("pageshow", count);
count();
