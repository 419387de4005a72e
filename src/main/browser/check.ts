import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { findChromium, quietFlags } from './chromium.ts';
import { StartFailure } from '../shell.ts';

const operatorsSchema = z.object({
  training: z.object({ operators: z.array(z.object({ login: z.string(), password: z.string(), roles: z.array(z.string()) })) }),
});

/**
 * Opens the screen in a headless Chromium, signs the first training registrar in by keyboard and waits for the first usable page. Answers the
 * milliseconds of each part. Fails with CHROMIUM_MISSING where there is no browser.
 */
export async function checkFirstScreen(address: string, configPath: string): Promise<Record<string, number>> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new StartFailure('CHROMIUM_MISSING', { address });
  const { training } = operatorsSchema.parse(JSON.parse(await readFile(configPath, 'utf8')));
  const registrar = training.operators.find((operator) => operator.roles.includes('registrar'));
  if (registrar === undefined) throw new StartFailure('CONFIG_INCOMPLETE', { gaps: 'training.operators' });

  const parts: Record<string, number> = {};
  let markedAt = performance.now();
  const mark = (name: string) => {
    parts[name] = performance.now() - markedAt;
    markedAt = performance.now();
  };
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch({ executablePath, args: [...quietFlags, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])] });
  mark('browser');
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
