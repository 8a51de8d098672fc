// Numbers as a reader sees them: what helpers.numbers and helpers.scenarios.wording write in the rest of the page.
const numberWords = (given) => {
  const {readable: steps, scales, spoken, units, plurals, bare, percent, amounts: said} = given;
  const fill = (text, value) => text.replace(/\{\w+\}/, () => value);
  // Python rounds exact halves to the even digit, JavaScript upwards.
  const round = (value, digits) => {
    const [mantissa, exponent] = value.toExponential(60).split("e");
    const kept = mantissa.slice(0, digits > 1 ? digits + 1 : 1);
    const half = /^\.?50*$/.test(mantissa.slice(kept.length));
    return half && "02468".includes(kept.at(-1)) ? `${kept}e${exponent}` : value.toExponential(digits - 1);
  };

  const grouped = (value, places = 0) => {
    if (spoken.length && !places && value >= 1e4 && value < 1e16 && value % (value < 1e5 ? 1e3 : 100) === 0) {
      const [size, name] = spoken.find(([least]) => value >= least);
      const round = Number((value / size).toPrecision(6));
      if (round * size === value) return round + name;
    }
    const text = Math.abs(value) >= 1e20 ? BigInt(value).toString() : value.toFixed(places);
    const [whole, part] = text.split(".");
    const shown = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
    return part ? `${shown}.${part}` : shown;
  };

  const plain = (value, digits = 3) => {
    if (value === 0) return "0";
    const exponent = Number(value.toExponential().split("e")[1]);
    const text = grouped(Number(round(value, digits)), Math.max(0, digits - 1 - exponent));
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  };

  const words = (value, digits = 3) => {
    const scale = scales.find(([size]) => value >= size * 0.9995);
    if (!scale) return plain(value, digits);
    if (!spoken.length) return `${plain(value / scale[0], digits)} ${scale[1]}`;
    const rounded = Number(round(value / scale[0], digits)) * scale[0]; // all editions round alike
    const [size, name] = spoken.find(([least]) => rounded >= least) ?? spoken.at(-1);
    return plain(rounded / size, 12) + name;
  };

  // A Chinese unit follows without a space.
  const withUnit = (text, unit) => text + (/^[ -~]*$/.test(unit) ? " " : "") + unit;

  const readable = (value, unit, digits) => {
    if (unit === "fraction") return plain(100 * value, digits) + percent;
    const step = (steps[unit] ?? []).find(([least]) => value >= least);
    if (step) return withUnit(words(value / step[1], digits), step[2]);
    const name = unit + (plurals.includes(unit) && value !== 1 ? "s" : "");
    return bare.includes(unit) ? words(value, digits) : withUnit(words(value, digits), units[name] ?? name);
  };

  const scientific = (value, digits = 3) => {
    if (value === 0) return "0";
    const [mantissa, exponent] = round(value, digits).split("e");
    return `${mantissa}×10${[...String(Number(exponent))].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("")}`;
  };

  const amounts = {
    training_flop: (v) => `${scientific(v)} FLOP`,
    petaflop_s_day_6nd: (v) => `${plain(v, 4)} PD`,
    petaflop_s_day_8nd: (v) => `${plain(v, 4)} PD`,
    active_params: (v) => fill(said.parameters, words(v, 4)),
    tokens: (v) => fill(said.tokens, words(v, 4)),
    count: (v) => {
      const chips = Math.ceil(v * (1 - 1e-9));
      return fill(chips === 1 ? said.accelerator : said.accelerators, grouped(chips));
    },
    days: (v) =>
      v < 1 ? fill(said.hours, plain(24 * v)) : v < 1461 ? fill(said.days, plain(v)) : fill(said.years, plain(v / 365.25)),
    chip_hours: (v) => fill(said.chip_hours, words(v)),
    energy_kwh: (v) => readable(v * 3.6e6, "J", 3),
    carbon_kg: (v) => fill(said.carbon, readable(v, "kg", 3)),
    cost_usd: (v) => fill(said.dollars, words(v, 3)),
    purchase_usd: (v) => fill(said.dollars, words(v, 3)),
    tokens_per_param: (v) => plain(v, 3),
    optimal_params: (v) => fill(said.parameters, words(v)),
    optimal_tokens: (v) => fill(said.tokens, words(v)),
    state_share: (v) => plain(100 * v, 3) + percent,
  };
  const amount = (figure, value) =>
    Number.isFinite(value) ? (amounts[figure] ?? ((v) => fill(said.times, plain(v, 3))))(value) : given.unknown;
  const between = (low, high) => given.range.replace("{low}", () => low).replace("{high}", () => high);

  const unitOf = (text) => text.replace(/^[\d.,]+(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?:万亿|亿|万)?/, "");
  const withoutScale = (unit) => unit.replace(/^ (?:million|billion|trillion|quadrillion)(?= )/, "");
  // A range with its unit once.
  const span = (figure, low, high) => {
    if (!(Number.isFinite(low) && low < high)) return "";
    const [first, last] = [amount(figure, low), amount(figure, high)];
    const unit = unitOf(last);
    const shared = [unit, withoutScale(unit)].find((end) => first.endsWith(end)) ?? "";
    return between(first.slice(0, first.length - shared.length), last);
  };

  // A range behind its value, whose unit it need not say again.
  const behind = (value, ends) => {
    const unit = withoutScale(unitOf(value));
    return ends.endsWith(unit) ? ends.slice(0, ends.length - unit.length) : ends;
  };

  return {plain, words, readable, scientific, amount, between, span, behind};
};
