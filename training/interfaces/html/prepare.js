// Makes a page that others wrote ready to be looked at, and tells its texts: nothing moves, all characters are ASCII and
// stand in the document, fonts are those given, pictures are plain. Called with the options; returns the texts.
((options) => {
  let seed = options.seed;
  const random = () => { seed = (seed * 1664525 + 1013904223) >>> 0; return seed / 4294967296; };
  const pick = (some) => some[Math.floor(random() * some.length)];
  const SIGNS = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u2010": "-", "\u2011": "-", "\u2026": "...", "\u00b7": "-", "\u2022": "-", "\u00d7": "x", "\u2192": "->", "\u2190": "<-", "\u00a9": "(c)",
    "\u00a0": " ", "\u00ab": "<<", "\u00bb": ">>", "\u203a": ">", "\u2039": "<", "\u20ac": "EUR ", "\u00a3": "GBP ", "\u00df": "ss"};
  const ascii = (text) => Array.from(text.replace(/[\u0080-\uffff]/g, (char) => SIGNS[char] ?? char).normalize("NFKD"))
    .filter((char) => (char >= " " && char <= "~") || /\s/.test(char)).join("");
  const still = document.createElement("style");
  still.textContent = `*,*::before,*::after{animation:none!important;transition:none!important;text-overflow:clip!important;
    scroll-behavior:auto!important;caret-color:transparent!important;font-variant-caps:normal!important}
    [data-plain-before]::before,[data-plain-after]::after{content:none!important} iframe,video,object,embed,audio{visibility:hidden!important}
    [data-cased]{text-transform:none!important}`;
  document.head.append(still);
  document.querySelectorAll("svg text, noscript, .preloader, .loader-wrapper, #preloader, #loader, .pace, .page-loader").forEach((one) => one.remove());
  document.querySelectorAll("input[type=file]").forEach((one) => { one.style.visibility = "hidden"; });
  document.querySelectorAll("select").forEach((one) => { one.multiple = false; one.removeAttribute("size"); });
  document.querySelectorAll("details").forEach((one) => { if (random() < 0.4) one.open = true; });
  const icons = /icon|awesome|glyph|material|symbol|feather|themify|linea|ionic|dripicons|weather|simple-line|nucleo/i;
  const families = new Map();
  const family = (asked) => {
    const bare = asked.replace(/['"]/g, "");
    if ([...families.values()].includes(bare)) return bare;
    if (!families.has(asked)) {
      const first = asked.split(",")[0].toLowerCase();
      const sort = /mono|courier|consol|menlo/.test(asked.toLowerCase().split("sans")[0]) ? "mono" : /serif|georgia|times|garamond|merriweather|slab/.test(first) && !/sans/.test(first) ? "serif" : "sans";
      families.set(asked, families.size && sort === "sans" && random() < 0.75 ? [...families.values()][0] : pick(options.fonts[sort]));
    }
    return families.get(asked);
  };
  const plainImage = (wide, high, [near, far] = [55, 40]) => {
    const hue = Math.floor(random() * 360), other = (hue + 30 + Math.floor(random() * 120)) % 360, x = Math.floor(random() * 80) + 10;
    return "data:image/svg+xml," + encodeURIComponent(`<svg xmlns='http://www.w3.org/2000/svg' width='${wide}' height='${high}' viewBox='0 0 100 100' preserveAspectRatio='none'><rect width='100' height='100' fill='hsl(${hue},35%,${near}%)'/><path d='M0 100L${x} ${30 + x / 3}L100 100z' fill='hsl(${other},40%,${far}%)'/></svg>`);
  };
  const behind = (element, style) => {  // how light a picture is behind texts, so that they can be read
    const [red, green, blue] = (style.color.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number);
    return !element.textContent.trim() ? [55, 40] : 0.3 * red + 0.6 * green + 0.1 * blue > 140 ? [22, 16] : [92, 86];
  };
  for (const [image, box] of [...document.images].map((one) => [one, one.getBoundingClientRect()])) {
    if (Math.min(box.width, box.height) > 56 || box.width > 1.4 * box.height || image.closest("a,button") && box.width < 24 || Math.max(box.width, box.height) > 120 || !image.complete || !image.naturalWidth) {
      const wide = Math.round(box.width) || 40, high = Math.round(box.height) || 40;
      image.removeAttribute("srcset"); image.style.width = wide + "px"; image.style.height = high + "px"; image.style.maxWidth = "100%";
      image.src = plainImage(wide, high);
    }
    image.alt = "";
  }
  document.querySelectorAll("picture source").forEach((one) => one.remove());
  const typed = /^(text|email|url|tel|search|number|date|time|datetime-local|month|week)$/;
  const all = [...document.body.querySelectorAll("*"), document.body];
  const transforms = [], pseudos = [], changes = [];  // made when all is read: each would have the page laid out again
  const set = (element, name, value) => changes.push(() => element.style.setProperty(name, value, "important"));
  for (const element of all) {
    if (/^(SCRIPT|STYLE|SVG|PATH)$/i.test(element.tagName) || element.closest("svg")) continue;
    const style = getComputedStyle(element);
    const turn = style.transform.match(/^matrix\(([^,]+), ([^,]+)/);
    if (turn && Math.abs(turn[1]) > 0.05 && Math.abs(turn[2]) > 0.01 && element.textContent.trim()) set(element, "transform", "none");
    if (element.shadowRoot) { changes.push(() => element.remove()); continue; }
    if (element === document.body && style.backgroundImage.includes("url(")) set(element, "background-image", "none");
    else if (style.backgroundImage.includes("url(") && element.offsetWidth > 90 && element.offsetHeight > 60 && !/data:image\/svg/.test(style.backgroundImage))
      set(element, "background-image", `url("${plainImage(element.offsetWidth, element.offsetHeight, behind(element, style))}")`);
    for (const side of ["before", "after"]) {
      const given = getComputedStyle(element, "::" + side), content = given.content;
      if (!content || content === "none" || content === "normal") continue;
      const text = content.startsWith('"') ? content.slice(1, -1).replace(/\\a ?/gi, "") : "";
      if (/attr\(|counter/.test(content)) changes.push(() => element.setAttribute("data-plain-" + side, ""));
      else if (/[!-~]/.test(text) && !icons.test(given.fontFamily)) {
        const span = document.createElement("span");
        for (const name of ["display", "float", "padding", "margin", "color", "fontSize", "fontWeight", "position", "top", "left", "right", "background"])
          span.style[name] = given[name];
        span.dataset.pseudo = ""; span.textContent = ascii(text.replace(/\\"/g, '"'));
        pseudos.push([element, side, span]);
      }
    }
    if (element.tagName === "OL" || (element.tagName === "LI" && element.parentElement.tagName === "OL")) {
      if (style.listStyleType !== "none") set(element, "list-style-type", "disc");
    }
    const direct = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const control = /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
    if (direct || control) {
      const own = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join("").trim();
      if (icons.test(style.fontFamily.split(",")[0]) && direct && !/[0-9A-Z ]/.test(own)) { changes.push(() => { element.dataset.icon = ""; }); if (/[a-z_]{3}/.test(own)) set(element, "visibility", "hidden"); }
      else set(element, "font-family", `'${family(style.fontFamily)}'`);
      if (style.pointerEvents === "none") set(element, "pointer-events", "auto");
      if (style.textTransform !== "none") transforms.push([element, style.textTransform]);
    }
    if (element.tagName === "INPUT" && typed.test(element.type)) changes.push(() => {
      const value = element.value; element.type = "text"; element.value = ascii(value);
      element.setAttribute("placeholder", ascii(element.placeholder));
    });
    if (element.tagName === "TEXTAREA") changes.push(() => { element.value = ascii(element.value); element.placeholder = ascii(element.placeholder); });
  }
  for (const change of changes) change();
  for (const [element, side, span] of pseudos) {
    element.setAttribute("data-plain-" + side, "");
    if (side === "before") element.prepend(span); else element.append(span);
    span.style.setProperty("font-family", `'${family(getComputedStyle(element).fontFamily)}'`, "important");
  }
  for (const [element, transform] of transforms) {
    for (const node of element.childNodes) if (node.nodeType === 3) {
      node.data = transform === "uppercase" ? node.data.toUpperCase() : transform === "lowercase" ? node.data.toLowerCase() : node.data.replace(/(^|\s)(\S)/g, (_, gap, char) => gap + char.toUpperCase());
    }
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)) element.style.setProperty("text-transform", "none", "important");
    else element.dataset.cased = transform;
  }
  const texts = [], nodes = [];
  const tables = new Map();
  const heads = (table) => {
    if (!tables.has(table)) tables.set(table, [...(table.rows[0]?.cells ?? [])].map((cell) => cell.textContent.trim().toLowerCase()));
    return tables.get(table);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let foreign = 0, count = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (/^(SCRIPT|STYLE|NOSCRIPT|TEXTAREA|OPTION)$/.test(parent.tagName) || parent.closest("svg,[data-icon]") || !node.data.trim()) continue;
    count += node.data.length; foreign += (node.data.match(/[\u00c0-\u024f\u0370-\uffff]/g) || []).length;
    const clean = ascii(node.data);
    if (clean !== node.data) node.data = clean;
    if (!clean.trim() || parent.closest("pre,code,kbd,.pagination,[data-pseudo]")) continue;
    const cell = parent.closest("td,th"), head = cell ? heads(cell.closest("table") ?? document.createElement("table"))[cell.cellIndex] ?? "" : "";
    const where = cell ? (cell.tagName === "TH" ? "header" : "cell") : parent.closest("button,.btn,[role=button],.button") ? "button"
      : parent.closest(".badge,.label:not(label),.tag,.chip") ? "badge" : parent.closest("h1,h2,h3,h4,h5,h6,.card-title,legend") ? "heading" : parent.closest("label,.control-label,.form-label") ? "label" : parent.closest("dt") ? "term"
      : parent.closest("nav,.nav,.sidebar,.menu,.sidebar-menu,[role=navigation],.dropdown-menu,.list-group,.breadcrumb") ? "nav"
      : parent.closest("li") && node.data.trim().length < 60 ? "entry" : "text";
    const sole = parent.childNodes.length === 1 || [...parent.childNodes].every((one) => one === node || one.nodeType !== 3 || !one.data.trim());
    texts.push([nodes.length, clean.trim().replace(/\s+/g, " "), where, head, sole && !parent.closest("p a, p b, p strong, p em, p i")]); nodes.push([node, "data"]);
  }
  const name = (field) => {
    const label = field.labels?.[0] ?? field.closest(".form-group,.field,.row,.mb-3,div")?.querySelector("label");
    const plain = (text) => ascii(text ?? "").replace(/\s+/g, " ").trim().slice(0, 80);
    return `${plain(label?.textContent)}|${plain(`${field.name} ${field.id} ${field.placeholder ?? ""}`)}`;
  };
  for (const field of document.querySelectorAll("input,textarea,select")) {
    if (field.closest(".input-group-outline,.form-floating,.mdl-textfield,.md-form,.form-outline")) continue;  // its label is in it
    if (field.tagName === "SELECT") {
      [...field.options].slice(0, 30).forEach((one) => {
        one.text = ascii(one.text);
        texts.push([nodes.length, one.text.trim(), "option", name(field), true]); nodes.push([one, "text"]);
      });
    } else if (field.tagName === "TEXTAREA" || field.type === "text") {
      texts.push([nodes.length, field.value, field.tagName === "TEXTAREA" ? "area" : "field", name(field), true]); nodes.push([field, "value"]);
    } else if (/submit|button|reset/.test(field.type)) {
      texts.push([nodes.length, field.value, "button", "", true]); nodes.push([field, "value"]);
    }
  }
  window.__nodes = nodes; window.__random = random;
  const sheets = [...document.querySelectorAll("link[rel=stylesheet]")].filter((one) => one.href.startsWith("file:"));
  const loaded = sheets.filter((one) => one.sheet).length;
  const bare = 2 * loaded < sheets.length || (!options.prose && getComputedStyle(document.body).marginLeft === "8px");
  return {texts, bare, foreign: count ? foreign / count : 1, heading: texts.filter((one) => one[2] === "heading").map((one) => one[0])[0] ?? -1, title: ascii(document.title).replace(/\s+/g, " ").trim(), high: document.documentElement.scrollHeight};
})
