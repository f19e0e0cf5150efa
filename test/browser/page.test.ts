import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { addresses, openBrowser, openPage, SCHEMES, WIDTHS } from './browsing.ts';
import { filledSandbox } from './filled.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let sandbox: Sandbox;
let browser: Browser;
let paths: Record<string, string>;

beforeAll(async () => {
  [sandbox, browser] = await Promise.all([filledSandbox(), openBrowser()]);
  const { page } = await openPage(browser, sandbox.url, WIDTHS.wide, 'light');
  paths = await addresses(page, sandbox.url);
  await page.context().close();
});

afterAll(async () => {
  await browser?.close();
  await sandbox?.close();
});

const LOOKS = Object.entries(WIDTHS).flatMap(([size, width]) =>
  SCHEMES.map((scheme) => ({ size, width, scheme })),
);

/** What axe finds wrong, each with the first place. The policy of the page allows no script: it runs as the debugger's. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return await page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))",
  );
}

describe.each(LOOKS)('$size, $scheme', ({ width, scheme }) => {
  test('no page has a fault that axe knows, is wider than the screen, or asks for anything elsewhere', async () => {
    const { page, strayed } = await openPage(browser, sandbox.url, width, scheme);
    const faults: Record<string, unknown> = {};
    for (const [name, path] of Object.entries(paths)) {
      await page.goto(`${sandbox.url}${path}`);
      const wide = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      const found = [...(await violations(page)), ...(wide > 0 ? [`${wide} px too wide`] : [])];
      if (found.length > 0) faults[name] = found;
    }
    expect(faults).toEqual({});
    expect(strayed).toEqual([]);
    await page.context().close();
  });
});

test('a note is shown as HTML, and nothing of it runs', async () => {
  const { page, strayed } = await openPage(browser, sandbox.url, WIDTHS.wide, 'light');
  await page.goto(`${sandbox.url}${paths.note}`);
  const frame = page.frameLocator('iframe');
  expect(await frame.locator('b').textContent()).toBe('renewal');
  expect(await page.title()).toBe('hostile · Vitally sandbox');
  expect(strayed).toEqual([]);
  await page.context().close();
});

test('by keyboard alone: to the content, to the search, and to what it finds', async () => {
  const { page } = await openPage(browser, sandbox.url, WIDTHS.wide, 'light');
  await page.goto(`${sandbox.url}/records/accounts`);
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.id')).toBe('q');
  await page.keyboard.type('Delta Foods');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/records/accounts?q=Delta+Foods');
  expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
  await page.context().close();
});

test('a browser may submit the forms', async () => {
  const { page } = await openPage(browser, sandbox.url, WIDTHS.wide, 'light');
  await page.goto(`${sandbox.url}/controls`);
  await page.getByLabel(/^no-at-end /).check();
  await page.getByRole('button', { name: 'Set switches' }).click();
  await page.getByRole('status').waitFor();
  expect(await page.getByLabel(/^no-at-end /).isChecked()).toBe(true);
  await page.context().close();
});
