// What Python has written and escaped stands in the page as inert text; here it becomes elements when it is asked for.
const fragments = (() => {
  const policy = globalThis.trustedTypes?.createPolicy("fragments", {createHTML: (text) => text}) ?? {createHTML: (text) => text};
  const key = document.getElementById("key").textContent.split("~"); // what each code stands for
  const number = (high, low) => [...high].reduce((n, sign) => n * 27 + sign.charCodeAt() - 32, 0) * 62 + low.charCodeAt() - 64;
  const texts = new Map(); // written out when they are first asked for
  const names = [...document.querySelectorAll("script[data-part]")].map((one) => one.dataset.part);
  const textOf = (name) => {
    if (!texts.has(name)) texts.set(name, document.querySelector(`script[data-part="${name}"]`).textContent.replace(/~([!-;]*)([@-}])/g, (_, high, low) => key[number(high, low)]));
    return texts.get(name);
  };
  const made = (text) => {
    const holder = document.createElement("template");
    holder.innerHTML = policy.createHTML(text);
    return holder.content;
  };
  const between = (text, start, end) => {
    const from = text.indexOf(start);
    return from < 0 ? "" : text.slice(from, text.indexOf(end, from) + end.length);
  };
  const chapterOf = (id) => names.find((name) => textOf(name).includes(` id="${id}"`));
  const anywhere = (start, end) => {
    for (const name of names) {
      const found = between(textOf(name), start, end);
      if (found) return found;
    }
    return "";
  };
  // The block of a claim, and its first line only.
  const claim = (id) => between(textOf("verdicts"), `<article class="claim" id="claim-${id}"`, "</article>");
  const heading = (id) => between(claim(id), "<h5>", "</h5>").slice(4, -5).replace(/<a class="anchor".*$/s, "");

  // Citations open cards, made of the list of sources.
  const withCards = (root, place) => {
    for (const button of root.querySelectorAll("[popovertarget]")) {
      const id = button.getAttribute("popovertarget");
      const card = place.querySelector(`[id="${id}"]`) ?? document.getElementById(id) ?? cardOf(id.replace(/^cite-/, ""));
      if (card && card.parentElement !== place) place.append(card);
    }
  };
  const cardOf = (key) => {
    const entry = anywhere(`<li id="ref-${key}">`, "</li>");
    if (!entry) return null;
    const card = document.createElement("aside");
    [card.className, card.id, card.popover] = ["card", `cite-${key}`, "auto"];
    card.setAttribute("aria-label", words.source);
    const [said, list] = [document.createElement("p"), document.createElement("p")];
    said.append(...made(entry).firstElementChild.childNodes);
    said.querySelector(".key")?.remove();
    const link = document.createElement("a");
    link.setAttribute("href", `#ref-${key}`);
    link.textContent = words.in_list;
    list.append(link);
    card.append(said, list);
    return card;
  };

  // An id is in the page once: a hidden line gives its own to what is shown in its place.
  const adopt = (root) => {
    for (const one of root.querySelectorAll("[id]")) {
      const there = document.getElementById(one.id);
      if (there?.matches(".finds > a")) [there.dataset.id, there.id] = [there.id, ""];
      else if (there && there !== one) one.removeAttribute("id");
    }
  };
  const giveBack = (root) => {
    for (const one of root.querySelectorAll("[id]"))
      for (const find of document.querySelectorAll(".finds > a[id='']")) if (find.dataset.id === one.id) find.id = one.id;
  };

  // A chapter in its place. Of its claims the first line alone: the rest opens with it.
  const SHORT = /(<article class="claim"[^>]*>\n<h5>.*?<\/h5>)[\s\S]*?<\/article>/g;
  const openPart = (name) => {
    const part = document.getElementById(name);
    if (!part?.matches(".part") || part.dataset.filled) return part;
    part.dataset.filled = "yes";
    const inside = made(textOf(name).replace(/^\s*<h2 [\s\S]*?<\/h2>/, "").replace(SHORT, "$1</article>"));
    adopt(inside);
    const body = document.createElement("div");
    body.append(inside);
    for (const block of body.querySelectorAll("article.claim h5")) {
      const more = document.createElement("button");
      [more.type, more.className, more.textContent] = ["button", "more-of-claim", words.show];
      more.setAttribute("aria-expanded", "false");
      block.append(more);
    }
    part.append(body);
    withCards(body, body);
    started(body);
    return part;
  };
  document.addEventListener("toggle", (event) => event.target.matches?.(".part") && event.target.open && openPart(event.target.id), true);
  document.addEventListener("click", (event) => {
    const more = event.target.closest(".more-of-claim");
    if (!more) return;
    const block = more.closest("article");
    const open = more.getAttribute("aria-expanded") === "true";
    for (const old of block.querySelectorAll(":scope > :not(h5)")) old.remove();
    more.setAttribute("aria-expanded", String(!open));
    if (open) return;
    const whole = made(claim(block.id.replace(/^claim-/, ""))).firstElementChild;
    whole.querySelector("h5").remove();
    block.append(...whole.childNodes);
    withCards(block, block);
  });

  // A card: the block of a claim in a dialog, with what can be done with it.
  const dialog = document.getElementById("card");
  const held = dialog?.querySelector(".held-card");
  const openCard = (id) => {
    const text = claim(id);
    if (!text) return false;
    if (held.firstChild) giveBack(held);
    const inside = made(text);
    adopt(inside);
    held.replaceChildren(inside);
    withCards(held, held);
    tools(held.querySelector("article"), id);
    held.querySelector("details.chain")?.setAttribute("open", "");
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    return true;
  };
  dialog?.querySelector(".close").addEventListener("click", () => dialog.close());
  dialog?.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog?.addEventListener("close", () => {
    giveBack(held);
    held.replaceChildren();
    if (location.hash.startsWith("#claim-")) history.replaceState(null, "", location.pathname + location.search);
  });

  // Figures and what follows the story are laid out when they come near; all of them before an address leads to one.
  for (const part of document.querySelectorAll(".story figure, #what-if, #reference"))
    later.add(() => {
      Object.assign(part.style, {contentVisibility: "visible", animation: "none"});
      part.getBoundingClientRect();
    });

  // Every address leads to what it names, wherever that is kept.
  const anchor = () => {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return location.hash.slice(1); // a stray % names nothing, and breaks nothing
    }
  };
  const go = () => {
    const id = anchor();
    if (id.startsWith("claim-") && openCard(id.slice(6))) return;
    if (dialog?.open) dialog.close();
    if (id) later.finish();
    let there = id && document.getElementById(id);
    if (id && (!there || there.matches(".finds > a, .part"))) {
      const name = there?.matches(".part") ? id : chapterOf(id);
      if (!name) return;
      const part = openPart(name);
      part.open = true;
      there = document.getElementById(id);
      for (let up = there; up; up = up.parentElement) if (up.matches("details")) up.open = true;
    }
    if (there) setTimeout(() => there.scrollIntoView());
  };
  addEventListener("hashchange", go);
  // A link to where one is already would change nothing.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash) go();
  });
  // The browser's own search has found a hidden line: its card opens below it.
  document.addEventListener("beforematch", (event) => {
    const find = event.target;
    if (!find.matches(".finds > a") || find.id === anchor()) return;
    const [kind, id] = [find.id.split("-", 1)[0], find.id.slice(find.id.indexOf("-") + 1)];
    if (kind !== "claim") return setTimeout(() => (location.hash = find.id));
    const inside = made(claim(id));
    for (const one of inside.querySelectorAll("[id]")) one.removeAttribute("id");
    const place = document.createElement("div");
    place.append(inside);
    find.after(place);
    withCards(place, place);
    tools(place.querySelector("article"), id);
  });
  addEventListener("DOMContentLoaded", () => {
    const kept = new URLSearchParams(location.search);
    if (location.hash) go();
    else if (["article", "system", "kind", "grade"].some((name) => kept.has(name)) && openPart("verdicts")) document.getElementById("verdicts").open = true;
  });
  return {claim, heading, made, number, withCards};
})();
