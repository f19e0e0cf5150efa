import { Html } from './html.ts';

export const STYLE = new Html(`
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1.25rem; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; }
.muted { opacity: .65; }
.counts { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; margin: 1.25rem 0 0; padding: 0; }
.counts li { border: 1px solid var(--line); border-radius: .5rem; min-width: 6.5rem; padding: .5rem .8rem; }
.counts b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .75rem .3rem 0; text-align: left; vertical-align: top; }
th { font-weight: 600; opacity: .65; }
td { max-width: 28rem; overflow-wrap: anywhere; unicode-bidi: isolate; }
code { font: 12px/1.5 ui-monospace, monospace; }
.good { color: #1a7f37; } .bad { color: #cf222e; } .slow { color: #9a6700; }
`);
