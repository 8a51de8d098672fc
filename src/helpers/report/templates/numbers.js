// Numbers as a reader sees them: what helpers.numbers and helpers.scenarios.wording write in the rest of the page.
const numberWords = ({readable: units, scales, plurals, bare, percent}) => {
  // Python rounds exact halves to the even digit, JavaScript upwards.
  const round = (value, digits) => {
    const [mantissa, exponent] = value.toExponential(60).split("e");
    const kept = mantissa.slice(0, digits > 1 ? digits + 1 : 1);
    const half = /^\.?50*$/.test(mantissa.slice(kept.length));
    return half && "02468".includes(kept.at(-1)) ? `${kept}e${exponent}` : value.toExponential(digits - 1);
  };

  const grouped = (value, places = 0) => {
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
    return scale ? `${plain(value / scale[0], digits)} ${scale[1]}` : plain(value, digits);
  };

  const readable = (value, unit, digits) => {
    if (unit === "fraction") return plain(100 * value, digits) + percent;
    const step = (units[unit] ?? []).find(([least]) => value >= least);
    if (step) return `${words(value / step[1], digits)} ${step[2]}`;
    const end = plurals.includes(unit) && value !== 1 ? "s" : "";
    return words(value, digits) + (bare.includes(unit) ? "" : ` ${unit}${end}`);
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
    active_params: (v) => `${words(v, 4)} parameters`,
    tokens: (v) => `${words(v, 4)} tokens`,
    count: (v) => {
      const chips = Math.ceil(v * (1 - 1e-9));
      return `${grouped(chips)} accelerator${chips === 1 ? "" : "s"}`;
    },
    days: (v) => (v < 1 ? `${plain(24 * v)} hours` : v < 1461 ? `${plain(v)} days` : `${plain(v / 365.25)} years`),
    chip_hours: (v) => `${words(v)} accelerator-hours`,
    energy_kwh: (v) => readable(v * 3.6e6, "J", 3),
    carbon_kg: (v) => `${readable(v, "kg", 3)} CO2e`,
    cost_usd: (v) => `${words(v, 3)} US dollars`,
    purchase_usd: (v) => `${words(v, 3)} US dollars`,
    tokens_per_param: (v) => plain(v, 3),
    optimal_params: (v) => `${words(v)} parameters`,
    optimal_tokens: (v) => `${words(v)} tokens`,
    state_share: (v) => plain(100 * v, 3) + percent,
  };
  const amount = (figure, value, unknown = "unknown") =>
    Number.isFinite(value) ? (amounts[figure] ?? ((v) => `${plain(v, 3)}×`))(value) : unknown;

  // A range with its unit once.
  const span = (figure, low, high, to = "to") => {
    if (!(Number.isFinite(low) && low < high)) return "";
    const [first, last] = [amount(figure, low), amount(figure, high)];
    const unit = last.includes(" ") ? last.slice(last.indexOf(" ")) : "";
    return `${unit && first.endsWith(unit) ? first.slice(0, -unit.length).trim() : first} ${to} ${last}`;
  };

  return {plain, words, readable, scientific, amount, span};
};
