// Opens pages in headless Chromium and says what is wrong with them.
//
// In: `look.mjs BROWSER FOLDER PAGE…`; every page is a file. Out: screenshots and a print of each in FOLDER; exit 1 and a line for each
// fault. Each page is opened at the width of a desk and of a telephone with scripts switched off, and must: ask for nothing but itself,
// log nothing, hold no script, be no wider than the screen, give the same text with scripts on, have no violation that axe-core knows
// (WCAG 2.2 AA and good practice) with everything folded and unfolded, and show where the keyboard's focus is.

import { mkdir, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { argv, exit } from "node:process";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const WIDTHS = [1280, 390];
const BYTES_MAX = 1024 * 1024;
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// Focus stops walked through on each page; the first ones are of every kind.
const STOPS_MAX = 60;

const [browserPath, folder, ...pages] = argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const faults = [];

async function open(browser, address, width, hasScripts) {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    const told = [];
    page.on("console", (message) => told.push(`logs ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => told.push(`error: ${error.message}`));
    page.on("request", (request) => {
        const isOwn = request.url() === address;
        if (!isOwn) told.push(`asks for ${request.url().slice(0, 120)}`);
        isOwn ? request.continue() : request.abort();
    });
    await page.setRequestInterception(true);
    await page.setJavaScriptEnabled(hasScripts);
    await page.setViewport({ width, height: 900, isMobile: width < 600, deviceScaleFactor: width < 600 ? 2 : 1 });
    await page.goto(address, { waitUntil: "load" });
    return { page, told };
}

const text = (page) => page.evaluate(() => document.body.innerText);

async function violations(page) {
    await page.evaluate(axe);
    const found = await page.evaluate((tags) => axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
    return found.violations.map((rule) => {
        const places = rule.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`);
        return `axe ${rule.id}: ${rule.help} (${rule.nodes.length}: ${places.join(" | ").slice(0, 400)})`;
    });
}

const overflow = (page) => page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1 && !e.closest(".scroll"));
    return [`wider than the screen: ${document.documentElement.scrollWidth} > ${width}, ${wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 80))}`];
});

async function keyboard(page) {
    const lost = [];
    for (let stop = 0; stop < STOPS_MAX; stop++) {
        await page.keyboard.press("Tab");
        const seen = await page.evaluate(() => {
            const at = document.activeElement;
            if (at === document.body) return null;
            const style = getComputedStyle(at);
            return { what: at.outerHTML.slice(0, 80), isShown: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 };
        });
        if (seen === null) break;
        if (!seen.isShown) lost.push(`focus is not shown: ${seen.what}`);
    }
    return lost;
}

const unfold = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));

async function look(browser, file) {
    const name = basename(file, ".html");
    const address = pathToFileURL(file).href;
    const say = (width, what) => faults.push(`${name} at ${width}: ${what}`);
    const size = (await stat(file)).size;
    if (size > BYTES_MAX) say("any width", `${size} bytes`);
    for (const width of WIDTHS) {
        const { page, told } = await open(browser, address, width, false);
        const without = await text(page);
        if (without.trim().length < 200) say(width, "hardly any text");
        if (await page.evaluate(() => document.scripts.length > 0)) say(width, "holds a script");
        await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
        for (const fault of [...(await overflow(page)), ...(await keyboard(page))]) say(width, fault);
        await unfold(page);
        for (const fault of await overflow(page)) say(`${width} unfolded`, fault);
        await page.screenshot({ path: join(folder, `${name}-${width}-unfolded.png`), fullPage: true });
        for (const fault of told) say(width, fault);
        await page.close();
        // axe-core waits on timers, which stand still while scripts are off.
        const scripted = await open(browser, address, width, true);
        if ((await text(scripted.page)) !== without) say(width, "reads otherwise with scripts on");
        for (const fault of await violations(scripted.page)) say(width, fault);
        if (width === WIDTHS[0]) await scripted.page.pdf({ path: join(folder, `${name}.pdf`), preferCSSPageSize: true, printBackground: true });
        await unfold(scripted.page);
        for (const fault of await violations(scripted.page)) say(`${width} unfolded`, fault);
        for (const fault of scripted.told) say(width, `with scripts on, ${fault}`);
        await scripted.page.close();
    }
}

await mkdir(folder, { recursive: true });
const browser = await puppeteer.launch({
    executablePath: browserPath,
    protocolTimeout: 60_000,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--disable-background-networking", "--no-first-run"],
});
try {
    for (const file of pages) await look(browser, file);
} finally {
    await browser.close();
}
for (const fault of faults) console.error(`pages: ${fault}`);
console.log(`pages: ${pages.length} looked at, ${faults.length} faults; pictures in ${folder}`);
exit(faults.length > 0 ? 1 : 0);
