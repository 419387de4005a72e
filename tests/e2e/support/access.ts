import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Judges the page on the screen: no serious or critical finding of axe, one first heading, nobody's data in the title. */
export async function judgeAccess(page: Page, forbiddenInTitle: readonly string[] = []): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`));
  expect(grave).toEqual([]);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  const title = await page.title();
  expect(title).not.toBe('');
  for (const word of forbiddenInTitle) expect(title).not.toContain(word);
}

/** Everything on the page that is larger than the place it has, and so must be scrolled. */
export async function listScrolled(page: Page, direction: 'down' | 'across'): Promise<string[]> {
  return page.evaluate((way) => {
    const isTooLarge = (element: Element): boolean =>
      way === 'down' ? element.scrollHeight > element.clientHeight + 1 : element.scrollWidth > element.clientWidth + 1;
    const own = (element: Element): string => (way === 'down' ? getComputedStyle(element).overflowY : getComputedStyle(element).overflowX);
    const scrolled = [...document.querySelectorAll('*')].filter(
      (element) => ['auto', 'scroll'].includes(own(element)) && isTooLarge(element),
    );
    const all = document.scrollingElement !== null && isTooLarge(document.scrollingElement) ? ['page'] : [];
    return [
      ...all,
      ...scrolled.filter((element) => element !== document.scrollingElement).map((element) => `${element.tagName}.${element.className}`),
    ];
  }, direction);
}

/** Goes round the page with Tab and says which controls it never came to. */
export async function listUnreachable(page: Page): Promise<string[]> {
  const reached = new Set<number>();
  let names: string[] = [];
  for (let step = 0; step <= names.length + 5; step += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const controls = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, [tabindex="0"]')].filter(
        (element) => element.tabIndex >= 0 && !element.hasAttribute('disabled') && element.checkVisibility({ visibilityProperty: true }),
      );
      const nameOf = (element: HTMLElement): string =>
        element.getAttribute('aria-label') ?? element.dataset['field'] ?? (element.innerText || element.outerHTML.slice(0, 120));
      return { at: controls.findIndex((element) => element === document.activeElement), names: controls.map(nameOf) };
    });
    names = found.names;
    if (found.at >= 0) reached.add(found.at);
  }
  return names.filter((_, index) => !reached.has(index));
}
