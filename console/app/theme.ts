import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Deep water: the one colour of our own. */
const harbor: MantineColorsTuple = [
  '#e8f7fa',
  '#d6ebf0',
  '#aed6df',
  '#83c0ce',
  '#60adbf',
  '#4aa2b6',
  '#3a96ab',
  '#2a8095',
  '#1b7083',
  '#0b5d70',
];

export const theme = createTheme({
  colors: { harbor },
  primaryColor: 'harbor',
  primaryShade: { light: 8, dark: 7 },
  defaultRadius: 'md',
  fontFamily:
    "Inter, -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'SF Mono', 'Cascadia Code', 'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
});
