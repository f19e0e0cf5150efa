import { fileURLToPath } from 'node:url';
import { addresses, openBrowser, openPage, WIDTHS } from './browsing.ts';
import { filledSandbox } from './filled.ts';

/** What docs/sandbox.md shows: `npm run screenshots`. */
const SHOTS = [
  { name: 'overview', of: 'overview', width: WIDTHS.wide, scheme: 'light' },
  { name: 'account', of: 'account', width: WIDTHS.wide, scheme: 'light' },
  { name: 'run-dark', of: 'run', width: WIDTHS.wide, scheme: 'dark' },
  { name: 'overview-phone', of: 'overview', width: WIDTHS.narrow, scheme: 'light' },
] as const;

const into = process.argv[2] ?? fileURLToPath(new URL('../../docs/images', import.meta.url));
const all = process.argv.includes('--all');
const sandbox = await filledSandbox();
const browser = await openBrowser();
try {
  const { page: finder } = await openPage(browser, sandbox.url, WIDTHS.wide, 'light');
  const paths = await addresses(finder, sandbox.url);
  const every = Object.keys(paths).map((of) => ({
    name: of,
    of,
    width: WIDTHS.wide,
    scheme: 'light' as const,
  }));
  for (const { name, of, width, scheme } of all ? [...every, ...SHOTS] : SHOTS) {
    const { page } = await openPage(browser, sandbox.url, width, scheme);
    await page.goto(`${sandbox.url}${paths[of]}`);
    await page.screenshot({ path: `${into}/${name}.png`, fullPage: all });
    await page.close();
  }
} finally {
  await browser.close();
  await sandbox.close();
}
