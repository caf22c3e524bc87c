import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page, as it lies in the package. Nothing of it is taken from another host, and no script stands in its HTML. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2023',
    // Small files as `data:` addresses would be refused by the page's policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: `${import.meta.dirname}/index.html`, sw: `${import.meta.dirname}/worker/sw.ts` },
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
});
