"""What stands around the claims on their page: style, head, how to read them."""

from string import Template

PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Claims, study $study</title>
<style>
:root { color-scheme: light dark; --ink: #1d2125; --soft: #5b6470; --paper: #fff;
  --rim: #d8dde3; --holds: #17702f; --fails: #b3261e; --open: #5b6470;
  --tint: #d9efdf; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a7b0ba;
  --paper: #16191d; --rim: #3a4149; --holds: #6fd08c; --fails: #ff8a80;
  --open: #a7b0ba; --tint: #1f3d29; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.2rem; max-width: 56rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.45 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .6rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0; flex: 1 1 16rem; }
p { margin: .4rem 0; }
a { color: inherit; }
.counts { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.5rem;
  padding: 0; margin: .6rem 0; }
.counts b { font-size: 1.4rem; }
nav { display: flex; flex-wrap: wrap; gap: .35rem; margin-bottom: .8rem; }
nav a { border: 1px solid; border-radius: .3rem; padding: .15rem .45rem;
  text-decoration: none; font-size: .85rem; min-width: 3.8rem; text-align: center; }
.holds .verdict, nav .holds, .counts .holds { color: var(--holds); }
.fails .verdict, nav .fails, .counts .fails { color: var(--fails); }
.open .verdict, nav .open, .counts .open { color: var(--open); }
nav .open { border-style: dashed; }
article { border: 1px solid var(--rim); border-left: .35rem dotted var(--open);
  border-radius: .4rem; padding: .8rem 1rem; margin: .7rem 0; }
article.holds { border-left: .35rem solid var(--holds); }
article.fails { border-left: .35rem double var(--fails); }
article header { display: flex; flex-wrap: wrap; gap: .2rem 1rem;
  align-items: baseline; }
article header a { text-decoration: none; color: var(--soft); margin-right: .3rem; }
.verdict { font-weight: 700; margin: 0; white-space: nowrap; }
.slide { color: var(--soft); font-style: italic; font-size: .92rem; }
svg { display: block; width: 100%; max-width: 26rem; margin: .6rem 0 .2rem; }
svg text { font-size: 11px; fill: var(--soft); }
.asked { fill: var(--tint); }
.axis { stroke: var(--rim); }
.bound { stroke: var(--soft); stroke-dasharray: 3 2; }
.interval { stroke: var(--ink); stroke-width: 1.6; fill: none; }
.value { fill: var(--ink); }
.mark { fill: none; stroke: var(--ink); stroke-width: 1.4; }
dl { display: grid; grid-template-columns: 5rem 1fr; gap: .15rem .6rem;
  margin: .4rem 0; font-size: .92rem; }
dt { color: var(--soft); }
dd { margin: 0; }
.tag { border: 1px solid var(--rim); border-radius: .25rem; padding: 0 .3rem;
  font-size: .8rem; }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
details { font-size: .9rem; color: var(--soft); }
details ul { padding-left: 1.2rem; overflow-wrap: anywhere; }
@media (max-width: 34rem) { body { padding: .8rem; }
  article dl { grid-template-columns: 1fr; gap: 0; }
  article dd { margin-bottom: .35rem; } }
</style>
</head>
<body>
<header>
<h1>What the papers claim, and what the study $study says</h1>
<p>Each verdict is about this study alone: its nets, recipes and images ($datasets).
That a claim does not hold here does not make it wrong where the paper makes it.
Verdicts follow from files by the rules below, not from looking at pictures.</p>
<ul class="counts">$counts</ul>
<details><summary>How to read this</summary>
<p>A dot is the value, a bar its interval, a diamond the paper's number; what is claimed
is tinted, its bound dashed. Where samples are cases that differ (nets, pairs, budgets),
the value is their median and the interval their range: a claim holds if it does in
every case, and does not if it does in none. Where they are repetitions (seeds), the
value is the mean and the interval that of Student's t, at 95 %; of a rank correlation
it is that of Bonett and Wright. Samples that share a net are not independent: several
directions or curves of the same nets count as one, and enter a mean by theirs. Fewer
independent samples than the rule asks for decide nothing. A net whose training loss
ended above $trained was never trained.</p>
<dl>$tags</dl></details>
<p>Back to the <a href="index.html">figures and tables of this study</a>. The same as a
table: <a href="claims.csv">claims.csv</a>.</p>
</header>
<main>$sections</main>
</body>
</html>
""")
