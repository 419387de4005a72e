import type { Locator, Page } from '@playwright/test';

/**
 * What on the screen has no room for its words: a closed list whose choice is cut, a word of the top strip, the rail or a button that wraps or
 * runs out of it, a cell of a list that does not show its whole text.
 */
export async function listCut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const pen = document.createElement('canvas').getContext('2d');
    const px = (text: string): number => Number.parseFloat(text);
    const isSeen = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true }) &&
      element.closest('.visually-hidden') === null &&
      element.getBoundingClientRect().width > 2;
    for (const select of document.querySelectorAll('select')) {
      const text = select.selectedOptions[0]?.text ?? '';
      if (!isSeen(select) || pen === null) continue;
      const style = getComputedStyle(select);
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const roomPx = select.clientWidth - px(style.paddingInlineStart) - px(style.paddingInlineEnd);
      if (pen.measureText(text).width > roomPx + 1) found.push(`list: ${text}`);
    }
    for (const element of document.querySelectorAll('.frame-top > *, .frame-top button *, .rail span, .frame-status > *, main button *')) {
      if (!isSeen(element) || element.closest('.steps, .list-head, svg') !== null) continue;
      const { textContent } = element;
      const lineHeightPx = px(getComputedStyle(element).lineHeight);
      const range = document.createRange();
      range.selectNodeContents(element);
      const lines = new Set(
        [...range.getClientRects()].filter(({ width }) => width > 1).map(({ bottom }) => Math.round(bottom / lineHeightPx)),
      );
      if (element.children.length === 0 && lines.size > 1) found.push(`wraps: ${textContent}`);
      if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && !element.matches('.frame-office'))
        found.push(`cut: ${textContent}`);
      if (element.getBoundingClientRect().right > innerWidth) found.push(`out: ${textContent}`);
    }
    for (const cell of document.querySelectorAll('.list-row > *, .list-head > *'))
      if (isSeen(cell) && (cell.scrollWidth > cell.clientWidth + 1 || cell.scrollHeight > cell.clientHeight + 3))
        found.push(`cell: ${cell.textContent}`);
    return [...new Set(found)];
  });
}

/** The colour under the words of a control. */
export function groundOf(control: Locator): Promise<string> {
  return control.evaluate((element) => getComputedStyle(element).backgroundColor);
}
