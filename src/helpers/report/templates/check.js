// Check a sentence: the few words that are typed, looked up in the index that Python has worked out.
const checkIndex = (data) => {
  const N = data.ids.length;
  const unpacked = (steps) => {
    let at = -1;
    return [...steps.matchAll(/([!-;]*)([@-}])/g)].map(([, high, low]) => (at += fragments.number(high, low) + 1));
  };
  const [from, to] = data.fold.map((text) => [...text]);
  const fold = new Map(from.map((sign, n) => [sign, to[n]]));
  const normal = (text) =>
    [...text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim()].map((sign) => fold.get(sign) ?? sign).join("");
  const failed = new Set(unpacked(data.failed));
  const starts = unpacked(data.passages);
  const FEW = 3;
  const kinds = Object.fromEntries(Object.entries(data.kinds).map(([kind, steps]) => [kind, unpacked(steps)]));
  const kindOf = [];
  for (const [kind, found] of Object.entries(kinds)) for (const n of found) kindOf[n] = kind;
  const unitOf = [];
  for (const [unit, found] of Object.entries(data.units)) for (const n of unpacked(found)) unitOf[n] = unit;
  const passages = data.ids.map((_, n) => starts.findLastIndex((start) => start <= n));
  const names = Object.keys(data.names).sort((a, b) => b.length - a.length);
  const weigh = (found) => Math.log((N + 1) / (found + 0.5));

  // A figure as value and unit. Python has read the claims; this reads what a reader types.
  const SCALES = {万亿: 1e12, 千亿: 1e11, 百亿: 1e10, 十亿: 1e9, 亿: 1e8, 千万: 1e7, 百万: 1e6, 十万: 1e5, 万: 1e4, 千: 1e3, 百: 100, thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12, hundred: 100, dozen: 12, k: 1e3, m: 1e6, mn: 1e6, bn: 1e9, b: 1e9, t: 1e12, tn: 1e12};
  const UNITS = [
    ["fraction", 0.01, "%|per ?cent|percent|个百分点"], ["fraction", 0.1, "成"], ["ratio", 1, "times|[- ]?fold|x(?![a-z])|×|倍"],
    ["FLOP", 8.64e19, "pd(?![a-z])|pf-?days?|petaflops?[/ -]*s?[- ]*days?|petaflops?"], ["FLOP/s", 1e12, "tflops?(?:/s)?|teraflops?(?:/s)?"], ["byte", 1e12, "tb|terabytes?|太字节"], ["byte", 1e9, "gb|gigabytes?|gigs?|g(?![a-z])"],
    ["s", 3600, "hours?|小时"], ["s", 86400, "days?|天|日"], ["s", 604800, "weeks?|周|个?星期"], ["s", 2629800, "months?|个月"], ["s", 31557600, "years?|年"],
    ["chip", 1, "(?:nvidia )?(?:\\w\\d+ )?(?:gpus?|cards?|chips?|accelerators?|tpus?|cores?|块|张|卡|片|枚|颗)"], ["parameter", 1, "param\\w*|weights?|个?参数"],
    ["token", 1, "tokens?|个?词元"], ["word", 1, "words?|个?字|个?词"], ["USD", 1, "dollars?|usd|美元"], ["layer", 1, "layers?|层"], ["count", 1, "个|种|项|家|次|篇"],
  ];
  // Nouns that stand before their figure: 参数上千亿, layers: 96.
  const BEFORE = [["parameter", /(?:参数|param\w*)[^\d,，、;。]{0,6}$/], ["layer", /(?:层数|layers?)[^\d,，、;。]{0,6}$/], ["token", /(?:词元|tokens?)[^\d,，、;。]{0,6}$/]];
  const ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
  const TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
  const spelled = (word) => (ONES.includes(word) ? ONES.indexOf(word) : TENS.includes(word) ? 10 * TENS.indexOf(word) + 20 : { half: 0.5, a: 1 }[word]);
  const HAN_SIGN = /[\u3400-\u9fff]/;
  const HAN = "零一二三四五六七八九";
  const han = (text) => {
    let [sum, digit] = [0, 0];
    for (const sign of text.replace(/两/g, "二")) {
      const power = {十: 10, 百: 100, 千: 1000}[sign];
      if (power) [sum, digit] = [sum + (digit || 1) * power, 0];
      else if (sign === "半") [sum, digit] = [sum + digit + 0.5, 0];
      else digit = HAN.indexOf(sign);
    }
    return sum + digit;
  };
  const scales = Object.keys(SCALES).sort((a, b) => b.length - a.length).map((s) => (/[a-z]/.test(s) ? `${s}(?![a-z])` : s)).join("|");
  const SCALE = new RegExp(scales, "g");
  const unit = UNITS.map(([, , words]) => `(${words})`).join("|");
  const FIGURE = new RegExp(`(?<![a-z\\d.-])(?:(\\d[\\d,]*(?:\\.\\d+)?(?:e\\d+)?)|([零一二两三四五六七八九十百千半]+)(?=成|倍|多|余|来|万|亿|百万|千万|个|天|块|张|卡|年|月|层|种|分之)|(${[...ONES, ...TENS, "half"].join("|")}|a(?= (?:dozen|hundred|thousand|million|billion|trillion)))(?![a-z]))[ -]*(?:多|余|来)?((?:(?:${scales})[ -]?)*)(?:plus|odd|or so|\\+)?[ -]*(?:(?:million|billion|trillion|of) )*(?:${unit})?`, "g");
  const MONTHS = "january february march april may june july august september october november december".split(" ");
  const DATE = new RegExp(`(\\d{4})[年-](?:(\\d{1,2})(?:月|-|(?!\\d))(?:(\\d{1,2})日?)?)?|(\\d{1,2})月(?:(\\d{1,2})日)?|(?:(\\d{1,2}) )?\\b(${MONTHS.join("|")})\\b(?: (\\d{1,2})(?!\\d),?)?(?: (\\d{4}))?|(?<![\\d.,])((?:19|20)\\d{2})(?![\\d.,]| ?(?:${unit}))`, "g");

  const squeeze = (text) => text.replace(/[-\s·]/g, "");
  const read = (query) => {
    let rest = normal(query);
    const take = (pattern, use) => (rest = rest.replace(pattern, (...parts) => (use(parts) ? " ¦ " : parts[0])));
    const [found, dates, figures] = [[], [], []];
    const squeezed = squeeze(rest);
    for (const name of names) {
      if (!squeezed.includes(squeeze(name))) continue;
      const plain = [...squeeze(name)].map((sign) => sign.replace(/[.*+?^${}()|[\]\\]/, "\\$&")).join("[-\\s·]?");
      const bound = /^[\x00-\x7f]*$/.test(name) ? new RegExp(`(?<![a-z0-9])${plain}s?(?![a-z0-9]|-\\d)`, "g") : new RegExp(plain, "g");
      take(bound, () => found.push(name));
    }
    take(/(\d+|[一二三四五六七八九十百]+)分之(\d+|[一二三四五六七八九十]+)/g, ([said, below, above]) => {
      const [a, b] = [above, below].map((one) => (/\d/.test(one) ? Number(one) : han(one)));
      return figures.push({unit: "fraction", value: a / b, factor: 1, said});
    });
    // Months and years as they are spoken: 十一月, 21年3月, 半个多月.
    rest = rest.replace(/个([多来半])(?=月|星期|小时)/g, "$1个").replace(/([一二三四五六七八九十]+)月/g, (_, month) => `${han(month)}月`).replace(/(?<!\d)(\d\d)年(?=\d+月)/g, "20$1年");
    take(/(an?|one|two|three|four) (third|quarter|fifth|tenth)s?(?![a-z])/g, ([said, above, below]) => {
      const parts = {third: 3, quarter: 4, fifth: 5, tenth: 10}[below];
      return figures.push({unit: "fraction", value: Math.max(1, ONES.indexOf(above)) / parts, factor: 1, said});
    });
    take(DATE, ([, y, m, d, m2, d2, d3, month, d4, y2, y3]) => {
      const two = (n) => String(n).padStart(2, "0");
      const [year, mon, day] = [y ?? y2 ?? y3, m ?? m2 ?? (month && MONTHS.indexOf(month) + 1), d ?? d2 ?? d3 ?? d4];
      if (month === "may" && !year && !day) return false;
      if (year) dates.push(`@${year}`);
      if (mon) dates.push(year ? `@${year}-${two(mon)}` : `@${two(mon)}`);
      if (year && mon && day) dates.push(`@${year}-${two(mon)}-${two(day)}`);
      return true;
    });
    take(FIGURE, ([whole, digits, chinese, english, scale, ...others]) => {
      const [units, place, text] = [others.slice(0, UNITS.length), ...others.slice(UNITS.length)];
      let value = digits ? Number(digits.replace(/,/g, "")) : chinese ? han(chinese) : spelled(english);
      for (const [word] of scale.matchAll(SCALE)) value *= SCALES[word];
      const at = units.findIndex(Boolean);
      const [name, factor] = at < 0 ? [BEFORE.find(([, noun]) => noun.test(text.slice(0, place)))?.[0] ?? "", 1] : UNITS[at];
      return Number.isFinite(value) && figures.push({unit: name, value: value * factor, factor, said: whole.trim()});
    });
    const terms = new Set(dates);
    for (const [phrase, word] of Object.entries(data.phrases)) rest = rest.replaceAll(phrase, ` ${word} `);
    const add = (word) => terms.add(data.meanings[word] ?? word);
    for (const [word] of rest.matchAll(/[a-z]{2,}/g)) add(word.slice(0, data.stem));
    for (const [run] of rest.matchAll(/[\u3400-\u9fff]+/g)) {
      const signs = [...run];
      for (const [n, sign] of signs.entries()) {
        add(sign);
        if (n) add(signs[n - 1] + sign);
      }
    }
    const plain = normal(query);
    const says = (word) => (/[a-z]/.test(word) ? new RegExp(`(?<![a-z])${word}(?![a-z])`).test(plain) : plain.includes(word));
    const kinds = Object.keys(data.asking).filter((kind) => data.asking[kind].split(" ").some(says));
    // A name that the claims do not hold: with a capital inside the sentence, or a version behind it.
    const stranger = [...query.normalize("NFKC").matchAll(/[A-Z][A-Za-z]+(?:[ -]?\d)?/g)].some(({0: word, index}) => {
      const [plain] = normal(word).split(/[ -]/);
      const known = found.some((name) => name.includes(plain)) || (data.meanings[plain.slice(0, data.stem)] ?? plain.slice(0, data.stem)) in data.terms || MONTHS.includes(plain);
      return !known && (index > 0 || /\d/.test(word));
    });
    return {names: [...new Set(found)], terms, figures, kinds, stranger, dated: dates.length > 0, chinese: HAN_SIGN.test(query)};
  };

  const COUNTED = ["chip", "core", "server", "word", "token", "count"];
  const alike = (asked, unit) => (asked === unit ? 1 : !asked || (COUNTED.includes(asked) && COUNTED.includes(unit)) ? 0.7 : 0);
  const near = (value, low, high) => value >= low * 0.995 && value <= high * 1.005;
  // Whether a typed value may be another, rounded: within a unit of its last digit that is not nought, and 15 %.
  const rounds = (value, whole) => {
    const digits = String(value).replace(/e.*|\D/g, "").replace(/^0+|0+$/g, "").length;
    return Math.abs(whole - value) < 0.15 * value && Math.abs(whole - value) < 10 ** (Math.floor(Math.log10(value)) - digits + 1);
  };

  // What each claim shares with what was typed, by the name of the trait; benchmarks/fit_search.py has fitted what each is worth.
  const traits = (asked) => {
    const shared = new Map();
    const add = (n, trait, worth) => {
      if (!shared.has(n)) shared.set(n, {});
      const held = shared.get(n);
      held[trait] = (held[trait] ?? 0) + worth;
    };
    sharedFigures(asked, add);
    for (const name of asked.names) {
      const lists = data.names[name].map(unpacked);
      for (const [place, found] of lists.entries()) {
        for (const n of found) {
          add(n, place ? "mentioned" : "named", weigh(lists[0].length + lists[1].length));
          add(n, "names", 1 / asked.names.length);
        }
      }
    }
    sharedWords(asked, add);
    sharedKind(asked, shared);
    const units = new Set(asked.figures.map((figure) => figure.unit));
    for (const [n, held] of shared) {
      if (units.has(unitOf[n])) held.unit = 1;
      if (held.unit && (held.named || held.mentioned)) held.answers = 1;
      if (held.named) held.about = 1;
      if (unitOf[n] && !asked.figures.length) held.unasked = 1;
      if (!unitOf[n] && asked.figures.length) held.unanswered = 1;
      if (!unitOf[n] && !asked.figures.length && !asked.dated) held.statement = 1;
    }
    for (const kind of asked.kinds) for (const n of kinds[kind]) if (shared.has(n)) shared.get(n)[kind] = 1;
    return shared;
  };
  const sharedFigures = ({figures}, add) => {
    for (const [place, {unit: wanted, value, factor}] of figures.entries()) {
      const best = new Map();
      for (const [n, unit, middle, low, high, own] of data.figures) {
        const match = (near(value, middle, middle) ? 1 : near(value, low, high) ? 0.6 : rounds(value / factor, middle / factor) ? 0.4 : 0) * alike(wanted, unit);
        if (match * (own ? 1 : 0.6) > (best.get(n)?.fit ?? 0)) best.set(n, {fit: match * (own ? 1 : 0.6), match, own});
      }
      for (const [n, {match, own}] of best) {
        add(n, own ? "figure" : "besides", match * weigh(best.size));
        if (own && !place) add(n, "first", match);
      }
    }
  };
  // What kind of claim the words are of: how much oftener each stands in claims of the kind than in all, shrunk where they are few.
  const sharedKind = ({terms}, shared) => {
    const {claimsWith} = prepared();
    const worth = new Map();
    for (const term of terms) {
      const found = claimsWith(term).flat();
      if (term[0] === "@" || (term.length < 2 && HAN_SIGN.test(term)) || !found.length) continue;
      const held = new Map();
      for (const n of found) held.set(kindOf[n], (held.get(kindOf[n]) ?? 0) + 1);
      for (const [kind, count] of held) {
        const [all, usual] = [kinds[kind].length, found.length / N];
        worth.set(kind, (worth.get(kind) ?? 0) + Math.max(0, Math.log((count + FEW * usual) / (all + FEW) / usual)));
      }
    }
    for (const [n, held] of shared) held.sort = worth.get(kindOf[n]) ?? 0;
  };
  const sharedWords = ({terms, chinese}, add) => {
    const {own, claimsWith} = prepared();
    const words = [...terms].filter((term) => term[0] !== "@" && (term.length > 1 || !HAN_SIGN.test(term)));
    const whole = words.reduce((sum, word) => sum + weigh(claimsWith(word)[0].length), 0);
    for (const term of terms) {
      const [found, retold] = claimsWith(term);
      const worth = weigh(found.length);
      const trait = term[0] === "@" ? "dated" : !HAN_SIGN.test(term) ? "latin" : term.length > 1 ? "pair" : "sign";
      for (const n of retold) {
        const rare = weigh(found.length + retold.length);
        add(n, HAN_SIGN.test(term) ? "retoldPair" : "retold", rare);
        add(n, "retoldAsked", rare / whole);
      }
      for (const n of found) {
        add(n, trait, worth);
        if (trait !== "latin" && trait !== "pair") continue;
        add(n, "asked", worth / whole);
        add(n, "said", worth / Math.max(own[chinese ? 1 : 0][n], worth));
      }
    }
  };

  // Claims in the order of their worth: the sum of what they share, each as much as it weighs.
  const search = (query, most = 8) => {
    const asked = read(query);
    const shared = traits(asked);
    const worth = new Map([...shared].map(([n, held]) => [n, Object.entries(held).reduce((sum, [trait, one]) => sum + one * data.weights[trait], 0)]));
    const rank = (n) => Math.round(2 * worth.get(n)); // what is nearer than that is equal: first those that fail, then in the articles' order
    const order = [...shared.keys()].sort((a, b) => rank(b) - rank(a) || failed.has(b) - failed.has(a) || a - b);
    const [top] = order;
    const best = shared.get(top);
    const united = asked.figures.some(({unit}) => unit);
    const figure = Boolean((best?.figure && (best.unit || !united)) || best?.besides || best?.dated);
    const figured = !asked.figures.length || figure || differing(top, asked); // one that says nothing of the kind is no match
    const strong = Boolean(best && figured && (best.named || best.mentioned || best.asked > (asked.stranger ? 0.8 : 0.5) || (!asked.stranger && figure)));
    const first = new Map(); // of those that are worth half as much as the best, those printed in one passage stand together
    for (const n of order) if (worth.get(n) > worth.get(top) / 2 && !first.has(passages[n])) first.set(passages[n], first.size);
    const place = (n) => (worth.get(n) > worth.get(top) / 2 ? first.get(passages[n]) : first.size);
    order.sort((a, b) => place(a) - place(b));
    return {asked, strong, hits: order.slice(0, most).map((n) => ({n, id: data.ids[n], score: worth.get(n), differs: differing(n, asked)}))};
  };
  // A match whose figure is of the unit that was typed, and is another.
  const differing = (n, {figures}) => {
    const own = data.figures.filter(([m]) => m === n);
    return figures.find(({unit, value}) => {
      const same = own.filter(([, one]) => unit && one === unit);
      return same.length && !same.some(([, , middle, low, high]) => near(value, middle, middle) || (low < middle && middle < high && high < 1.3 * low && near(value, low, high)));
    });
  };
  // The claims that say a word (with a single Chinese character, those with a pair that holds it), those that readers retell with
  // it, and what all words of a claim weigh, those in Latin letters and those in Chinese.
  let kept;
  const prepared = () => {
    if (kept) return kept;
    const [words, signs] = [new Map(), new Map()];
    const own = [new Float64Array(N), new Float64Array(N)];
    for (const [start, packed] of Object.entries(data.terms)) {
      // A Chinese sign leads to all pairs that it begins.
      for (const [, rest, steps] of packed.matchAll(/(?=.)([\u3400-\u9fff]?)([!-}]*)/g)) {
        const all = unpacked(steps);
        words.set(start + rest, [0, 1].map((odd) => all.filter((n) => n % 2 === odd).map((n) => n >> 1)));
      }
    }
    for (const [word, [found]] of words) {
      const chinese = HAN_SIGN.test(word);
      if (word[0] !== "@") for (const n of found) own[chinese ? 1 : 0][n] += weigh(found.length);
      if (!chinese) continue;
      for (const sign of word) {
        if (!signs.has(sign)) signs.set(sign, new Set());
        for (const n of found) signs.get(sign).add(n);
      }
    }
    const claimsWith = (word) => words.get(word) ?? [[...(signs.get(word) ?? [])], []];
    return (kept = {own, words, claimsWith});
  };
  return {search, traits, read, prepare: prepared};
};

