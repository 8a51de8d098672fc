"use strict";
// The other edition opens at the same place, with the same filter.
for (const link of document.querySelectorAll("a.edition"))
  link.addEventListener("click", () => {
    link.search = location.search;
    link.hash = location.hash;
  });
// A citation opens its card by click, tap or Enter without any script; with it, on hover and on focus too.
(() => {
  const cardOf = (button) => document.getElementById(button.getAttribute("popovertarget"));
  let open, leaving;
  // Beside the citation where there is room; set here, since checkers of styles do not know these properties yet.
  const beside = { inset: "auto", margin: ".3rem 0", positionArea: "bottom span-right", positionTryFallbacks: "flip-block, flip-inline, flip-block flip-inline" };
  document.addEventListener("beforetoggle", (event) => {
    if (!event.target.matches(".card") || !CSS.supports("position-area", "bottom")) return;
    const wide = matchMedia("(min-width:40.01rem)").matches;
    for (const [name, value] of Object.entries(beside)) event.target.style[name] = wide ? value : "";
  }, true);
  const show = (button) => {
    clearTimeout(leaving);
    const card = cardOf(button);
    button.popoverTargetAction = "show"; // what hovering has opened a click leaves open
    if (!card?.showPopover || card.matches(":popover-open")) return;
    card.showPopover({ source: button });
    open = card;
  };
  const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(() => open?.matches(":popover-open") && !open.matches(":hover,:focus-within") && open.hidePopover(), 250);
  };
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const button = event.target.closest("button.cite");
    if (button) show(button);
    else if (event.target.closest(".card")) clearTimeout(leaving);
    else if (open) leave();
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("button.cite:focus-visible")) show(event.target);
    else if (open && !event.target.closest(".card,button.cite")) leave();
  });
})();
// The contents are open where there is room beside the text.
if (matchMedia("(min-width:64rem)").matches) document.querySelector(".toc details")?.setAttribute("open", "");
// Copy a text; where the browser forbids it, at least select it.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const source = document.getElementById(button.dataset.copies);
  const told = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    getSelection().selectAllChildren(source);
    const done = await navigator.clipboard?.writeText(source.textContent).then(() => true, () => false);
    told.textContent = done || document.execCommand("copy") ? button.dataset.done : button.dataset.chosen;
  });
}
// Filter of the claims: the choice is kept in the address, so that it can be shared.
(() => {
  const form = document.getElementById("claim-filter");
  if (!form) return;
  const claims = [...document.querySelectorAll("article.claim")];
  const articles = document.querySelectorAll("section.of-article");
  const names = ["article", "system", "kind", "grade", "text"];
  let words = null; // read when they are first searched
  const text = (claim) => {
    words ??= new Map(claims.map((one) => [one, one.textContent.toLowerCase()]));
    return words.get(claim);
  };

  const matches = (claim, wanted) =>
    names.slice(0, 4).every((name) => !wanted[name] || claim.dataset[name] === wanted[name]) &&
    (!wanted.text || text(claim).includes(wanted.text.toLowerCase()));

  const apply = () => {
    const wanted = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    let shown = 0;
    for (const claim of claims) {
      claim.hidden = !matches(claim, wanted);
      if (!claim.hidden) shown += 1;
    }
    for (const article of articles) article.hidden = !article.querySelector("article.claim:not([hidden])");
    form.querySelector("output").value = form.dataset.shown.replace("[shown]", shown).replace("[all]", claims.length);
    const kept = new URLSearchParams(location.search); // the explorer keeps its numbers there too
    for (const name of names) if (wanted[name]) kept.set(name, wanted[name]); else kept.delete(name);
    const query = kept.toString();
    history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash);
  };

  const chosen = new URLSearchParams(location.search);
  for (const name of names) if (chosen.has(name)) form.elements[name].value = chosen.get(name);
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();

  // A link to a claim shows it even where the filter hides it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("[hidden]")) {
      form.reset();
      setTimeout(() => target.scrollIntoView());
    }
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
