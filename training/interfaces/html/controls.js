// Tells what is seen of a page: the characters line by line, and the controls with what they say. Evaluates to
// {lines, controls, cut, over}; see `records.py` for what the fields of controls mean.
(() => {
  const W = innerWidth, H = innerHeight, pen = document.createElement("canvas").getContext("2d");
  const fonts = new Map(), clips = new Map(), hidden = new Map(), range = document.createRange();
  const measure = (style) => {
    const font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    if (!fonts.has(font)) {
      pen.font = font;
      const d = pen.measureText("d"), p = pen.measureText("p");
      fonts.set(font, [d.fontBoundingBoxAscent, d.actualBoundingBoxAscent, p.actualBoundingBoxDescent, d.fontBoundingBoxDescent]);
    }
    return fonts.get(font);
  };
  const clip = (element) => {
    if (!element || element === document.documentElement) return [0, 0, W, H];
    if (!clips.has(element)) {
      const style = getComputedStyle(element);
      let box = style.position === "fixed" ? [0, 0, W, H] : clip(element.parentElement);
      if (element !== document.body && (style.overflowX !== "visible" || style.overflowY !== "visible")) {
        const r = element.getBoundingClientRect();
        box = [Math.max(box[0], r.left), Math.max(box[1], r.top), Math.min(box[2], r.right), Math.min(box[3], r.bottom)];
      }
      clips.set(element, box);
    }
    return clips.get(element);
  };
  const isHidden = (element) => {  // faint, turned or scaled texts are no texts here
    if (!element || element === document.documentElement) return false;
    if (!hidden.has(element)) {
      const style = getComputedStyle(element), turn = style.transform.match(/^matrix\(([^,]+), ([^,]+), ([^,]+), ([^,]+)/);
      const bent = style.transform !== "none" && (!turn || Math.abs(turn[1] - 1) > 0.01 || Math.abs(turn[2]) > 0.01 || Math.abs(turn[4] - 1) > 0.01);
      hidden.set(element, +style.opacity < 0.35 || bent || isHidden(element.parentElement));
    }
    return hidden.get(element);
  };
  const tops = (parent, top) => top && (top === parent || top.contains(parent) || parent.contains(top) || (top.tagName === "LABEL" && top.control === parent) || (top.tagName === "INPUT" && parent.tagName === "LABEL" && !top.value));
  const lines = [], said = new Map();
  let bad = 0;
  const push = (parent, style, text, edges, base, note) => {
    const [, up, down] = measure(style), x = [edges[0] + 2, (edges[0] + edges[edges.length - 1]) / 2, edges[edges.length - 1] - 2];
    const isSeen = (at) => tops(parent, document.elementFromPoint(at, base - up / 2));
    if (!x.every(isSeen)) {  // covered in part: the characters that are seen
      note.whole = false;
      let run = null;
      const end = () => { if (run && run.t.trim()) lines.push([run.t, run.x, base - up, base + down]); run = null; };
      for (let i = 0; i < text.length; i++) {
        if (!isSeen(edges[i] + 1) || !isSeen(edges[i + 1] - 1)) { end(); continue; }
        run ??= {t: "", x: [edges[i]]};
        run.t += text[i]; run.x.push(edges[i + 1]);
      }
      end();
      return;
    }
    lines.push([text, edges, base - up, base + down]);
    note.box = [Math.min(note.box[0], edges[0]), Math.min(note.box[1], base - up), Math.max(note.box[2], edges[edges.length - 1]), Math.max(note.box[3], base + down)];
    note.letters = up + down; note.rows += 1; note.parts.push([base, text]);
  };
  const fresh = () => ({text: "", whole: true, box: [1e9, 1e9, -1e9, -1e9], letters: 0, rows: 0, gap: 0, nodes: 0, parts: []});
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data, parent = node.parentElement;
    if (!text.trim() || /^(STYLE|SCRIPT|NOSCRIPT|OPTION|TEXTAREA|TITLE)$/.test(parent.tagName) || parent.closest("svg,[data-icon]")) continue;
    range.selectNode(node);
    const all = range.getBoundingClientRect();
    if (!all.width || !all.height) continue;
    const style = getComputedStyle(parent), note = fresh();
    if (style.visibility !== "visible" || isHidden(parent) || parseFloat(style.textIndent) < -50) continue;
    if (all.bottom < 0 || all.top > H || all.right < 0 || all.left > W) { note.whole = false; note.text = text; said.set(node, note); continue; }
    const [ascent, up, down] = measure(style), [cl, ct, cr, cb] = clip(parent), collapse = !style.whiteSpace.startsWith("pre");
    let line = null;
    const end = () => { if (line) push(parent, style, line.t, line.x.concat(line.r), line.y, note); line = null; };
    for (let i = 0; i < text.length; i++) {
      range.setStart(node, i); range.setEnd(node, i + 1);
      const r = range.getClientRects(), box = r[r.length - 1];
      if (!box || box.width === 0) { if (text[i].trim()) note.whole = false; else if (!note.text.endsWith(" ")) note.text += " "; continue; }
      const base = box.top + Math.round(ascent);
      if (box.left < cl - 1.5 || box.right > cr + 1.5 || base - up < ct - 0.5 || base + down > cb + 0.5) {
        if (text[i].trim()) { note.whole = false; if (box.right > cl + 1 && box.left < cr - 1 && base + down > ct + 1 && base - up < cb - 1) bad += 1; }
        end(); continue;
      }
      if (!line || Math.abs(line.y - base) > 0.5 || Math.abs(line.r - box.left) > 0.6) { end(); line = {t: "", x: [], r: 0, y: base}; }
      line.t += /\s/.test(text[i]) ? " " : text[i]; line.x.push(box.left); line.r = box.right;
      note.text += collapse && /\s/.test(text[i]) ? " " : text[i];
    }
    end();
    said.set(node, note);
  }
  // --- fields, whose characters are no nodes
  const fieldNote = (field) => {
    const style = getComputedStyle(field), box = field.getBoundingClientRect(), [cl, ct, cr, cb] = clip(field.parentElement);
    const note = fresh(), select = field.tagName === "SELECT";
    note.shown = select ? field.selectedOptions[0]?.text.trim() ?? "" : field.value || (field.type === "password" ? "" : field.placeholder) || "";
    note.text = select ? note.shown : field.value ?? "";
    if (!note.shown.trim() || /^rgba.*, 0\)$/.test(style.color) || parseFloat(style.fontSize) < 6 || parseFloat(style.textIndent) < -50) return note;
    const [ascent, up, down, descent] = measure(style), pixels = (name) => parseFloat(style[name]) || 0;
    pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`; pen.letterSpacing = style.letterSpacing === "normal" ? "0px" : style.letterSpacing;
    const button = /submit|button|reset/.test(field.type), width = pen.measureText(note.shown).width;
    const inner = [box.left + pixels("borderLeftWidth") + pixels("paddingLeft") + (select && style.appearance !== "none" ? 4 : 0), box.right - pixels("borderRightWidth") - pixels("paddingRight")];
    let left = style.textAlign === "center" || button ? (inner[0] + inner[1] - width) / 2 : /right|end/.test(style.textAlign) ? inner[1] - width : inner[0];
    const middle = (box.top + pixels("borderTopWidth") + pixels("paddingTop") + box.bottom - pixels("borderBottomWidth") - pixels("paddingBottom")) / 2;
    const edges = Array.from({length: note.shown.length + 1}, (_, i) => left + pen.measureText(note.shown.slice(0, i)).width);
    pen.letterSpacing = "0px";
    if (field.tagName === "TEXTAREA" || width > inner[1] - inner[0] + 1 || left < cl || left + width > cr || middle - up < ct || middle + down > cb) { note.whole = false; bad += 1; return note; }
    push(field, style, note.shown, edges, Math.round(middle - (ascent + descent) / 2) + Math.round(ascent), note);
    return note;
  };
  // --- what elements say
  const badge = ".badge,.label:not(label),.tag:not(a),.chip";
  const textOf = (element, without) => {
    const found = fresh();
    let last = null;
    const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      const note = said.get(node);
      if (!note || (without && node.parentElement.closest(without) && node.parentElement.closest(without) !== element && element.contains(node.parentElement.closest(without)))) continue;
      if (!note.whole) found.whole = false;
      const apart = last && (note.box[0] > last.box[2] + 2 || note.box[1] > last.box[3] - 2 || note.box[2] < last.box[0]);
      if (last && note.rows && note.box[1] < last.box[3] - 2) found.gap = Math.max(found.gap, note.box[0] - last.box[2]);
      found.text += (apart ? " " : "") + note.text;
      if (note.rows) { found.box = [Math.min(found.box[0], note.box[0]), Math.min(found.box[1], note.box[1]), Math.max(found.box[2], note.box[2]), Math.max(found.box[3], note.box[3])];
        found.letters = found.letters ? Math.min(found.letters, note.letters) : note.letters; found.rows += note.rows; found.nodes += 1; last = note; }
    }
    found.text = found.text.replace(/\s+/g, " ").trim();
    return found;
  };
  const shownBox = (element) => {  // its box, or null where it is not seen as a whole
    const r = element.getBoundingClientRect(), [cl, ct, cr, cb] = clip(element.parentElement), style = getComputedStyle(element);
    if (r.width < 3 || r.height < 3 || style.visibility !== "visible" || isHidden(element)) return null;
    if (r.left < cl - 1 || r.top < ct - 1 || r.right > cr + 1 || r.bottom > cb + 1) return null;
    const inset = [[0.5, 0.5], [0.08, 0.5], [0.92, 0.5]];
    return inset.every(([x, y]) => tops(element, document.elementFromPoint(r.left + r.width * x, r.top + r.height * y))) ? [r.left, r.top, r.right, r.bottom] : null;
  };
  const inView = (element) => {
    const r = element.getBoundingClientRect(), [cl, ct, cr, cb] = clip(element.parentElement);
    return r.width > 3 && r.height > 3 && r.left < cr - 2 && r.right > cl + 2 && r.top < cb - 2 && r.bottom > ct + 2 && getComputedStyle(element).visibility === "visible" && !isHidden(element);
  };
  const controls = [], cut = new Set(), used = new Set(), ids = new Map();
  const idOf = (kind, element) => { if (!ids.has(element)) ids.set(element, `${kind}${ids.size}`); return ids.get(element); };
  const add = (role, text, box, letters, more = {}) => controls.push({role, text, box, letters, ...more});
  const titleOf = (element) => {  // the heading directly before it, near
    for (let one = element, up = 0; one && one !== document.body && up < 4; one = one.parentElement, up++) {
      const before = one.previousElementSibling;
      if (!before) continue;
      const heading = before.matches("h1,h2,h3,h4,h5,h6,.card-header,.panel-heading,.box-header") ? before : null;
      const found = heading && textOf(heading);
      return found && found.whole && found.rows === 1 && found.text.length < 40 && element.getBoundingClientRect().top - found.box[3] < 90 && Math.abs(element.getBoundingClientRect().left - found.box[0]) < 120 ? found.text : "";
    }
    return "";
  };
  const look = (element) => {
    const parts = [element, element.querySelector("a,span,button"), element.parentElement].filter(Boolean).slice(0, 3);
    return parts.slice(0, 2).concat(element.matches("a,button") && element.parentElement.tagName === "LI" ? [element.parentElement] : []).map((one) => { const s = getComputedStyle(one); return [s.color, s.backgroundColor, s.backgroundImage.slice(0, 20), s.fontWeight, s.borderTopWidth + s.borderTopColor, s.borderBottomWidth + s.borderBottomColor, s.borderLeftWidth + s.borderLeftColor, s.boxShadow, s.textDecorationLine].join(); }).join("|");
  };
  const lowered = (element) => element.matches(":disabled,.disabled,[aria-disabled=true]") || !!element.closest("fieldset:disabled,li.disabled,.page-item.disabled");
  // --- buttons and fields
  const buttons = "button,input[type=submit],input[type=button],input[type=reset],[role=button],a.btn,a.button,.btn,.uk-button,.mdl-button";
  const tabs = "[role=tab],.nav-tabs a,.nav-tabs button,.nav-pills[role=tablist] a,.tabs a,.uk-tab a";
  const navs = "nav,.nav,.sidebar,.sidebar-menu,.menu,[role=navigation],[role=menu],.dropdown-menu,.list-group,.navbar,.sidenav,.uk-nav,.vertical,.toctree-wrapper,.pagination,.breadcrumb,.uk-breadcrumb,.breadcrumbs";
  const isRaised = (one) => { const style = getComputedStyle(one); return style.backgroundColor !== "rgba(0, 0, 0, 0)" || style.backgroundImage !== "none" || parseFloat(style.borderTopWidth) > 0 || style.boxShadow !== "none"; };
  for (const one of document.querySelectorAll(buttons)) {
    if (one.tagName === "A" && !isRaised(one) && one.closest("li")) continue;  // an entry of a navigation
    if (one.closest("table,.dropdown-menu") || one.matches(tabs) || one.parentElement.closest(buttons) || one.closest(".pagination") || !inView(one)) continue;
    const note = one.tagName === "INPUT" ? fieldNote(one) : textOf(one, badge), box = shownBox(one);
    if (!note.text.trim() && !note.rows) { cut.add(""); continue; }
    if (!box || !note.whole || note.text.length < 2 || !isRaised(one) || note.rows > 1) { cut.add(""); continue; }
    add("button", note.text.trim(), box, note.letters, {enabled: !lowered(one)}); used.add(one);
  }
  const labelled = (field, box) => {  // the visible text that names a field
    const near = [field.labels?.[0], field.dataset.area && document.querySelector(`label[for="${CSS.escape(field.dataset.area)}"]`), field.closest("label"), field.closest(".form-group,.field,.mb-3,.form-row,.form-item,.control-group,dl,tr,p,div")?.querySelector("label,dt")].filter(Boolean);
    for (const label of near) {
      if (label.htmlFor && label.htmlFor !== (field.dataset.area ?? field.id)) continue;
      if (!label.htmlFor && !label.contains(field) && label.parentElement.querySelectorAll("input,select,[data-area]").length > 1) continue;
      const note = textOf(label, "small,.help-block,.form-text,.badge,select,input,textarea"), at = note.box;
      if (!note.whole || note.rows !== 1 || note.text.length > 60) continue;
      const above = at[3] <= box[1] + 6 && box[1] - at[3] < 40 && Math.abs(at[0] - box[0]) < 60, beside = at[2] <= box[0] + 6 && box[0] - at[2] < 240 && at[1] < box[3] && at[3] > box[1];
      if (above || beside) return note.text.replace(/\s*[:*]+\s*\*?$/, "");
    }
    return "";
  };
  const groupOf = (element) => {
    const group = element.closest("fieldset")?.querySelector("legend"), note = group && textOf(group);
    return note && note.whole && note.rows === 1 ? note.text.replace(/:$/, "") : "";
  };
  for (const field of document.querySelectorAll("input,select,[data-area]")) {
    if (/hidden|submit|button|reset|file|range|color|image/.test(field.type) || !inView(field) && !/checkbox|radio/.test(field.type)) continue;
    if (/checkbox|radio/.test(field.type)) {
      const wrap = field.closest(".custom-control,.custom-switch,.form-check,.form-switch,.checkbox,.radio,label") ?? field;
      const label = field.labels?.[0], note = label ? textOf(label) : fresh(), own = shownBox(field), style = getComputedStyle(field);
      if (!inView(wrap) || wrap.closest("table")) continue;
      const custom = !own && field.matches(".custom-control-input") && label && shownBox(label);
      if ((!own || (own[2] - own[0] < 9)) && !custom) { if (inView(wrap)) cut.add(""); continue; }
      if (!note.whole || !note.rows || note.rows > 1 || !note.text) { cut.add(""); continue; }
      const box = own ?? [note.box[0] - 26, note.box[1] - 2, note.box[0] - 4, note.box[3] + 2];
      if (Math.abs((box[1] + box[3]) / 2 - (note.box[1] + note.box[3]) / 2) > 12 || note.box[0] - box[2] > 40 || note.box[0] < box[0]) { cut.add(""); continue; }
      const isSwitch = !!field.closest(".custom-switch,.form-switch,.switch") || field.getAttribute("role") === "switch";
      const container = field.type === "radio" && field.name ? "radio-" + field.name : "";
      add(isSwitch ? "switch" : field.type, note.text, [Math.min(box[0], note.box[0]), Math.min(box[1], note.box[1]), Math.max(box[2], note.box[2]), Math.max(box[3], note.box[3])], note.letters,
        {is_on: field.checked, enabled: !lowered(field), container, called: groupOf(field)});
      used.add(label);
      continue;
    }
    const area = "area" in field.dataset, box = shownBox(field), note = area ? textOf(field) : fieldNote(field);
    if (!box || !note.whole || field.type === "password" || (note.shown && !note.text) || field.closest("td")?.closest("table")?.tHead) { cut.add(""); continue; }
    const role = field.tagName === "SELECT" ? "combo" : area ? "text" : "field", label = labelled(field, box);
    if (!label) cut.add("");
    if (area) used.add(field);
    add(role, note.text.trim(), box, note.letters, {label, enabled: !lowered(field), called: groupOf(field)});
  }
  /* documents.js */
  // --- tabs, then navigation and lists
  const bars = new Map();
  for (const tab of document.querySelectorAll(tabs)) {
    if (!inView(tab)) continue;
    const bar = tab.closest("ul,[role=tablist],.tabs,.nav") ?? tab.parentElement;
    if (!bars.has(bar)) bars.set(bar, []);
    bars.get(bar).push(tab); used.add(tab);
  }
  const lists = new Map();
  for (const entry of document.querySelectorAll("a,.list-group-item,li")) {
    if (used.has(entry) || !inView(entry) || entry.closest("table") || entry.matches(buttons) && !(entry.tagName === "A" && !isRaised(entry))) continue;
    if (entry.matches("[class*=brand],[class*=logo],[class*=title],[class*=header],[class*=heading],[class*=divider]")) continue;
    const list = entry.closest("ul,ol,.list-group,.dropdown-menu,.breadcrumb,.pagination,nav");
    if (!list || [...bars.keys()].some((bar) => bar.contains(entry))) continue;
    const nav = list.closest(navs);
    if (entry.tagName === "LI" ? nav && entry.querySelector("a") : !nav) continue;
    if (entry.tagName === "LI" && (entry.querySelector("ul,ol,p,div,table,button,input,h1,h2,h3,h4,h5,h6") || entry.matches(".header,.nav-header,.divider"))) { cut.add(idOf("list", list)); continue; }
    if (entry.tagName === "A" && entry.querySelector("p + p,h3,h4,h5,h6,.media")) { cut.add(idOf("list", list)); continue; }
    if (entry.tagName !== "LI" && entry.parentElement.closest("a,.list-group-item")) continue;
    if (!lists.has(list)) lists.set(list, []);
    lists.get(list).push(entry); used.add(entry);
  }
  const isActive = (element) => element.matches(".active,.is-active,.current,.uk-active,.selected,[aria-selected=true],[aria-current]:not([aria-current=false])") || (element.parentElement.tagName === "LI" && element.parentElement.matches(".active,.is-active,.current,.uk-active,.tabs-title.is-active"));
  const row = (kind, role, list, items) => {
    const notes = items.map((one) => [one, textOf(one, badge)]).filter(([, note]) => note.text);
    const looks = notes.map(([one]) => look(one)), id = idOf(kind, list);
    const shown = notes.map(([one, note], at) => [one, note, isActive(one) && looks.filter((other) => other === looks[at]).length === 1]);
    const unsure = notes.some(([one]) => isActive(one)) && !shown.some(([, , chosen]) => chosen);
    const pages = list.matches(".pagination"), crumbs = list.matches(".breadcrumb,.breadcrumbs,.uk-breadcrumb") || list.closest(".breadcrumb,.breadcrumbs,nav[aria-label=breadcrumb]");
    const title = pages ? "" : titleOf(list);
    if (notes.length !== items.length || list.scrollHeight > list.clientHeight + 4 && getComputedStyle(list).overflowY !== "visible") cut.add(id);
    for (const [one, note, chosen] of shown) {
      const box = shownBox(one);
      if (!box || !note.whole || note.rows > 2 || note.gap > 24 || note.text.length > 80) { cut.add(id); if (role === "tab") cut.add(""); continue; }
      if (crumbs) { add("crumb", note.text, note.box, note.letters, {container: id}); continue; }
      add(pages ? "label" : role, note.text, box, note.letters, {selected: !unsure && chosen, container: pages ? "" : id, called: title, enabled: !lowered(one)});
    }
  };
  for (const [bar, items] of bars) row("tabs", "tab", bar, items);
  for (const [list, items] of lists) row("list", "entry", list, items);
  // --- tables
  for (const table of document.querySelectorAll("table")) {
    if (!inView(table) || table.querySelector("table,[colspan]:not([colspan='1']),[rowspan]:not([rowspan='1'])")) continue;
    const id = idOf("table", table), head = table.tHead ? [...table.tHead.rows].slice(-1)[0] : table.rows[0]?.querySelector("th:nth-child(2)") ? table.rows[0] : null;
    const body = [...table.rows].filter((one) => one !== head && !one.closest("thead,tfoot"));
    if (!head && body.length > 1 && body.every((one) => one.cells.length === 2)) {  // a caption and a value in each row
      for (const one of body) {
        const name = proseOf(one.cells[0]), value = proseOf(one.cells[1]);
        if (!name || !value || name.rows.length > 1 || name.text.length > 40 || !/[a-z]{2}/i.test(name.text) || value.text.length > 480) continue;
        const short = isValue(value);
        add(short ? "label" : "definition", value.text, value.box, value.letters, short ? {label: name.text.replace(/\s*:$/, ""), value: true} : {label: name.text.replace(/\s*:$/, "")});
        used.add(one.cells[1]);
      }
      continue;
    }
    if (!head || body.length < 1 || head.cells.length < 2 || (table.tHead && table.tHead.rows.length > 1)) continue;
    const title = titleOf(table), looks = body.map((one) => getComputedStyle(one).backgroundColor + getComputedStyle(one.cells[0] ?? one).backgroundColor);
    if (table.tFoot) cut.add(id);
    const put = (role, cell, row, column, chosen) => {
      const note = textOf(cell, "button,.btn"), box = shownBox(cell);
      if (!cell.textContent.trim() && !cell.querySelector("img,svg,i,input,canvas,.progress")) { if (box && role === "cell") add(role, "", box, 0, {row, column, container: id, called: title}); else cut.add(id); return; }
      const prose = role === "cell" && proseOf(cell);
      if (box && prose && !cell.querySelector("button,.btn")) { add(role, prose.text, prose.box, prose.letters, {row, column, container: id, called: title, selected: chosen}); return; }
      if (!box || !note.whole || !note.text || note.rows > 3 || note.rows > 1 && note.nodes > 1 || cell.querySelector("button,input,select,.btn")) { cut.add(id); return; }
      add(role, note.text, note.box, note.letters, {row, column, container: id, called: title, selected: chosen});
    };
    [...head.cells].forEach((cell, column) => put("header", cell, -1, column, false));
    let count = 0;
    body.forEach((one, at) => { if (!inView(one)) { cut.add(id); return; }
      [...one.cells].forEach((cell, column) => put("cell", cell, count, column, one.matches(".active,.selected,.table-active,.info") && looks.filter((other) => other === looks[at]).length === 1)); count += 1; });
  }
  // --- what is said besides
  for (const one of document.querySelectorAll(".alert,[role=alert],.callout,.notification,.message,.toast,.uk-alert,.admonition,.note,.warning,.modal-body p:only-child")) {
    if (used.has(one) || one.querySelector("h1,h2,h3,h4,h5,ul,table,form,input,.alert") || !inView(one) || one.closest("nav,.sidebar,.nav")) continue;
    const note = textOf(one, "button,.btn,.close,.btn-close"), box = shownBox(one);
    if (!box || !note.whole || note.text.length < 8 || note.text.length > 400) continue;
    add("message", note.text, note.box, note.letters); used.add(one);
  }
  for (const one of document.querySelectorAll("h1,h2,h3,h4,h5,h6,legend,.card-title")) {
    if (!inView(one) || one.closest("table,.alert,a,button") || one.parentElement.closest("h1,h2,h3,h4,h5,h6")) continue;
    const note = textOf(one, `small,.headerlink,.srclink,${badge},a.headerlink`);
    if (!note.text) continue;
    if (!note.whole || note.gap > 60 || note.rows > 2 || note.text.length > 100) { cut.add(""); continue; }
    note.text = headingText(one, note);
    if (!note.text) { cut.add(""); continue; }
    const figure = /^[$#+-]?[\d.,:]+\s?[%kKMB]?$/.test(note.text);
    add(one.tagName === "LEGEND" ? "group" : figure ? "label" : "heading", note.text, note.box, note.letters, figure ? {number: true} : {}); used.add(one);
  }
  for (const one of document.querySelectorAll(badge)) {
    const note = textOf(one), owner = one.closest("a,li,button,h1,h2,h3,h4,h5"), name = owner && textOf(owner, badge), box = inView(one) && shownBox(one);
    if (!box || !note.whole || !note.text || note.text.length > 20 || one.closest("table")) continue;
    add("badge", note.text, note.box, note.letters, {label: /^\d+\+?$/.test(note.text) && name && name.whole && name.rows === 1 && owner.querySelectorAll(badge).length === 1 && name.text.length < 50 ? name.text : ""}); used.add(one);
  }
  for (const dt of document.querySelectorAll("dl > dt")) {
    const dd = dt.nextElementSibling, name = textOf(dt), value = dd?.tagName === "DD" && !used.has(dd) && textOf(dd);
    if (value && name.whole && value.whole && value.text && name.rows === 1 && value.rows === 1 && name.text.length < 40 && value.text.length < 60 && !(dd.nextElementSibling?.tagName === "DD")) {
      add("label", value.text, value.box, value.letters, {label: name.text.replace(/:$/, ""), value: true}); used.add(dd); used.add(dt);
    }
  }
  const number = /^[$#+-]?(USD |EUR )?\d[\d.,: ]*\s?([%kKMB]|EUR|USD|GB|MB|TB|ms|min|h|km|kg)?$/;
  for (const note of [...said.entries()]) {  // a number and the one text that stands with it in a card
    const [node, seen] = note, text = seen.text.trim();
    if (!number.test(text) || !seen.whole || !seen.rows) continue;
    let holder = node.parentElement;
    if (holder.closest(`table,nav,ul,ol,button,a.btn,pre,code,dl,p,h1,h2,h3,h4,h5,h6,${badge}`)) continue;
    for (let up = 0; up < 4 && holder && holder !== document.body; up++, holder = holder.parentElement) {
      const leaves = [...said.entries()].filter(([other, its]) => holder.contains(other) && its.text.trim() && !/^(More info|View details)$/i.test(its.text.trim()));
      if (leaves.length === 2) {
        const [other, its] = leaves.find(([one]) => one !== node), words = its.text.trim().replace(/:$/, "");
        if (its.whole && its.rows === 1 && /[a-z]{3}/i.test(words) && words.length < 40 && !number.test(words) && !/^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$/i.test(words)
            && Math.abs((its.box[1] + its.box[3]) / 2 - (seen.box[1] + seen.box[3]) / 2) < 90) {
          const known = controls.findIndex((one) => one.number && one.text === text && Math.abs(one.box[0] - seen.box[0]) < 4);
          if (known >= 0) controls.splice(known, 1);
          add("label", text, seen.box, seen.letters, {label: words, value: true});
        }
        break;
      }
      if (leaves.length > 2) break;
    }
  }
  for (const link of document.querySelectorAll("a[href]")) {
    if (used.has(link) || link.closest("table,nav,.nav,.sidebar,h1,h2,h3,h4,h5,h6") || !inView(link) || [...used].some((one) => one && one !== link && (one.contains(link)))) continue;
    const note = textOf(link), style = getComputedStyle(link);
    if (!note.whole || !note.rows || note.rows > 1 || note.text.length < 2 || note.text.length > 60) { if (note.rows) cut.add(""); continue; }
    const plain = style.color === getComputedStyle(link.parentElement).color && style.textDecorationLine === "none";
    if (!plain) { add("link", note.text, note.box, note.letters); used.add(link); }
  }
  for (const [node, seen] of said) {  // all other short texts, so that what stands there is known
    const text = seen.text.replace(/\s+/g, " ").trim(), parent = node.parentElement;
    if (!seen.rows || !text || text.length > 120 || [...used].some((one) => one && one.contains(parent)) || parent.closest("table,pre")) continue;
    if (controls.some((one) => one.text === text && Math.abs(one.box[0] - seen.box[0]) < 30 && one.box[1] < seen.box[3] && one.box[3] > seen.box[1])) continue;
    if (seen.whole) add("label", text, seen.box, seen.letters);
  }
  let links = 0;
  for (const one of document.querySelectorAll("a,[onclick],[tabindex='0']")) {
    if (!inView(one) || used.has(one) && controls.some((control) => control.role === "button" && control.text === textOf(one).text)) continue;
    if (!textOf(one).text && !one.querySelector("input,button") && one.getBoundingClientRect().width > 10) cut.add("");  // a picture to be pressed
    links += one.tagName === "A" && textOf(one).rows > 0;
  }
  const known = controls.filter((one) => one.role === "link");
  if (links !== known.length) for (const one of known) one.role = "label";  // nobody could say which of them are "the links"
  const over = Math.max(document.documentElement.scrollHeight, document.body.scrollHeight) > H + 2;
  return {lines, controls, cut: [...cut], over, bad, dialog: !!document.querySelector(".modal.show,.modal.in")};
})()