(() => {
  const form = document.getElementById("check");
  const block = document.getElementById("check-index");
  if (!form || !block) return;
  const [box, panel] = [form.elements.q, document.getElementById("check-results")];
  const [said, list] = [panel.querySelector(".said"), panel.querySelector("ol")];
  let index;
  const ready = () => (index ??= checkIndex(JSON.parse(block.textContent)));
  later.add(() => ready().prepare());

  const lineOf = ({id}) => {
    const item = document.createElement("li");
    item.dataset.result = id;
    const link = document.createElement("a");
    link.setAttribute("href", `#claim-${id}`);
    link.append(fragments.made(fragments.heading(id).replace(/<(\/?)a\b/g, "<$1span")));
    item.append(link);
    return item;
  };
  const cardOf = ({id}) => {
    const item = document.createElement("li");
    item.dataset.result = id;
    item.className = "best";
    const inside = fragments.made(fragments.claim(id).replace(/<(\/?)h5>/g, "<$1h2>"));
    for (const one of inside.querySelectorAll("[id]")) one.removeAttribute("id");
    item.append(inside);
    fragments.withCards(item, item);
    tools(item.querySelector("article"), id);
    return item;
  };
  const show = () => {
    const query = box.value.trim();
    panel.hidden = !query;
    list.replaceChildren();
    said.textContent = "";
    if (!query) return;
    const {asked, hits, strong} = ready().search(query);
    const [first, ...others] = hits;
    if (first) list.append(strong ? cardOf(first) : lineOf(first), ...others.map(lineOf));
    const other = strong && first?.differs;
    said.textContent = !strong ? words.nothing : other ? words.differs.replace("{said}", () => other.said) : words.found;
    panel.querySelector(".try")?.remove();
    if (!strong || other) panel.append(suggestions(asked));
  };
  // No claim: what the calculator can do with the figures, and the command that reads a whole article.
  const suggestions = ({figures}) => {
    const fields = {parameter: "params", token: "tokens", chip: "count"};
    const query = new URLSearchParams(figures.filter(({unit}) => fields[unit]).map(({unit, value}) => [fields[unit], value]));
    const place = document.createElement("p");
    place.className = "try";
    if (query.size) {
      query.set("scenario", document.getElementById("what-if")?.dataset.opens ?? "");
      const link = document.createElement("a");
      link.setAttribute("href", "#explorer");
      link.textContent = words.calculate;
      link.addEventListener("click", () => {
        history.pushState(null, "", `?${query}#explorer`);
        dispatchEvent(new PopStateEvent("popstate"));
      });
      place.append(link, " ");
    }
    place.append(words.scan);
    return place;
  };
  const asked = () => {
    try {
      const text = location.hash.match(/^#q=(.*)/s)?.[1];
      return text === undefined ? undefined : decodeURIComponent(text.replace(/\+/g, " ").replace(/%(?![0-9a-f]{2})/gi, "%25"));
    } catch {
      return location.hash.slice(3);
    }
  };
  let waiting;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      history.replaceState(null, "", location.pathname + location.search + (box.value.trim() ? `#q=${encodeURIComponent(box.value.trim())}` : ""));
    }, 400);
    show();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
    panel.scrollIntoView({block: "nearest"});
  });
  const restore = () => {
    const text = asked();
    if (text === undefined || text === box.value.trim()) return;
    box.value = text;
    show();
    panel.scrollIntoView({block: "nearest"});
  };
  addEventListener("hashchange", restore);
  restore();
})();
