import { Html } from './html.ts';

export const STYLE = new Html(`
:root { color-scheme: light dark; --ink: light-dark(#1c2330, #e6e9ef); --paper: light-dark(#fff, #14181f);
  --muted: light-dark(#566072, #a3adbd); --line: light-dark(#dde2ea, #303846); --link: light-dark(#1f5fbf, #8ab8ff);
  --good: light-dark(#176f31, #6fd08c); --bad: light-dark(#b3202b, #ff9a9a); --slow: light-dark(#805500, #e8bd62); }
* { box-sizing: border-box; }
body { background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; margin: 0; }
main { margin: 0 auto; max-width: 76rem; padding: 2rem 1.25rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h2 .muted { font-size: .875rem; font-weight: 400; }
p { margin: .25rem 0; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.muted { color: var(--muted); }
.counts { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; margin: 1.25rem 0; padding: 0; }
.counts li { border: 1px solid var(--line); border-radius: .5rem; min-width: 6.5rem; padding: .5rem .8rem; }
.counts b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
form { align-items: center; display: flex; flex-wrap: wrap; gap: .5rem; }
input, button { background: var(--paper); border: 1px solid var(--muted); border-radius: .375rem; color: inherit; font: inherit;
  max-width: 100%; padding: .3rem .7rem; }
.pages { display: flex; gap: 1rem; margin-top: .5rem; }
.scroll { overflow-x: auto; }
caption { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top; }
th { color: var(--muted); font-weight: 600; }
td { max-width: 28rem; overflow-wrap: anywhere; unicode-bidi: isolate; }
code { font: 12px/1.5 ui-monospace, monospace; }
.good { color: var(--good); } .bad { color: var(--bad); } .slow { color: var(--slow); }
@media (max-width: 600px) {
  table, tbody, tr, td { display: block; max-width: none; }
  thead { display: none; }
  tr { border: 1px solid var(--line); border-radius: .5rem; margin-bottom: .75rem; padding: .5rem .75rem; }
  td { border: 0; padding: .15rem 0; }
  td::before { color: var(--muted); content: attr(data-name); display: block; font-size: 12px; }
}
`);
