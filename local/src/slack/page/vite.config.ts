import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { nameToEmoji } from 'gemoji';
import { defineConfig, type Plugin } from 'vite';

/** Ships only the names of the emoji, 45 kB instead of the 350 kB with tags and descriptions. */
const emojiNamesOnly: Plugin = {
  name: 'emoji-names-only',
  enforce: 'pre',
  resolveId: (source) => (source === 'gemoji' ? '\0emoji-names' : null),
  load: (id) =>
    id === '\0emoji-names'
      ? `export const nameToEmoji = JSON.parse(${JSON.stringify(JSON.stringify(nameToEmoji))});`
      : null,
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [emojiNamesOnly, react()],
  build: {
    outDir: fileURLToPath(new URL('../../../build/slack-page', import.meta.url)),
    emptyOutDir: true,
    // A data: URL for a small asset would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
