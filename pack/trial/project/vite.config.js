export default { base: "./", logLevel: "error", build: { rolldownOptions: { input: ["react.html", "embed.html"] } } };
