import { readFile } from 'node:fs/promises';
import type { Browser } from '@playwright/test';
import { z } from 'zod';
import { findChromium, quietFlags } from './chromium.ts';
import { StartFailure } from '../../shared/platform/start-failure.ts';

const operatorsSchema = z.object({
  training: z.object({ operators: z.array(z.object({ login: z.string(), password: z.string(), roles: z.array(z.string()) })) }),
});

/** Starts a headless Chromium; fails with CHROMIUM_MISSING where there is none. */
export async function launchCheckBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new StartFailure('CHROMIUM_MISSING', { address: '' });
  const { chromium } = await import('@playwright/test');
  return chromium.launch({ executablePath, args: [...quietFlags, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])] });
}

/**
 * Opens the screen in the browser, signs the first training registrar in by keyboard, waits for the first usable page and closes the
 * browser. Answers the milliseconds of each part.
 */
export async function checkFirstScreen(browser: Browser, address: string, configPath: string): Promise<Record<string, number>> {
  const { training } = operatorsSchema.parse(JSON.parse(await readFile(configPath, 'utf8')));
  const registrar = training.operators.find((operator) => operator.roles.includes('registrar'));
  if (registrar === undefined) throw new StartFailure('CONFIG_INCOMPLETE', { gaps: 'training.operators' });

  const parts: Record<string, number> = {};
  let markedAt = performance.now();
  const mark = (name: string) => {
    parts[name] = performance.now() - markedAt;
    markedAt = performance.now();
  };
  try {
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await page.goto(address);
    const login = page.getByRole('textbox', { name: 'İstifadəçi adı' });
    await login.waitFor();
    mark('screen');
    await login.focus();
    await page.keyboard.type(registrar.login);
    await page.keyboard.press('Tab');
    await page.keyboard.type(registrar.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Bu gün' }).waitFor();
    mark('signIn');
    return parts;
  } finally {
    await browser.close();
  }
}
