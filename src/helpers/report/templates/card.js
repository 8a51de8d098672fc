// What can be done with the card of a claim: its verdict copied as a sentence, a link or structured data, and a picture.
const words = JSON.parse(document.getElementById("page-words").textContent);
const copied = async (text, button) => {
  const before = button.textContent;
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  if (!done) {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "aside";
    button.after(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.textContent = words.copied;
  setTimeout(() => (button.textContent = before), 1500);
};
const reviewOf = (id) => {
  const {"@graph": graph} = JSON.parse(document.getElementById("claim-reviews").textContent);
  const review = graph.find(({url}) => url === `#claim-${id}`);
  const named = (one) => (one?.["@id"] ? {...graph.find((node) => node["@id"] === one["@id"])} : one);
  const item = {...review.itemReviewed, appearance: named(review.itemReviewed.appearance)};
  return {"@context": "https://schema.org", ...review, author: named(review.author), itemReviewed: item};
};
const pictureOf = ({grade, colour, statement, why, id}) => {
  const [width, pad] = [1200, 72];
  const canvas = document.createElement("canvas");
  const ink = canvas.getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  const lines = (text, font) => {
    ink.font = font;
    const rows = [""];
    for (const word of text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g) ?? []) {
      if (ink.measureText(rows.at(-1) + word).width > width - 2 * pad && rows.at(-1)) rows.push("");
      rows[rows.length - 1] += word;
    }
    return rows;
  };
  const fonts = {grade: `700 34px ${family}`, statement: `600 44px ${family}`, why: `400 30px ${family}`, foot: `400 24px ${family}`};
  const parts = [[grade, "grade", colour, 54], [statement, "statement", "#1c1f24", 58], [why, "why", "#3b424c", 44], [`Compute Claims · ${id}`, "foot", "#5b626c", 40]];
  const rows = parts.flatMap(([text, name, fill, step], part) => lines(text, fonts[name]).map((line, n) => [line, name, fill, step + (n ? 0 : part ? 22 : 0)]));
  [canvas.width, canvas.height] = [width, 2 * pad + rows.reduce((sum, [, , , step]) => sum + step, 0)];
  ink.fillStyle = "#fff";
  ink.fillRect(0, 0, width, canvas.height);
  ink.fillStyle = colour;
  ink.fillRect(0, 0, 16, canvas.height);
  let y = pad;
  for (const [line, name, fill, step] of rows) {
    [ink.font, ink.fillStyle, y] = [fonts[name], fill, y + step];
    ink.fillText(line, pad, y - 12);
  }
  return canvas;
};
const tools = (article, id) => {
  const badge = article.querySelector(".badge");
  const statement = article.querySelector("h2,h5").cloneNode(true);
  for (const part of statement.querySelectorAll(".badge,.anchor,.assumed")) part.remove();
  const said = {
    id,
    grade: badge.textContent.replace(/\s+/g, " ").trim(),
    statement: statement.textContent.trim(),
    why: article.querySelector(".why")?.textContent.trim() ?? "",
    colour: getComputedStyle(badge).getPropertyValue("--mark").trim() || "#1c1f24",
  };
  const address = `${location.href.split("#")[0].split("?")[0]}#claim-${id}`;
  const place = document.createElement("p");
  place.className = "tools";
  const button = (label, act) => {
    const one = document.createElement("button");
    [one.type, one.textContent] = ["button", label];
    one.addEventListener("click", () => act(one));
    place.append(one);
  };
  button(words.copy_text, (one) => copied(`${said.statement} ${said.grade}. ${said.why} Compute Claims, ${address}`, one));
  button(words.copy_link, (one) => copied(address, one));
  button(words.copy_review, (one) => copied(JSON.stringify(reviewOf(id), null, 1), one));
  button(words.picture, () =>
    pictureOf(said).toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${id}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }),
  );
  article.append(place);
};
