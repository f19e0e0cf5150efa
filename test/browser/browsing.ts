import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const WIDTHS = { wide: 1280, narrow: 390 } as const;
export const SCHEMES = ['light', 'dark'] as const;

/** The browser of the machine. @throws Error that says how to name another one */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? PROGRAMS.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error('there is no Chromium; install it, or name it in CHROMIUM');
  // Where tests run as root, Chromium wants it so. The pages are our own.
  return await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

/** A page that reaches nothing but the sandbox: what asks for another host fails and is noted. */
export async function openPage(
  browser: Browser,
  origin: string,
  width: number,
  colorScheme: 'light' | 'dark',
): Promise<{ readonly page: Page; readonly strayed: string[] }> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: 'reduce',
  });
  const strayed: string[] = [];
  await context.route('**', async (route) => {
    const url = route.request().url();
    if (url.startsWith(origin)) return await route.continue();
    strayed.push(url);
    await route.abort();
  });
  return { page: await context.newPage(), strayed };
}

/** The pages by what they show, each with an address that leads to it. */
export async function addresses(page: Page, origin: string): Promise<Record<string, string>> {
  const first = async (path: string, selector: string): Promise<string> => {
    await page.goto(`${origin}${path}`);
    return (await page.locator(selector).first().getAttribute('href')) ?? '';
  };
  return {
    overview: '/',
    found: '/?q=note',
    accounts: '/records/accounts?page=2',
    account: await first('/records/accounts', 'td a'),
    note: await first('/records/notes?q=hostile', 'td a'),
    run: '/runs/1',
    requests: '/requests',
    request: await first('/requests', 'td a'),
    controls: '/controls',
    missing: '/records/accounts/none',
  };
}
