/** How long what the Analytics API took in may need before REST shows it: seconds, sometimes minutes (Census docs). */
export const VISIBILITY_WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
