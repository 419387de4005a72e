import { MantineProvider } from '@mantine/core';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { ActionButton } from './main-button.tsx';

function buttonOf(state: { readonly isBusy?: boolean; readonly isDisabled?: boolean }): string {
  const button = createElement(ActionButton, { label: 'Göndər', onRun: () => undefined, reason: 'Sahələr doldurulmayıb', ...state });
  return renderToStaticMarkup(createElement(MantineProvider, { forceColorScheme: 'light' }, button));
}

it('a busy main action keeps its word and its colours and says that it works', () => {
  const busy = buttonOf({ isBusy: true });
  expect(busy).toContain('aria-busy="true"');
  expect(busy).toContain('Göndər');
  expect(busy).not.toContain('not-allowed');
  expect(busy).not.toContain('Sahələr doldurulmayıb');
});

it('a main action that is not possible looks it and says why', () => {
  const off = buttonOf({ isDisabled: true });
  expect(off).toContain('aria-disabled="true"');
  expect(off).not.toContain('aria-busy');
  expect(off).toContain('not-allowed');
  expect(off).toContain('Sahələr doldurulmayıb');
});
