/** The style sheet of the API page: system fonts, one column, light and dark mode by the system setting. */
export const docsStyle = `:root { color-scheme: light dark; --ink: #1c2330; --soft: #566074; --line: #d9dee7; --paper: #ffffff; --tint: #f3f5f9; --accent: #2456c8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --soft: #a5aec0; --line: #343c4b; --paper: #14181f; --tint: #1d232d; --accent: #8fb4ff; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 6rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; }
h1 small { color: var(--soft); font-size: 1rem; font-weight: 400; }
h2 { font-size: 1.5rem; margin: 3rem 0 1rem; padding-bottom: .25rem; border-bottom: 2px solid var(--line); }
h3 { font-size: 1.05rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
a:focus-visible, .wide:focus-visible, pre:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; list-style: none; margin: 1rem 0 0; padding: 0; }
article { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 0 0 1rem; }
article p { margin: 0 0 .75rem; color: var(--soft); }
code { font: .9em ui-monospace, monospace; background: var(--tint); border-radius: .25rem; padding: .1em .3em; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .35rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; min-width: 0; }
ul.shape { list-style: none; margin: .15rem 0 .15rem .4rem; padding: 0 0 0 .8rem; border-left: 1px solid var(--line); }
small, .about { color: var(--soft); }
pre { margin: .15rem 0; max-height: 18rem; overflow: auto; padding: .5rem .75rem; background: var(--tint); border-radius: .25rem; font-size: .85rem; }
pre code { background: none; padding: 0; overflow-wrap: normal; }
.wide { overflow-x: auto; margin: 0 0 .75rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
.method { display: inline-block; min-width: 4.2rem; font: 700 .8rem ui-monospace, monospace; color: var(--accent); }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
`;
