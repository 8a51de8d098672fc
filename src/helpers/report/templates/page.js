"use strict";
// What starts a part of the page runs for what is there, and again for each part that is inserted later.
const starters = [];
const whenShown = (start) => {
  starters.push(start);
  start(document);
};
const started = (root) => starters.forEach((start) => start(root));
// What the first screen does without is done piece by piece when the browser has time, or at once when it is needed.
const later = (() => {
  const tasks = [];
  const ask = (run) => (globalThis.requestIdleCallback ?? setTimeout)(run);
  const some = (deadline) => {
    do tasks.shift()?.();
    while (tasks.length && deadline?.timeRemaining() > 0);
    if (tasks.length) ask(some);
  };
  return {
    add: (task) => tasks.push(task) === 1 && ask(some),
    finish: () => tasks.splice(0).forEach((task) => task()),
  };
})();
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
whenShown((root) => {
  for (const button of root.querySelectorAll("button[data-copies]")) {
    const source = root.querySelector(`#${button.dataset.copies}`);
    const told = button.parentElement.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      getSelection().selectAllChildren(source);
      const done = await navigator.clipboard?.writeText(source.textContent).then(() => true, () => false);
      told.textContent = done || document.execCommand("copy") ? button.dataset.done : button.dataset.chosen;
    });
  }
});
// A drawing can be taken as an image, with the colours that it has now.
whenShown((root) => {
  for (const menu of root.querySelectorAll(".drawing > .take > p")) {
    const button = document.createElement("button");
    [button.type, button.textContent] = ["button", "SVG"];
    menu.append(" ", button);
    button.addEventListener("click", () => {
      const figure = menu.closest("figure");
      const copy = figure.querySelector("svg").cloneNode(true);
      const style = getComputedStyle(figure);
      copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
      const text = new XMLSerializer().serializeToString(copy).replace(/var\((--[\w-]+),[^)]*\)/g, (_, name) => style.getPropertyValue(name).trim());
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text.replaceAll("currentColor", style.getPropertyValue("--ink").trim())], {type: "image/svg+xml"}));
      link.download = `${figure.id}.svg`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
});
// The contents mark the chapter that one is reading.
(() => {
  const links = new Map([...document.querySelectorAll(".toc a[href^='#'], .bar-nav a")].map((link) => [link, link.hash.slice(1)]));
  const heads = [...document.querySelectorAll("h1[id], h2[id], h3[id], section[id], details.part")].filter((head) => [...links.values()].includes(head.id));
  if (!heads.length) return;
  let waiting;
  const mark = () => {
    waiting = undefined;
    const last = heads.filter((head) => head.getBoundingClientRect().top < innerHeight / 3).at(-1) ?? heads[0];
    for (const [link, id] of links) {
      if (id === last.id) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("scroll", () => (waiting ??= setTimeout(mark, 150)), {passive: true});
  later.add(mark);
})();
// Filter of the claims: the choice is kept in the address, so that it can be shared.
whenShown((root) => {
  const form = root.querySelector("#claim-filter");
  if (!form || form.dataset.started) return;
  form.dataset.started = "yes";
  const claims = [...root.querySelectorAll("article.claim")];
  const articles = root.querySelectorAll("section.of-article");
  const names = ["article", "system", "kind", "grade"];
  const matches = (claim, wanted) => names.every((name) => !wanted[name] || claim.dataset[name] === wanted[name]);

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
});
// What the marks of a drawing stand for, in a line below it: under the pointer or a finger, and by the arrow keys.
whenShown((root) => {
  for (const svg of root.querySelectorAll(".drawing svg, .bars")) {
    const marks = [...svg.querySelectorAll(":is(use, path, rect) > title")].map((title) => [title.parentElement, title.textContent]);
    if (!marks.length) continue;
    const [line, slider] = ["output", "input"].map((name) => document.createElement(name));
    line.className = "mark-said";
    Object.assign(slider, {type: "range", className: "mark-at", min: 0, max: marks.length - 1, value: 0});
    const figure = svg.closest("figure");
    slider.setAttribute("aria-label", figure?.querySelector(".figure-title")?.textContent ?? "");
    svg.after(slider, line);
    const tell = (n) => {
      svg.querySelector(".at")?.classList.remove("at");
      marks[n][0].classList.add("at");
      slider.value = n;
      line.value = marks[n][1];
      slider.setAttribute("aria-valuetext", marks[n][1]);
    };
    slider.addEventListener("focus", () => tell(Number(slider.value)));
    slider.addEventListener("input", () => tell(Number(slider.value)));
    const nearest = ({clientX, clientY}) => {
      const far = ([mark]) => {
        const box = mark.getBoundingClientRect();
        const [dx, dy] = [Math.max(box.left - clientX, 0, clientX - box.right), Math.max(box.top - clientY, 0, clientY - box.bottom)];
        return Math.hypot(dx, dy);
      };
      const ways = marks.map(far);
      const least = Math.min(...ways);
      if (least < 16) tell(ways.indexOf(least));
    };
    svg.addEventListener("pointermove", nearest);
    svg.addEventListener("pointerdown", nearest);
  }
});
