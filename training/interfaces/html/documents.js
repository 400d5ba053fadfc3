// A part of `controls.js`, which has the names that are used here: paragraphs with the headings they stand under, code,
// lists, definitions, notices, cards with prices, hints in empty fields.
const inline = (element) => element.matches("img,svg,input,select,textarea,button,sup,sub,table,iframe,canvas,video,math,ul,ol,dl,pre,[data-icon]");
const proseOf = (element) => {  // its text as people read it, and its lines; null where it is not all seen or more than text
  if ([...element.querySelectorAll("*")].some(inline)) return null;
  const found = {text: "", box: [1e9, 1e9, -1e9, -1e9], letters: 0, rows: [], whole: true};
  const space = () => { found.text += " "; if (found.rows.length) found.rows[found.rows.length - 1].text += " "; };
  const walk = (node) => {
    for (const one of node.childNodes) {
      if (one.nodeType === 1) {
        const apart = one.tagName === "BR" || !/^(inline|contents|none)/.test(getComputedStyle(one).display);
        if (apart) space();
        walk(one);
        if (apart) space();
      } else if (one.nodeType === 3) {
        const note = said.get(one);
        if (!one.data.trim()) { if (one.data) space(); continue; }
        if (!note) { range.selectNode(one); if (range.getBoundingClientRect().width) found.whole = false; continue; }
        if (!note.whole || !note.rows) { found.whole = false; continue; }
        found.text += note.text;
        for (const [base, text] of note.parts) {
          const last = found.rows[found.rows.length - 1];
          if (last && Math.abs(last.base - base) < 5) last.text += text; else found.rows.push({base, text});
        }
        found.box = [Math.min(found.box[0], note.box[0]), Math.min(found.box[1], note.box[1]), Math.max(found.box[2], note.box[2]), Math.max(found.box[3], note.box[3])];
        found.letters = found.letters ? Math.min(found.letters, note.letters) : note.letters;
      }
    }
  };
  walk(element);
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  found.text = plain(found.text); found.lines = found.rows.map((one) => plain(one.text)).filter(Boolean);
  if (plain(found.lines.join(" ")) !== found.text) found.lines = [];
  return found.whole && found.text && found.rows.length ? found : null;
};
const codeOf = (element) => {  // a block of code, line by line
  if (element.querySelector("table,img,button,input") || /pre-wrap|pre-line/.test(getComputedStyle(element).whiteSpace)) return null;
  const rows = [], source = element.textContent.replace(/\s+$/, "").replace(/^\n+/, "");
  let whole = true, letters = 0, box = [1e9, 1e9, -1e9, -1e9];
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    const note = said.get(node);
    if (!node.data.trim()) continue;
    if (!note || !note.whole || !note.rows) { whole = false; break; }
    for (const [base] of note.parts) if (!rows.some((one) => Math.abs(one - base) < 4)) rows.push(base);
    box = [Math.min(box[0], note.box[0]), Math.min(box[1], note.box[1]), Math.max(box[2], note.box[2]), Math.max(box[3], note.box[3])];
    letters = letters ? Math.min(letters, note.letters) : note.letters;
  }
  const lines = source.split("\n").map((one) => one.trimEnd());
  if (!whole || !source || source.includes("\t") || lines.filter(Boolean).length !== rows.length || getComputedStyle(element).textTransform !== "none") return null;
  const indent = Math.min(...lines.filter(Boolean).map((one) => one.match(/^ */)[0].length)), bare = lines.map((one) => one.slice(indent));
  const prose = bare.filter((one) => /^ *[A-Za-z(][A-Za-z' ,.-]{30,}$/.test(one)).length;
  if (bare.some((one) => / {3}/.test(one.trim())) || 2 * prose > bare.filter(Boolean).length) return null;  // a manual page, a table
  return {text: bare.join("\n"), box, letters};
};
const isValue = (note) => note.rows.length === 1 && note.text.length < 60 && note.text.split(" ").length < 5 && !/[.]$/.test(note.text);  // no sentence
const away = `${navs},footer,aside.sidebar,.sphinxsidebar,.related,.modal,.footer,.breadcrumb,form label`;
const headingText = (one, note) => one.querySelector("br") ? proseOf(one)?.text ?? "" : note.text;
const headingOf = (one) => { const note = textOf(one, "small,.headerlink,.srclink,a.headerlink,.section-number,button"); return inView(one) && note.whole && note.gap <= 60 && note.rows && note.rows <= 2 && note.text.length < 80 && note.text.length > 2 ? note : null; };
const belongs = (heading, one) => {  // whether nothing else can be what stands above it
  if (heading.parentElement === one.parentElement) return true;
  for (let up = heading.parentElement, level = 0; up && level < 4; up = up.parentElement, level++) {
    if (!up.contains(one)) continue;
    return level === 0 || ![...up.querySelectorAll("h1,h2,h3,h4,h5,h6")].some((other) => other !== heading && other.compareDocumentPosition(one) & 4 && getComputedStyle(other).display !== "none");
  }
  return false;
};
const visible = [...said.entries()].filter(([, note]) => note.rows);
const between = (top, bottom, left, right, known) => visible.some(([node, note]) => note.box[1] > top - 1 && note.box[3] < bottom + 1
  && note.box[0] < right && note.box[2] > left && !known.some((one) => one.contains(node)));
const notices = ".admonition,div.note,div.warning,div.tip,div.caution,div.important,.admonitionblock,aside.note,div.hint,div.danger,.notice,.callout,.alert,[role=alert]";
for (const one of document.querySelectorAll(notices)) {
  if (!inView(one) || one.querySelector(notices) || one.closest(away) || [...used].some((other) => other && other.contains(one))) continue;
  const head = one.querySelector(".admonition-title,.title,h3,h4,h5,th,strong:first-child,b:first-child"), name = head && textOf(head);
  const bodies = [...one.querySelectorAll("p,td.content")].filter((part) => part !== head && part.textContent.trim());
  if (!name || !name.whole || name.rows !== 1 || name.text.length > 30 || !bodies.length || bodies.some((part) => part.contains(head) || head.contains(part)) || one.querySelector("pre,ul,ol,dl,form")) continue;
  const notes = bodies.map(proseOf);
  if (notes.some((note) => !note) || visible.some(([node]) => one.contains(node) && !head.contains(node) && !bodies.some((part) => part.contains(node)))) continue;
  const text = notes.map((note) => note.text).join(" ");
  if (text.length < 12 || text.length > 480) continue;
  const boxes = notes.map((note) => note.box).concat([name.box]);
  add("notice", text, [0, 1, 2, 3].map((edge) => Math[edge < 2 ? "min" : "max"](...boxes.map((box) => box[edge]))), Math.min(name.letters, ...notes.map((note) => note.letters)), {label: name.text.replace(/[:.!\s]+$/, "")});
  used.add(one);
}
if ([...document.querySelectorAll("p,div,dt,td")].some((one) => {  // what looks like a heading and is none
  const name = /^(P|DIV|TD)$/.test(one.tagName) ? one.firstElementChild : one;
  if (!name || one.closest(away) || name !== one && (!/^(B|STRONG)$/.test(name.tagName) || name.textContent.trim() !== one.textContent.trim())) return false;
  return (name !== one || one.tagName === "DT") && inView(one) && parseInt(getComputedStyle(name).fontWeight) >= 600;
})) cut.add("headings");
let section = null;
for (const one of document.querySelectorAll("h1,h2,h3,h4,h5,h6,p,pre,ul,ol,dl")) {
  const edges = one.getBoundingClientRect();
  if (!edges.height || edges.bottom < 0 || edges.top > H) {  // most of a long page
    if (section && edges.height) section = /^H\d$/.test(one.tagName) ? null : {...section, ok: false};
    continue;
  }
  if (one.closest(away) || [...used].some((other) => other && other.contains(one))) continue;
  const under = section && belongs(section.element, one) ? section : null;
  if (/^H\d$/.test(one.tagName)) {
    const note = headingOf(one);
    if (note && section && section.ok && section.paragraphs && note.box[1] > section.box[3] && Math.abs(note.box[0] - section.box[0]) < 60
        && !between(section.box[3], note.box[1], section.box[0] - 30, section.box[0] + 400, section.known))
      add("section", section.name, section.box, section.letters, {row: section.paragraphs});
    section = note ? {element: one, name: headingText(one, note), box: note.box, letters: note.letters, bottom: note.box[3], paragraphs: 0, codes: 0, lists: 0, ok: true, known: [one]} : null;
    continue;
  }
  if (one.parentElement.closest("li,table,blockquote,dd,figure,pre,p")) continue;
  if (!inView(one)) { if (under && one.textContent.trim() && one.getClientRects().length) under.ok = false; continue; }
  const place = (box) => under && under.ok && box[1] > under.bottom - 3 && box[1] - under.bottom < 120 && !between(under.box[3], box[1], box[0], box[2], under.known);
  if (one.tagName === "P") {
    const note = proseOf(one);
    if (!note) { if (under) under.ok = false; continue; }
    const sure = place(note.box);
    if (under) { under.known.push(one); under.bottom = Math.max(under.bottom, note.box[3]); }
    if (note.text.split(" ").length < 4 || note.text.length > 900) { if (under) under.ok = false; continue; }
    add("paragraph", note.text, note.box, note.letters, {called: sure ? under.name : "", row: sure ? under.paragraphs : -1, lines: note.lines});
    used.add(one);
    if (under) under.paragraphs += 1;
  } else if (one.tagName === "PRE") {
    const note = codeOf(one), sure = note && place(note.box);
    if (under) under.known.push(one);
    if (note && note.text.length < 900 && note.text.length > 5) {
      add("code", note.text, note.box, note.letters, {called: sure ? under.name : "", row: sure ? under.codes : -1});
      used.add(one);
    } else cut.add("code");
    if (under) { under.codes += 1; under.bottom = Math.max(under.bottom, edges.bottom); }
  } else if (one.tagName === "DL") {
    if (under) { under.known.push(one); under.bottom = Math.max(under.bottom, edges.bottom); }
    for (const dt of one.children) {
      const dd = dt.nextElementSibling;
      if (dt.tagName !== "DT" || dd?.tagName !== "DD" || dd.nextElementSibling?.tagName === "DD" || dt.previousElementSibling?.tagName === "DT" || !inView(dt) || !inView(dd)) continue;
      const name = proseOf(dt), body = proseOf(dd);
      if (!name || !body || name.rows.length > 1 || name.text.length > 60 || body.text.length > 480 || isValue(body)) continue;
      add("definition", body.text, body.box, body.letters, {label: name.text.replace(/\s*:$/, "")});
      used.add(dd); used.add(dt);
    }
  } else {
    if (under) under.known.push(one);
    const items = [...one.children].filter((item) => item.tagName === "LI" && item.textContent.trim()), notes = items.map((item) => inView(item) ? proseOf(item) : null);
    if (items.length < 2 || !notes[0] || one.querySelector("input,button,form,h1,h2,h3,h4,h5,h6,section,article")) continue;
    if (items.some((item) => { const style = getComputedStyle(item); return style.display !== "list-item" || style.listStyleType === "none"; })) continue;
    const id = idOf("items", one), sure = place(notes[0].box), first = notes.findIndex((note) => !note), seen = first < 0 ? notes : notes.slice(0, first);
    if (first >= 0) cut.add(id);
    const short = notes.every((note) => note && note.text.length <= 80 && note.rows.length <= 2);
    if (short) { items.forEach((item, at) => { add("entry", notes[at].text, notes[at].box, notes[at].letters, {container: id, called: sure && !under.lists ? under.name : ""}); used.add(item); }); }
    else seen.forEach((note, at) => { if (note.text.length < 480) add("item", note.text, note.box, note.letters, {container: id, row: at, called: sure && !under.lists ? under.name : ""}); used.add(items[at]); });
    if (under) { under.lists += 1; under.bottom = Math.max(under.bottom, edges.bottom); }
  }
}
// --- cards that are alike
const nouns = [[/product|shop-item/i, "products"], [/pric|plan\b/i, "plans"], [/team|member|staff|doctor/i, "people"], [/post|article|blog|news/i, "articles"], [/testimonial|review/i, "testimonials"], [/card/i, "cards"]];
const sums = /^(?:[$]|USD |EUR |GBP |CHF )\s?\d[\d.,]*(?:\s?\/ ?\w+)?$|^\d[\d.,]*\s?(?:EUR|USD|CHF|GBP|kr)$/;
const groups = [];
for (const parent of document.querySelectorAll("div,section,ul,main,article")) {
  const kids = [...parent.children].filter((one) => one.getClientRects().length && one.textContent.trim());
  if (kids.length < 2 || kids.length > 12 || parent.closest("nav,footer,.sidebar,.dropdown-menu,table") || new Set(kids.map((one) => one.tagName + one.className)).size > 1) continue;
  if (groups.some((group) => group.parent.contains(parent) || parent.contains(group.parent)) || !kids.every((one) => shownBox(one) && one.getBoundingClientRect().width < 0.62 * W)) continue;
  const raised = kids.map((one) => isRaised(one) ? one : one.children.length === 1 && isRaised(one.firstElementChild) ? one.firstElementChild : null);
  if (raised.some((one) => !one || one.getBoundingClientRect().height < 50)) continue;
  const titles = kids.map((one) => { const head = one.querySelector("h1,h2,h3,h4,h5,h6,.card-title,.title"); return head && textOf(head, badge); });
  if (titles.some((note) => !note || !note.whole || note.rows !== 1 || note.text.length > 50)) continue;
  const names = `${kids[0].className} ${raised[0].className} ${parent.className} ${kids[0].firstElementChild?.className ?? ""}`, noun = nouns.find(([pattern]) => pattern.test(names))?.[1];
  if (noun && !/accordion|collaps|panel/i.test(names)) groups.push({parent, kids, raised, titles, noun});
}
for (const group of groups) {
  const id = idOf("cards", group.parent), alike = [...document.querySelectorAll(".card,.panel,[class*=card]")].filter((one) => inView(one) && !group.kids.some((kid) => kid === one || kid.contains(one) || one.contains(kid)));
  if (alike.length || groups.filter((one) => one.noun === group.noun).length > 1) cut.add(id);
  group.kids.forEach((kid, at) => {
    const note = group.titles[at];
    add("tile", note.text, shownBox(group.raised[at]) ?? note.box, note.letters, {container: id, label: group.noun});
    const prices = visible.filter(([node, its]) => kid.contains(node) && its.whole && sums.test(its.text.trim()));
    const more = visible.filter(([node, its]) => kid.contains(node) && /[$]|EUR|USD|GBP|CHF/.test(its.text));
    if (prices.length === 1 && more.length === 1) add("price", prices[0][1].text.trim(), prices[0][1].box, prices[0][1].letters, {container: id, label: note.text});
    else if (more.length) cut.add(`prices ${id}`);
  });
}
// --- what stands in grey in empty fields, and what is wrong with one
for (const field of document.querySelectorAll("input[type=text]")) {
  if (field.value || !field.placeholder || !inView(field)) continue;
  const note = fieldNote(field), search = /search|find/i.test(`${field.placeholder} ${field.name} ${field.id} ${field.className} ${field.closest("form")?.className ?? ""}`);
  if (note.rows && shownBox(field)) add("hint", note.shown.trim(), note.box, note.letters, {label: search ? "search" : ""});
}
for (const one of document.querySelectorAll(".invalid-feedback,.help-block.error,.has-error .help-block,.govuk-error-message,.nhsuk-error-message,.form-error,.error-message,.field-error,.help.is-danger,.text-error,.usa-error-message,.slds-form-element__help")) {
  if (!inView(one)) continue;
  const note = proseOf(one), holder = one.closest(".form-group,.govuk-form-group,.nhsuk-form-group,.field,.control-group,.mb-3,.col,.usa-form-group,.slds-form-element"), label = holder?.querySelectorAll("label").length === 1 && textOf(holder.querySelector("label"));
  if (note && note.text.length > 6 && note.text.length < 160) add("error", note.text, note.box, note.letters, {label: label && label.whole && label.rows === 1 && label.text.length < 50 ? label.text.replace(/[\s:*]+$/, "") : ""});
  used.add(one);
}
