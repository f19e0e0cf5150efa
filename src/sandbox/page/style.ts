import { Html } from './html.ts';

/** Sizes: 12, 14, 18 and 24 px of text, steps of 4 px between. Every colour of text has a contrast of 4.5 and more. */
export const STYLE = new Html(`
:root { color-scheme: light dark; --ink: light-dark(#1c2330, #e6e9ef); --paper: light-dark(#fff, #14181f);
  --raised: light-dark(#f6f7f9, #1b2029); --muted: light-dark(#566072, #a3adbd); --line: light-dark(#dde2ea, #303846);
  --edge: light-dark(#8a94a6, #6b7688); --link: light-dark(#1f5fbf, #8ab8ff); --good: light-dark(#176f31, #6fd08c);
  --bad: light-dark(#b3202b, #ff9a9a); --slow: light-dark(#805500, #e8bd62); }
* { box-sizing: border-box; }
body { background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; margin: 0; }
header { background: var(--raised); border-bottom: 1px solid var(--line); }
nav { display: flex; flex-wrap: wrap; gap: 4px 20px; }
header nav { margin: 0 auto; max-width: 1200px; padding: 12px 20px; }
header a { font-weight: 600; text-decoration: none; }
header a[aria-current] { color: var(--ink); text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 6px; }
.refresh { margin-left: auto; }
.skip { left: -999px; position: absolute; }
.skip:focus { background: var(--paper); left: 8px; padding: 4px 8px; top: 8px; }
main { margin: 0 auto; max-width: 1200px; padding: 24px 20px 64px; }
section { margin-top: 32px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { font-size: 18px; line-height: 1.25; margin: 0 0 8px; }
.note { color: var(--muted); font-size: 14px; font-weight: 400; margin-left: 8px; }
p { margin: 4px 0; }
a { color: var(--link); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.muted { color: var(--muted); }
.counts { display: grid; gap: 8px; grid-template-columns: repeat(auto-fill, minmax(128px, 1fr)); list-style: none; margin: 16px 0 0; padding: 0; }
.counts li { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; }
.counts a { display: block; }
.counts b { color: var(--ink); display: block; font-size: 18px; font-variant-numeric: tabular-nums; }
form { margin: 8px 0; }
.line { align-items: center; display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
input, button, textarea { background: var(--paper); border: 1px solid var(--edge); border-radius: 6px; color: inherit; font: inherit;
  max-width: 100%; padding: 4px 12px; }
input[type=checkbox] { margin: 4px 0 0; }
input[type=number] { width: 88px; }
textarea { display: block; font: 12px/1.5 ui-monospace, monospace; margin: 4px 0 8px; padding: 8px 12px; width: 100%; }
button { background: var(--raised); cursor: pointer; font-weight: 600; }
.danger { border-color: var(--bad); color: var(--bad); }
fieldset { border: 1px solid var(--line); border-radius: 8px; margin: 8px 0; padding: 8px 16px 12px; }
legend { color: var(--muted); padding: 0 4px; }
.options { display: grid; gap: 8px 24px; grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr)); }
.options div { align-items: start; display: flex; gap: 8px; }
.options label { overflow-wrap: anywhere; }
.told { background: var(--raised); border-left: 4px solid; border-radius: 4px; margin: 12px 0; overflow-wrap: anywhere; padding: 8px 12px; }
.pages { margin-top: 12px; }
.charts { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr)); }
figure { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; margin: 0; padding: 12px; }
svg { display: block; height: 64px; margin-top: 8px; width: 100%; }
.asked { fill: var(--link); } .idle { fill: var(--line); } .refused { fill: var(--bad); }
.scroll { overflow-x: auto; }
caption { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 6px 16px 6px 0; text-align: left; vertical-align: top; }
th { color: var(--muted); font-weight: 600; white-space: nowrap; }
td { font-variant-numeric: tabular-nums; max-width: 640px; overflow-wrap: anywhere; unicode-bidi: isolate; }
time { white-space: nowrap; }
.field { display: inline-block; margin-right: 16px; max-width: 100%; }
.text { white-space: pre-line; }
code, pre { font: 12px/1.5 ui-monospace, monospace; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; margin: 4px 0; max-height: 480px; overflow: auto;
  overflow-wrap: anywhere; padding: 12px; white-space: pre-wrap; }
iframe { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; display: block; height: 160px; width: 100%; }
.good { color: var(--good); } .bad { color: var(--bad); } .slow { color: var(--slow); }
@media (max-width: 600px) {
  table, tbody, tr, td { display: block; max-width: none; }
  thead { display: none; }
  tr { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; margin-bottom: 12px; padding: 8px 12px; }
  td { border: 0; padding: 2px 0; }
  td:empty { display: none; }
  td::before { color: var(--muted); content: attr(data-name); display: block; font-size: 12px; }
}
`);
