// What is checked inside of the page. Each function runs in the browser, takes nothing from outside and returns a list
// of complaints.

// Nothing sticks out to the right; no drawn letter leaves its drawing; no two texts lie on each other.
export function layout() {
  const found = [];
  const wide = document.documentElement.clientWidth;
  const name = e => `${e.tagName.toLowerCase()}${e.className.baseVal ?? (e.className ? '.' + e.className : '')}`
    + ` '${(e.textContent || '').trim().slice(0, 30)}'`;
  const scrolls = e => {
    for (let at = e.parentElement; at; at = at.parentElement)
      if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  if (document.scrollingElement.scrollWidth > wide)
    found.push(`${document.scrollingElement.scrollWidth - wide} px wider than the window`);
  for (const e of document.body.querySelectorAll('*')) {
    if (e.closest('[aria-hidden=true]') && !e.textContent.trim()) continue;
    const box = e.getBoundingClientRect();
    if (box.width > 0 && box.right > wide + 1 && !scrolls(e)) found.push(`sticks out by ${Math.round(box.right - wide)} px: ${name(e)}`);
  }
  // a text wider than its own box is cut or lies on what stands beside it, though the window may be wide enough
  const paper = matchMedia('print').matches;
  for (const e of document.body.querySelectorAll('*')) {
    if (!(e instanceof HTMLElement) || e.clientWidth === 0 || e.scrollWidth <= e.clientWidth + 1) continue;
    const scrolling = /auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e);
    if (paper || !scrolling) found.push(`${e.scrollWidth - e.clientWidth} px too wide for its box: ${name(e)}`);
  }
  for (const text of document.querySelectorAll('svg text')) {
    const box = text.getBoundingClientRect(), drawing = text.ownerSVGElement.getBoundingClientRect();
    const air = box.height * 0.25; // above and below the letters of a line
    if (box.width > 0 && (box.left < drawing.left - 1 || box.right > drawing.right + 1 || box.top + air < drawing.top || box.bottom - air > drawing.bottom))
      found.push(`letters leave their drawing: ${name(text)}`);
  }
  const lines = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    if (!node.data.trim() || /^(SCRIPT|STYLE|TITLE)$/i.test(node.parentElement.tagName)) continue;
    if (getComputedStyle(node.parentElement).visibility === 'hidden') continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const r of range.getClientRects())
      if (r.width > 1) lines.push({ l: r.left, r: r.right, t: r.top + r.height * 0.25, b: r.bottom - r.height * 0.25, node });
  }
  lines.sort((a, b) => a.t - b.t);
  for (let i = 0; i < lines.length; i++)
    for (let j = i + 1; j < lines.length && lines[j].t < lines[i].b; j++) {
      const a = lines[i], b = lines[j];
      if (a.node === b.node || getComputedStyle(b.node.parentElement).position === 'sticky') continue;
      if (Math.min(a.r, b.r) - Math.max(a.l, b.l) > 2 && Math.min(a.b, b.b) - a.t > 1 && Math.min(a.b, b.b) - b.t > 1)
        found.push(`texts lie on each other: '${a.node.data.trim().slice(0, 30)}' and '${b.node.data.trim().slice(0, 30)}'`);
    }
  return [...new Set(found)].slice(0, 3);
}

// Language, title, headings, names of pictures, links inside of the page, tables.
export function structure() {
  const found = [];
  if (!/^(zh-CN|en)$/.test(document.documentElement.lang)) found.push('the page does not say its language');
  if (!document.title.trim()) found.push('no title');
  if (document.querySelectorAll('main').length !== 1) found.push('not one main part');
  if (document.querySelectorAll('h1').length !== 1) found.push(`${document.querySelectorAll('h1').length} headings of the first level`);
  let last = 0;
  for (const h of document.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
    const level = Number(h.tagName[1]);
    if (level > last + 1) found.push(`heading '${h.textContent.trim()}' of level ${level} after level ${last}`);
    if (!h.textContent.trim()) found.push('an empty heading');
    last = level;
  }
  for (const e of document.querySelectorAll('img, svg')) {
    if (e.closest('[aria-hidden=true]')) continue;
    const named = e.getAttribute('alt') || e.getAttribute('aria-label')
      || (e.getAttribute('aria-labelledby') && document.getElementById(e.getAttribute('aria-labelledby'))?.textContent)
      || [...e.children].find(c => c.tagName.toLowerCase() === 'title')?.textContent;
    if (!named?.trim()) found.push(`a picture without a name: ${e.outerHTML.slice(0, 80)}`);
    if (e.tagName.toLowerCase() === 'svg' && e.getAttribute('role') !== 'img') found.push(`a named drawing that is no picture: ${e.outerHTML.slice(0, 60)}`);
  }
  const ids = new Set();
  for (const e of document.querySelectorAll('[id]')) {
    if (ids.has(e.id)) found.push(`id '${e.id}' twice`);
    ids.add(e.id);
  }
  for (const e of document.querySelectorAll('[href^="#"]'))
    if (!ids.has(decodeURIComponent(e.getAttribute('href').slice(1)))) found.push(`a link to nowhere: ${e.getAttribute('href')}`);
  for (const t of document.querySelectorAll('table')) if (!t.querySelector('th')) found.push('a table without header cells');
  const text = document.body.innerText;
  for (const odd of text.match(/\{\d\}|\bNaN\b|\bundefined\b|\b(report|unit|answer|status|flag|trend|group|branch|overview|evaluation)\.[a-z_]+(\.[a-z_]+)*\b/g) ?? [])
    found.push(`a text that was not filled in: ${odd}`);
  return [...new Set(found)].slice(0, 8);
}

// Contrast of every text with what lies behind it, by the formula of WCAG 2.
export function contrast() {
  const parse = css => {
    const n = (css.match(/[\d.]+/g) ?? []).map(Number);
    return n.length < 3 ? [0, 0, 0, 0] : [n[0], n[1], n[2], n[3] ?? 1];
  };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const light = c => {
    const [r, g, b] = c.slice(0, 3).map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = e => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) {
      const c = parse(getComputedStyle(at).backgroundColor);
      if (c[3] > 0) layers.push(c);
      if (c[3] === 1) break;
    }
    return layers.reduceRight((under, c) => over(c, under), [255, 255, 255, 1]);
  };
  const found = new Map();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const e = node.parentElement;
    if (!node.data.trim() || e.getClientRects().length === 0 || /^(title|script|style)$/i.test(e.tagName)) continue;
    const style = getComputedStyle(e), drawn = e instanceof SVGElement;
    const front = parse(drawn ? style.fill : style.color);
    for (let at = e; at; at = at.parentElement) front[3] *= Number(getComputedStyle(at).opacity);
    const ground = behind(e), seen = over(front, ground);
    const [high, low] = [light(seen), light(ground)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) found.set(`${style.color}`, `contrast ${ratio.toFixed(2)}: '${node.data.trim().slice(0, 40)}'`);
  }
  return [...found.values()];
}
