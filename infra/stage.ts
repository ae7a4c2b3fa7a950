/** Production keeps its data and is watched. Every other stage is somebody's own: cheap, and gone without a trace when removed. */
export const isProduction = $app.stage === "production";

export const logRetention = { days: isProduction ? 90 : 7, name: isProduction ? "3 months" : "1 week" } as const;
