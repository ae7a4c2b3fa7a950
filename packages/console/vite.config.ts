import { problemPages } from "@tether/protocol/document/problem-page";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { Config } from "./src/config.ts";

/**
 * The settings by which a deployment tells the page where it runs, as `/config.json`. Without it nothing is written: the local system answers
 * that path itself.
 */
function configFile(told: string | undefined): Plugin {
  const text = told && JSON.stringify(Config.parse(JSON.parse(told)));
  return {
    name: "config-file",
    generateBundle() {
      if (text) this.emitFile({ type: "asset", fileName: "config.json", source: text });
    },
    configureServer(server) {
      server.middlewares.use("/config.json", (_, response, next) => {
        if (text) response.setHeader("content-type", "application/json").end(text);
        else next();
      });
    },
  };
}

/** The pages about problems, to which the `type` of every refusal leads. */
const problemFiles: Plugin = {
  name: "problem-pages",
  generateBundle() {
    for (const [fileName, source] of Object.entries(problemPages())) this.emitFile({ type: "asset", fileName, source });
  },
};

// biome-ignore lint/style/noDefaultExport: Vite reads it.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), configFile(process.env.TETHER_CONSOLE_CONFIG), problemFiles],
  server: { port: 5173, strictPort: true },
  build: {
    // Nothing is put into the page itself: the policy under which it is served allows no data: and nothing inline.
    assetsInlineLimit: 0,
    manifest: true,
  },
});
