(() => {
  const data = JSON.parse(document.getElementById("article-data").textContent);
  const ids = new Map(Object.entries(data.systems).map(([id, name]) => [name.toLowerCase(), id]));
  const added = new Map(data.newSystems.map((row) => [row.name.toLowerCase(), row]));
  const families = new Set(data.families);
  const named = (id) => data.systems[id] || [...added.values()].find((row) => row.system_id === id)?.name || "";
  const make = (tag, text = "", attributes = {}) => {
    const node = Object.assign(document.createElement(tag), { textContent: text });
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };

  document.getElementById("systems").append(
    ...[...new Set(Object.values(data.systems))].sort().map((name) => make("option", "", { value: name })),
  );

  /** The identifier behind a name; a name that no table holds becomes a system of the ledger's own. */
  const idOf = (name) => {
    const key = name.trim().toLowerCase();
    if (!key) return "";
    if (ids.has(key)) return ids.get(key);
    if (!added.has(key)) {
      const slug = key.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
      const row = { system_id: `own-${slug || "name"}-${added.size + 1}`, name: name.trim(), kind: "other", note: "" };
      added.set(key, row);
    }
    return added.get(key).system_id;
  };

  const unitsOf = (kind) => new Set(
    Object.values(data.evidence).flat().filter((e) => data.kinds[kind].includes(e.quantity)).map((e) => e.unit),
  );
  const kindUnits = new Map(Object.keys(data.kinds).map((kind) => [kind, unitsOf(kind)]));

  const offered = (figure) => (families.has(figure.system) ? [] : data.evidence[figure.system] || []).filter(
    (e) => (data.kinds[figure.kind] || []).includes(e.quantity) && e.unit === figure.unit,
  );

  /** The verdict by the evidence that is ticked; nothing without any. */
  const judged = (figure) => {
    const chosen = offered(figure).filter((e) => figure.used.has(e.id));
    if (figure.same === "no" || !chosen.length || !figure.claimed) return null;
    const estimates = chosen.map((e) => ({ interval: e.interval, strength: e.strength, later: false, standing: e.standing }));
    const finding = { estimates, comparable: true, problem: "" };
    return { ..._held_against(figure.claimed, finding, figure.isDate), says: chosen.map((e) => `${e.says} (${e.source})`) };
  };

  /** Whether a relation ties figures as they are now: of the kinds it was made for, and of one system but for rates. */
  const applies = (relation) => {
    const members = relation.figures.map((i) => figures[i]);
    const owners = new Set(members.filter((figure) => !relation.rates.includes(figure.index)).map((figure) => figure.system));
    return members.every((f) => f.kind === f.given.kind && f.same === "yes") && (relation.any || owners.size === 1);
  };

  /** What the article's own figures make of one of them: it follows from the others, or contradicts them. */
  const related = ({ index }) => {
    const mine = data.relations.filter((r) => r.figures.includes(index) && applies(r));
    const held = mine.find((r) => r.holds);
    const failing = mine.find((r) => !r.holds && (!held || r.figures[0] === index));
    const says = (text, relation) => [`${text} the article's own figures: ${relation.chain}`];
    if (failing) return { grade: "contradicts", ratio: NaN, says: says("does not fit", failing) };
    return held && held.figures[0] === index ? { grade: "accurate", ratio: 1, says: says("follows from", held) } : null;
  };

  const statementOf = (figure) => {
    const kind = figure.kind.replaceAll("_", " ");
    const of = figure.system ? ` of ${named(figure.system)}` : "";
    const spoken = figure.spoken.endsWith(` ${kind}`) ? figure.spoken.slice(0, -kind.length - 1) : figure.spoken;
    return `${kind[0].toUpperCase()}${kind.slice(1)}${of}: ${spoken}`;
  };

  const badgeOf = (grade) => {
    const template = document.querySelector(`template[data-grade="${grade}"]`);
    return template ? template.content.cloneNode(true) : "";
  };

  const why = (verdict) => {
    const { ratio } = verdict;
    const far = ratio > 0 && Number.isFinite(ratio) && ratio !== 1;
    const times = Number(Math.max(ratio, 1 / ratio).toPrecision(3));
    return [far ? `at least ${times} times too ${ratio > 1 ? "large" : "small"}` : "", verdict.says.join("; ")].filter(Boolean).join("; ");
  };

  const show = (figure) => {
    const byEvidence = figure.touched ? judged(figure) : null;
    const verdict = byEvidence || related(figure);
    figure.related = !byEvidence;
    figure.grade = verdict ? verdict.grade : "";
    figure.node.querySelector(".statement").textContent = statementOf(figure);
    figure.node.querySelector(".about").textContent = figure.system ? `[${named(figure.system)}]` : "[no name near]";
    figure.node.querySelector(".grade").replaceChildren(verdict ? badgeOf(verdict.grade) : "");
    figure.node.querySelector(".why").textContent = verdict ? why(verdict) : "";
    figure.node.querySelector(".from")?.remove();
  };

  /** Judge a corrected figure again, and all that only the article's own figures decide. */
  const judgeAgain = (figure) => {
    figure.touched = true;
    for (const other of figures) if (other.touched || other.related || !other.grade) show(other);
    lists();
  };

  const FAILS = ["inaccurate", "wrong", "misleading", "unsupported"];
  const lists = () => {
    for (const [name, holds] of [["fails", (g) => FAILS.includes(g)], ["contradicts", (g) => g === "contradicts"]]) {
      const list = document.querySelector(`.list-${name}`);
      const items = figures.filter((figure) => holds(figure.grade)).map((figure) => {
        const item = make("li");
        const link = make("a", figure.node.querySelector(".statement").textContent, { href: `#${figure.node.id}` });
        const reason = make("span", figure.node.querySelector(".why").textContent, { class: "why" });
        item.append(badgeOf(figure.grade), " ", link, " ", reason);
        return item;
      });
      list.replaceChildren(...items);
      list.previousElementSibling.hidden = items.length > 0;
    }
  };

  const offer = (figure) => {
    const box = figure.node.querySelector(".offered");
    const rows = offered(figure).map((e) => {
      const label = make("label");
      const tick = make("input", "", { type: "checkbox", value: e.id });
      tick.checked = figure.used.has(e.id);
      tick.addEventListener("change", () => {
        if (tick.checked) figure.used.add(e.id);
        else figure.used.delete(e.id);
        judgeAgain(figure);
      });
      label.append(tick, `${e.quantity.replaceAll("_", " ")}: ${e.says}; ${e.standing}; ${e.source}`);
      return label;
    });
    box.replaceChildren(box.querySelector("legend"), ...rows);
  };

  const figures = data.figures.map((given, index) => {
    const node = document.getElementById(`figure-${given.place}`);
    const input = node.querySelector("input.system");
    const figure = { ...given, given, index, node, used: new Set(given.used), same: "yes", system: idOf(input.value) };
    const kind = node.querySelector("select.kind");
    const kinds = [...kindUnits].filter(([, units]) => units.has(figure.unit)).map(([name]) => name);
    const options = [...new Set([figure.kind, ...kinds])];
    kind.append(...options.map((name) => make("option", name.replaceAll("_", " "), { value: name })));
    const again = () => {
      figure.system = idOf(input.value);
      figure.kind = kind.value;
      figure.used = new Set(offered(figure).filter((e) => !/\bpart\b/.test(e.says)).map((e) => e.id));
      offer(figure);
      judgeAgain(figure);
    };
    input.addEventListener("change", again);
    kind.addEventListener("change", again);
    node.querySelector("select.same").addEventListener("change", (event) => {
      figure.same = event.target.value;
      judgeAgain(figure);
    });
    offer(figure);
    return figure;
  });

  const defused = (value) => (/^([\t\r]|\s*[=@＝＠＋－]|\s*[+-](?!\s?[\d.,]+(e[+-]?\d+)?[\p{L}\d_\s%.,–~-]*$))/u.test(value) ? `'${value}` : value); // rows.defused
  const cell = (value) => (/[",\r\n]/.test(defused(value)) ? `"${defused(value).replaceAll('"', '""')}"` : defused(value));
  const csv = (table, rows) => {
    const columns = data.columns[table];
    return `${[columns, ...rows.map((row) => columns.map((name) => cell(String(row[name] ?? ""))))].map((line) => line.join(",")).join("\n")}\n`;
  };
  const rows = () => figures.filter((figure) => figure.row).map((figure) => ({
    ...figure.row,
    kind: figure.row.kind === "count" && figure.kind === "money" ? "count" : figure.kind,
    system_id: figure.system,
    evidence_ids: figure.same === "no" ? "" : offered(figure).filter((e) => figure.used.has(e.id)).map((e) => e.id).join(" "),
    statement: statementOf(figure).slice(0, 300),
  }));
  const used = () => new Set(figures.map((figure) => figure.system));

  const reviews = () => {
    const graph = figures.filter((figure) => figure.grade && figure.grade !== "contradicts").map((figure) => {
      const rank = data.ratings[figure.grade];
      const numbers = rank ? { ratingValue: rank, bestRating: Object.keys(data.ratings).length, worstRating: 1 } : {};
      return {
        "@type": "ClaimReview",
        url: `#${figure.node.id}`,
        datePublished: new Date().toISOString().slice(0, 10),
        claimReviewed: statementOf(figure),
        itemReviewed: { "@type": "Claim", appearance: { "@type": "NewsArticle", headline: data.article.title } },
        reviewRating: { "@type": "Rating", ...numbers, alternateName: figure.grade },
      };
    });
    return `${JSON.stringify({ "@context": "https://schema.org", "@graph": graph }, null, 1)}\n`;
  };

  /** The page without sentences, controls and script. */
  const share = () => {
    const copy = document.documentElement.cloneNode(true);
    for (const node of copy.querySelectorAll("[data-private], script, template")) node.remove();
    const policy = copy.querySelector('meta[http-equiv="Content-Security-Policy"]');
    policy.content = policy.content.replace(/script-src [^;]+;/, "");
    return `<!DOCTYPE html>\n${copy.outerHTML}\n`;
  };

  const files = {
    claims: ["claims.csv", "text/csv", () => csv("claims", rows())],
    articles: ["articles.csv", "text/csv", () => csv("articles", [data.article])],
    systems: ["systems.csv", "text/csv", () => csv("systems", [...added.values()].filter((row) => used().has(row.system_id)))],
    reviews: ["claim-reviews.json", "application/ld+json", reviews],
    share: ["article.html", "text/html", share],
  };
  for (const button of document.querySelectorAll("[data-save]")) {
    button.addEventListener("click", () => {
      const [name, type, content] = files[button.dataset.save];
      const link = make("a", "", { download: name });
      link.href = URL.createObjectURL(new Blob([content()], { type }));
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      document.querySelector(".saved").textContent = `Saved ${name}.`;
    });
  }
})();
