import { expect, type CDPSession, type Locator, type Page } from '@playwright/test';

/**
 * A person at the keyboard, with a document reader beside it. Every key pressed is counted, Tab, Enter and arrows too; what a reader types is
 * counted apart. There is no way here to click, fill or run script: what a person cannot do with keys, a test cannot do.
 */
export interface Person {
  readonly page: Page;
  readonly counts: { keystrokes: number; readerBursts: number; readonly screens: Set<string> };
  /** One key or chord, e.g. `F2`, `Control+Enter`, `Tab`. */
  press(key: string, times?: number): Promise<void>;
  /** Types letter by letter. */
  type(text: string): Promise<void>;
  /** A reader's burst: fast, ending in Enter, wherever the focus is. Not counted as keystrokes. */
  read(text: string): Promise<void>;
  /** Waits until a page with this heading is there and counts it as a screen seen. */
  arriveAt(heading: string | RegExp): Promise<void>;
  /** Tabs until `target` has the focus; fails after `limit` steps. */
  tabTo(target: Locator, limit?: number): Promise<void>;
}

export function createPerson(page: Page): Person {
  const counts = { keystrokes: 0, readerBursts: 0, screens: new Set<string>() };
  let reader: CDPSession | undefined;
  const press = async (key: string, times = 1) => {
    for (let n = 0; n < times; n += 1) {
      await page.keyboard.press(key);
      counts.keystrokes += 1;
    }
  };
  return {
    page,
    counts,
    press,
    async type(text) {
      counts.keystrokes += [...text].length;
      await page.keyboard.type(text, { delay: 35 });
    },
    async read(text) {
      counts.readerBursts += 1;
      // A hand needs a moment to lay the document on the reader.
      await page.waitForTimeout(250);
      reader ??= await page.context().newCDPSession(page);
      // It does not wait for the page: all keys are on their way before the first has been heard.
      const sent: Promise<unknown>[] = [];
      for (const character of `${text}\n`) {
        const key = character === '\n' ? { key: 'Enter', text: '\r', windowsVirtualKeyCode: 13 } : { key: character, text: character };
        sent.push(
          reader.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key }),
          reader.send('Input.dispatchKeyEvent', { type: 'keyUp', key: key.key }),
        );
      }
      await Promise.all(sent);
    },
    async arriveAt(heading) {
      const found = page.getByRole('heading', { level: 1, name: heading });
      await expect(found).toBeVisible();
      counts.screens.add((await found.textContent()) ?? '');
    },
    async tabTo(target, limit = 60) {
      for (let n = 0; n < limit; n += 1) {
        if (await target.evaluate((element) => element === document.activeElement)) return;
        await press('Tab');
      }
      throw new Error('the control could not be reached by Tab');
    },
  };
}
