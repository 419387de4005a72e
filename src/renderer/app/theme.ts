import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Blue of the main action, darkened so that white on it and it on white hold 4.5 : 1 in both schemes. */
const accent: MantineColorsTuple = [
  '#eef4fb',
  '#d9e6f5',
  '#b3cdeb',
  '#8ab2e0',
  '#5f93d1',
  '#3d78bd',
  '#1f5fa8',
  '#1a5190',
  '#154377',
  '#0f345e',
];

export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  fontFamily: "'Noto Sans Variable', 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'DejaVu Sans Mono', 'Cascadia Mono', Consolas, monospace",
  fontSizes: { xs: '0.875rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  defaultRadius: 4,
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs', autoComplete: 'off', spellCheck: false } },
    PasswordInput: { defaultProps: { size: 'xs', autoComplete: 'off' } },
    Textarea: { defaultProps: { size: 'xs', autoComplete: 'off', spellCheck: false } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    // Dialogs and notices live inside the work area, so that the lock screen hides them with it.
    Portal: { defaultProps: { target: '#layers' } },
  },
});

const readable = {
  '--mantine-color-error': 'var(--q-stop)',
  '--mantine-color-dimmed': 'var(--q-quiet)',
  '--mantine-color-placeholder': 'var(--q-quiet)',
};
/** The library's own red and greys fail 4.5 : 1 at this size; ours stand in `theme.css` for both schemes. */
export const readableColours: CSSVariablesResolver = () => ({ variables: {}, light: readable, dark: readable });
