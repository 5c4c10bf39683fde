// Sorting, filtering and evidence that opens below its row. Without this script the page still
// shows everything.
const packed = document.getElementById("table-library").textContent.trim();
const bytes = Uint8Array.from(atob(packed), (one) => one.charCodeAt(0));
const address = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
const { jQuery } = await import(address);
URL.revokeObjectURL(address);

const darkness = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark", darkness.matches);
darkness.addEventListener("change", follow);
follow();

for (const table of document.querySelectorAll("table.data")) {
  const many = table.tBodies[0].rows.length > 3;
  const filtered = [...table.tHead.rows[0].cells].flatMap((cell, place) =>
    "filter" in cell.dataset ? [place] : [],
  );
  const shown = jQuery(table).DataTable({
    order: [],
    autoWidth: false,
    pageLength: 25,
    layout: {
      topStart: many ? "search" : null,
      topEnd: many ? "pageLength" : null,
      bottomStart: many ? "info" : null,
      bottomEnd: many ? "paging" : null,
    },
    columnDefs: [
      {
        targets: filtered,
        type: "string",
        columnControl: many ? ["order", ["searchList"]] : ["order"],
      },
      { targets: "_all", columnControl: ["order"] },
    ],
    ordering: { indicators: false },
  });
  table.tBodies[0].addEventListener("click", (event) => {
    const summary = event.target.closest("summary");
    if (!summary) return;
    event.preventDefault();
    const row = shown.row(summary.closest("tr"));
    if (row.child.isShown()) {
      row.child.hide();
    } else {
      row.child(summary.nextElementSibling.cloneNode(true), "opened").show();
    }
    summary.setAttribute("aria-expanded", String(row.child.isShown()));
  });
}
