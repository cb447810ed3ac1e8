import { vitePlugin as remix } from '@remix-run/dev';
import mantine from 'postcss-preset-mantine';
import { defineConfig, type Plugin } from 'vite';

/**
 * Takes each icon from its own file. The package's one entry leads to some 6,000 modules, which a build reads before it
 * drops them: half a minute instead of a few seconds.
 */
function singleIcons(): Plugin {
  const imports = /import\s*\{([^}]*)\}\s*from\s*['"]@tabler\/icons-react['"];?/g;
  return {
    name: 'single-icons',
    enforce: 'pre',
    transform(code) {
      if (!code.includes('@tabler/icons-react')) return null;
      const single = code.replace(imports, (_all, names: string) =>
        names
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '')
          .map((name) => `import ${name} from '@tabler/icons-react/dist/esm/icons/${name}.mjs';`)
          .join(''),
      );
      return { code: single, map: null };
    },
  };
}

export default defineConfig({
  plugins: [
    singleIcons(),
    remix({
      serverModuleFormat: 'esm',
      future: {
        v3_fetcherPersist: true,
        v3_lazyRouteDiscovery: true,
        v3_relativeSplatPath: true,
        v3_routeConfig: true,
        v3_singleFetch: true,
        v3_throwAbortReason: true,
      },
    }),
  ],
  css: { postcss: { plugins: [mantine()] } },
  ssr: { noExternal: ['@tabler/icons-react'] },
});
