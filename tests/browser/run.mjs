// Opens and prints every page of a folder; see run.sh. A line per page; exit status 1 when anything is wrong.
import { createRequire } from 'node:module';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { contrast, layout, structure } from './screen_checks.mjs';
import { printed, unbroken } from './print_checks.mjs';
import { looks } from './screenshots.mjs';

const { values: options } = parseArgs({
  options: { modules: { type: 'string' }, pages: { type: 'string' }, goldens: { type: 'string' }, failed: { type: 'string' }, renew: { type: 'boolean' } },
});
const { chromium } = createRequire(join(resolve(options.modules), 'package.json'))('playwright-core');

// What a page must say in print, how many sheets it may take, how wide a sheet is in pixels between its margins.
const kinds = {
  individual: {
    pages: [4, 6], paper: 688,
    zh: ['个人健康评估报告', '对您最有帮助的事', '本报告不能代替医生', '不是诊断', '立即拨打120'],
    en: ['Your health assessment', 'What helps you most', 'does not replace a physician', 'not a diagnosis', 'Call an ambulance at once'],
  },
  group: {
    pages: [3, 12], paper: 688,
    zh: ['团体健康评估报告', '主要健康问题', '也不是诊断'],
    en: ['Group health report', 'Main health problems', 'they are no diagnosis'],
  },
  // a class A result has a sheet of its own before the others
  urgent: {
    pages: [5, 7], paper: 688,
    zh: ['个人健康评估报告', '对您最有帮助的事', '本报告不能代替医生', '这是需要核实的检查结果'],
    en: ['Your health assessment', 'What helps you most', 'does not replace a physician'],
  },
  overview: {
    pages: [1, 6], paper: 688,
    zh: ['健康评估总览', '运行报告', '紧急名单', '不得交给单位'],
    en: ['Health assessment: overview', 'Run report', 'Urgent list', 'Do not hand it to the employer'],
  },
  quality: {
    pages: [1, 9], paper: 680,
    zh: ['交付数据质量报告', '不含任何个人的数值'],
    en: ['Quality of delivered data', "no person's values"],
  },
  evaluation: {
    pages: [2, 9], paper: 688,
    zh: ['模型评价报告', '校准度', '决策曲线', '没有数值的指标'],
    en: ['Evaluation of models', 'Calibration', 'Decision curves', 'Measures without a value'],
  },
  branch: {
    pages: [1, 8], paper: 1031,
    zh: ['人员名单', '不是诊断', '不得转发'],
    en: [],
  },
};
// Few goldens: the look of each kind of page, wide and narrow, in both languages.
const goldens = new Map([
  ['zh/individual-diabetic_vip', [1000, 360]], ['en/individual-heavy_smoker', [1000]], ['zh/urgent-person', [360]],
  ['zh/individual-several_years', [1000]],
  ['en/group-internal', [1000]], ['zh/group-client', [360]], ['zh/branch', [1000]], ['en/branch', [360]],
  ['zh/overview-index', [1000]], ['en/overview-index', [360]], ['zh/overview-urgent', [360]],
  ['en/quality-report', [1000]], ['en/evaluation-models', [1000]], ['zh/evaluation-models', [360]],
]);
const widths = [['360 px', 360], ['1000 px', 1000], ['1000 px at 200 %', 500]];

async function onScreen(page, url, paper, noise) {
  const found = [];
  await page.goto(url);
  found.push(...await page.evaluate(structure), ...await page.evaluate(contrast));
  for (const [name, width] of [...widths, ['paper', paper]]) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ media: name === 'paper' ? 'print' : 'screen' });
    found.push(...(await page.evaluate(layout)).map(what => `${name}: ${what}`));
  }
  await page.setViewportSize({ width: 1000, height: 800 });
  await page.emulateMedia({ media: null });
  found.push(...noise);
  return found;
}

// Scripts may add comfort; they may not be needed. A search must find.
async function withScripts(page, url, textWithout, noise) {
  const found = [];
  await page.goto(url);
  const text = await page.evaluate(() => [...document.querySelectorAll('h1,h2,h3,td,th,p,li')].map(e => e.textContent).join(''));
  if (text !== textWithout) found.push('the page says something else with scripts on');
  const search = page.locator('input[type=search]');
  if (await search.count()) {
    const rows = page.locator('section:has(input[type=search]) tbody tr:has(td):visible'), all = await rows.count();
    const wanted = (await rows.last().locator('th, td').first().innerText()).trim();
    await search.fill(wanted);
    if (await rows.count() !== 1) found.push(`the search for one person shows ${await rows.count()} of ${all}`);
    await search.fill('');
    if (await rows.count() !== all) found.push('an empty search does not show everybody');
  }
  return found.concat(noise);
}

// A page in a context without network; whatever it asks for besides itself, and whatever it complains about, is noise.
async function open(browser, scripts) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, javaScriptEnabled: scripts, offline: true });
  const page = await context.newPage(), noise = [];
  page.setDefaultTimeout(10000);
  page.on('console', message => { if (/error|warning/.test(message.type())) noise.push(`console: ${message.text()}`); });
  page.on('pageerror', error => noise.push(`script: ${error.message}`));
  page.on('request', request => { if (!request.isNavigationRequest()) noise.push(`asks for ${request.url()}`); });
  return { context, page, noise };
}

async function check(browser, judge, language, name) {
  const url = pathToFileURL(resolve(options.pages, language, name + '.html')).href;
  const id = `${language}/${name}`, kind = kinds[name.split('-')[0]];
  const file = join(resolve(options.pages), `${language}-${name}.pdf`);
  const plain = await open(browser, false), scripted = await open(browser, true);
  const found = await onScreen(plain.page, url, kind.paper, plain.noise);
  const text = await plain.page.evaluate(() => [...document.querySelectorAll('h1,h2,h3,td,th,p,li')].map(e => e.textContent).join(''));
  found.push(...await withScripts(scripted.page, url, text, scripted.noise));
  await scripted.context.close();
  found.push(...await printed(plain.page, file, { pages: kind.pages, says: kind[language], language }));
  const whole = await unbroken(plain.page, file);
  found.push(...whole.found);
  await plain.context.close();
  for (const width of goldens.get(id) ?? [])
    found.push(...await looks(browser, judge, url, `${language}-${name}-${width}`, width, options, options.renew));
  return { id, found, boxes: whole.boxes };
}

const begun = Date.now();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--disable-gpu', '--font-render-hinting=none'] });
const judge = await (await browser.newContext()).newPage();
const waiting = ['zh', 'en'].flatMap(l => readdirSync(join(options.pages, l)).filter(f => f.endsWith('.html')).sort().map(f => [l, f.slice(0, -5)]));
let done = 0, bad = 0;
async function work() {
  for (let next; (next = waiting.shift());) {
    const { id, found, boxes } = await check(browser, judge, ...next).catch(error => ({ id: next.join('/'), found: [error.message], boxes: 0 }));
    done++;
    if (found.length) bad++;
    console.log(`${found.length ? 'FAILED' : 'ok    '} ${id} (${boxes} boxes)`);
    for (const what of found) console.log(`       ${what}`);
  }
}
await Promise.all([work(), work()]);
await browser.close();
console.log(`${done} pages, ${bad} with faults, ${((Date.now() - begun) / 1000).toFixed(0)} s, Chromium ${browser.version()}`);
process.exitCode = bad || !done ? 1 : 0;
