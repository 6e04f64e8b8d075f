import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  server: {
    port: 5173,
    proxy: { '/trpc': process.env['PROCTOR_URL'] ?? 'http://127.0.0.1:4000' },
  },
  // Assets stay files: a strict content security policy does not allow data: fonts and scripts.
  build: { outDir: 'dist', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
