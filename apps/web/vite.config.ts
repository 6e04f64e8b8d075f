import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = process.env['PROCTOR_URL'] ?? 'http://127.0.0.1:4000'

export default defineConfig({
  plugins: [react()],
  server: {
    port: 5173,
    proxy: { '/trpc': server, '/export': server },
  },
  // Assets stay files: a strict content security policy does not allow data: fonts and scripts.
  build: { outDir: 'dist', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
