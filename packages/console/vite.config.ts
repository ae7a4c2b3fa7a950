import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// biome-ignore lint/style/noDefaultExport: Vite reads it.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    // Nothing is put into the page itself: the policy under which it is served allows no data: and nothing inline.
    assetsInlineLimit: 0,
    manifest: true,
  },
});
